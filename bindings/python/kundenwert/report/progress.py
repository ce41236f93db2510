"""Progress of long work on the error stream: only on a terminal, only when it takes long, gone when done."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

__all__ = ["Steps"]

# Work that is over sooner needs no bar.
_QUIET_SECONDS = 1.0


class Steps:
    """Named steps, one after the other. A context manager; call it with the title of the next step."""

    def __init__(self, console: Console | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._begun = clock()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._title = ""

    def __enter__(self) -> Steps:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, title: str) -> Callable[[float], object]:
        """Begins a step; the result is told the share of it that is done, in [0, 1]."""
        self._title = title
        self._tell(0.0)
        return self._tell

    def _tell(self, done: float) -> None:
        if self._console is None:
            return
        if self._bar is None:
            if self._clock() - self._begun < _QUIET_SECONDS:
                return
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=30),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task(self._title, total=1.0)
            self._bar.start()
        if self._task is not None:
            self._bar.update(self._task, description=self._title, completed=done)
