"""Rules: storage."""
