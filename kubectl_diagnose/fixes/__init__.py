"""From what a rule wants to a command that applies."""
