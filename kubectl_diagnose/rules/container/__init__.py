"""Rules: container."""
