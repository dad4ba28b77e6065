"""Rules: quota."""
