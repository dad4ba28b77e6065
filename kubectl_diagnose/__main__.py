"""The entry: starts talking to the cluster, where one is needed, before anything heavy is imported."""

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from kubectl_diagnose.answering import Connection


def main() -> int:
    """Run ``kubectl diagnose`` with the arguments of this process and return its exit status."""
    # Importing makes many objects that stay and none that go: looking for garbage meanwhile took a seventh of a run.
    gc.set_threshold(100_000, 20, 20)
    _restore_library_path()
    argv = sys.argv[1:]
    connection = None
    try:
        connection = _connect(argv)
        from kubectl_diagnose.cli import run

        return run(argv, connection)
    except KeyboardInterrupt:
        return 130
    finally:
        if connection and connection[0]:
            connection[0].stop()


def enter() -> NoReturn:
    """Run it as a program: to take the interpreter down in order would cost as much as the diagnosis itself."""
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # a closed pipe; what was to be said of it has been said
        pass
    os._exit(status)


def _connect(argv: list[str]) -> "Connection | None":
    """Start the proxy, and the reading of the context where its namespace is needed, for what only a cluster answers."""
    from kubectl_diagnose.collect.errors import UserError
    from kubectl_diagnose.flags import connection_flags, names_namespace, needs_cluster

    try:
        flags = connection_flags(argv)
    except UserError:  # the command line says it in its own time
        return None
    if not needs_cluster(argv):
        return None
    from kubectl_diagnose.collect import start_proxy, start_reading_context

    return start_proxy(flags), None if names_namespace(argv) else start_reading_context(flags)


def _restore_library_path() -> None:
    """Take back what a frozen build sets for itself, so that kubectl and its credential plugins do not inherit it."""
    if getattr(sys, "frozen", False):
        original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        os.environ.pop("LD_LIBRARY_PATH", None)
        if original is not None:
            os.environ["LD_LIBRARY_PATH"] = original


if __name__ == "__main__":
    enter()
