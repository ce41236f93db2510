"""Progress of long work on the error stream: only on a terminal, only when it takes long, gone when done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

__all__ = ["Steps"]

# Work that is over sooner needs no bar.
_QUIET_SECONDS = 1.0


class Steps:
    """Named steps, one after the other. A context manager; call it with the title of the next step.

    Parameters
    ----------
    console : Console or None
        Where the bar is drawn; None: nowhere.
    quiet_seconds : float
        How long the work may take before a bar appears.
    """

    def __init__(self, console: Console | None, quiet_seconds: float = _QUIET_SECONDS) -> None:
        self._bar = None if console is None else _bar_on(console)
        self._task = None if self._bar is None else self._bar.add_task("", total=None)
        self._timer = threading.Timer(quiet_seconds, self._show)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._is_over = False

    def __enter__(self) -> Steps:
        if self._bar is not None:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._bar is not None:
                self._bar.stop()

    def __call__(self, title: str) -> Callable[[float], object]:
        """Begins a step; the result is told the share of it that is done, in [0, 1]."""
        if self._bar is not None and self._task is not None:
            # Without a total the bar pulses: how long it takes is not known yet.
            self._bar.reset(self._task, total=None, description=title)
        return self._tell

    def _tell(self, done: float) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=1.0, completed=done)

    def _show(self) -> None:
        with self._lock:
            if self._bar is not None and not self._is_over:
                self._bar.start()


def _bar_on(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
