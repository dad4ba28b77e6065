"""kubectl diagnose: why a workload is broken, the proof, and the command that repairs it."""

__version__ = "0.1.0"
