"""Objects that are never changed after they were made."""

from __future__ import annotations

import math
import os
from typing import Any, NoReturn, TypeVar

from numpy.typing import NDArray

__all__ = ["Frozen", "finite", "read_only", "thread_count"]


class Frozen:
    """Refuses assignment and deletion of attributes."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def _set(self, **attributes: object) -> None:
        for name, value in attributes.items():
            object.__setattr__(self, name, value)


_Array = TypeVar("_Array", bound=NDArray[Any])


def read_only(array: _Array) -> _Array:
    """The same array, which can no longer be written to."""
    array.setflags(write=False)
    return array


def finite(value: float | None) -> float | None:
    """The number, or None where there is none (nan)."""
    return float(value) if value is not None and math.isfinite(value) else None


def thread_count(threads: int | None) -> int:
    """Threads to use: as many as this process has cores where nothing is said."""
    if threads is not None:
        return int(threads)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
