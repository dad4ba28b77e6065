"""A few threads that carry out requests, and do not keep the program from ending."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_parallel(work: Callable[[T], R], tasks: Sequence[T], threads: int) -> Iterator[R]:
    """
    Yield what becomes of each task, in the order in which they end.

    The threads are daemons: where the caller stops early, requests that are on their way are abandoned.
    """
    if len(tasks) <= 1 or threads <= 1:
        yield from map(work, tasks)
        return
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    done: queue.SimpleQueue[R] = queue.SimpleQueue()
    for task in tasks:
        waiting.put(task)

    def run() -> None:
        while True:
            try:
                task = waiting.get_nowait()
            except queue.Empty:
                return
            done.put(work(task))

    for _ in range(min(threads, len(tasks))):
        threading.Thread(target=run, daemon=True).start()
    for _ in tasks:
        yield done.get()
