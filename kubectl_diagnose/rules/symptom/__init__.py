"""Rules: symptom."""
