"""What a container does and did: the parts of its status."""

from datetime import datetime
from functools import cached_property

from kubectl_diagnose.model.view import View


class Waiting(View):
    """``state.waiting`` of a container."""

    @property
    def reason(self) -> str:
        """CrashLoopBackOff, ImagePullBackOff, CreateContainerConfigError …"""
        return self.text("reason")

    @property
    def message(self) -> str:
        """What the kubelet says about it."""
        return self.text("message")


class Running(View):
    """``state.running`` of a container."""

    @property
    def started_at(self) -> datetime | None:
        """When this run began."""
        return self.time_at("startedAt")


class Terminated(View):
    """A run of a container that has ended (``state.terminated`` or ``lastState.terminated``)."""

    @property
    def time(self) -> datetime | None:
        return self.finished_at

    @property
    def reason(self) -> str:
        """OOMKilled, Error, Completed, StartError, ContainerStatusUnknown …"""
        return self.text("reason")

    @property
    def message(self) -> str:
        """The termination message, or the runtime's error where the run never began."""
        return self.text("message")

    @property
    def exit_code(self) -> int:
        """The exit code; 128 + n where signal n ended it."""
        return self.number("exitCode", -1)

    @property
    def started_at(self) -> datetime | None:
        """When the run began; None where it never did (the runtime writes 1970 then)."""
        return self.time_at("startedAt")

    @property
    def finished_at(self) -> datetime | None:
        """When the run ended."""
        return self.time_at("finishedAt")

    @property
    def ran_for(self) -> float | None:
        """Seconds between start and end, or None where one is not known."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class ContainerStatus(View):
    """An item of ``status.containerStatuses`` (sorted by name, not in the order of the spec)."""

    @property
    def ready(self) -> bool:
        return self.flag("ready") is True

    @property
    def started(self) -> bool | None:
        """Whether the startup probe has passed; None where the status does not say."""
        return self.flag("started")

    @property
    def restart_count(self) -> int:
        return self.number("restartCount")

    @cached_property
    def waiting(self) -> Waiting | None:
        return self.part("state.waiting", Waiting) or None

    @cached_property
    def running(self) -> Running | None:
        return self.part("state.running", Running) if isinstance(self.value("state.running"), dict) else None

    @cached_property
    def terminated(self) -> Terminated | None:
        """The run that ended and was not followed by another."""
        return self.part("state.terminated", Terminated) or None

    @cached_property
    def last_exit(self) -> Terminated | None:
        """The newest run that ended: the present state where that is terminated, else lastState."""
        return self.terminated or self.part("lastState.terminated", Terminated) or None
