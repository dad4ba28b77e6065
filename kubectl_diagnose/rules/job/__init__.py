"""Rules: job."""
