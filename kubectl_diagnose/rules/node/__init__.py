"""Rules: node."""
