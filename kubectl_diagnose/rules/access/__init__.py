"""Rules: access."""
