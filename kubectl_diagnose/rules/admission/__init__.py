"""Rules: admission."""
