"""Rules: image."""
