"""How much may be asked, and what was."""

import time

from msgspec import Struct, field


class Progress(Struct, frozen=True):
    """Told after each answer: the round, and how many requests of how many have been answered."""

    round: int
    answered: int
    asked: int


class Budget(Struct):
    """The most requests and seconds that a collection may take, and the threads that send; counts what was used."""

    requests: int = 400
    seconds: float = 30.0
    threads: int = 8
    timeout: float = 10.0
    rounds: int = 8
    request_count: int = 0
    round_seconds: list[float] = []
    _started: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Begin to count the time."""
        self._started = time.monotonic()

    @property
    def left(self) -> float:
        """Seconds that are left; never below 0."""
        return max(0.0, self._started + self.seconds - time.monotonic())

    @property
    def requests_left(self) -> int:
        """Requests that are left."""
        return max(0, self.requests - self.request_count)
