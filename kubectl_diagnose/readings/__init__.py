"""What one observation means: decision tables that rules share."""
