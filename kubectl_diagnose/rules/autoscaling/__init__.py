"""Rules: autoscaling."""
