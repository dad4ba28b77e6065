"""What the numbers mean with which programs end."""

_CODES = {
    0: "the program ended normally",
    1: "the program reported an error",
    2: "the program reported wrong use, or is a Go program that panicked",
    3: "the program reported an error",
    64: "wrong command line arguments",
    65: "wrong input data",
    66: "an input file could not be read",
    69: "a service that it needs is not available",
    70: "an internal error of the program",
    71: "an operating system error",
    73: "an output file could not be made",
    74: "an input or output error",
    77: "a permission is missing",
    78: "wrong configuration",
    125: "the wrapper that starts the program failed",
    126: "the shell found the command and could not execute it",
    127: "the shell did not find the command, or the loader a library",
    128: "the program never ran",
    255: "the program reported -1, or could not be executed",
}
_SIGNALS = {
    1: ("SIGHUP", "it was told to hang up"),
    2: ("SIGINT", "it was interrupted"),
    3: ("SIGQUIT", "it was told to quit"),
    4: ("SIGILL", "it ran an instruction that the processor does not have"),
    5: ("SIGTRAP", "it ran into a trap"),
    6: ("SIGABRT", "it aborted itself"),
    7: ("SIGBUS", "it used memory that is not backed, often a full /dev/shm"),
    8: ("SIGFPE", "it made an arithmetic error"),
    9: ("SIGKILL", "it was killed"),
    11: ("SIGSEGV", "it used memory that is not its own"),
    13: ("SIGPIPE", "it wrote where nobody reads"),
    15: ("SIGTERM", "it was told to end"),
    24: ("SIGXCPU", "it used more CPU time than its ulimit"),
    25: ("SIGXFSZ", "it wrote a larger file than its ulimit"),
    31: ("SIGSYS", "it made a system call that seccomp forbids"),
}


def meaning(code: int) -> str:
    """Return in words what an exit code means."""
    name, words = _SIGNALS.get(code - 128, ("", ""))
    if name:
        return f"{name}: {words}"
    if 128 < code < 160:
        return f"signal {code - 128}"
    return _CODES.get(code, "the program reported an error")
