"""The report, in each of its forms."""
