"""Rules: rollout."""
