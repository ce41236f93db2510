"""Where text is printed: at most 100 columns; rules and emphasis on a terminal, plain where it is read by a program."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.box import Box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

__all__ = ["Column", "Page", "console_for", "is_rich"]

_WIDTH = 100


def _head_rule(rule: str) -> Box:
    blank = "    \n"
    return Box(blank * 2 + f" {rule * 2} \n" + blank * 5, ascii=rule.isascii())


@dataclass(frozen=True)
class Column:
    """The head of a column; numbers are set to the right."""

    title: str
    is_number: bool = True


def is_rich(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a stream is a terminal that wants more than plain text."""
    if not stream.isatty() or environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return (stream.encoding or "").lower().replace("-", "") == "utf8"


class _Console(Console):
    """A console whose reader may go away: the caller decides what that means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console_for(stream: TextIO, environment: Mapping[str, str] = os.environ) -> Console:
    """A console for the report: emphasis and rules only where :func:`is_rich` says so."""
    rich = is_rich(stream, environment)
    console = _Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        no_color=not rich,
        color_system="standard" if rich else None,
        force_terminal=rich,
        legacy_windows=False,
    )
    # A program that reads the report gets it in its full width.
    console.width = min(_WIDTH, console.width) if stream.isatty() else _WIDTH
    return console


class Page:
    """Titles, facts and tables, one below the other."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._is_rich = console.is_terminal
        self._rule = _head_rule("\u2500" if self._is_rich else "-")

    def _print(self, what: RenderableType) -> None:
        # Rich fills cells with blanks, which end lines in a file.
        with self._console.capture() as captured:
            self._console.print(Padding(what, (0, 0, 0, 2), expand=False))
        for line in captured.get().splitlines():
            self._console.out(line.rstrip(), highlight=False)

    def title(self, text: str, aside: str = "") -> None:
        """A heading, and what it is about."""
        line = Text(text, style="bold" if self._is_rich else "")
        if aside:
            line.append(f"  {aside}", style="not bold dim" if self._is_rich else "")
        self._console.print()
        self._console.print(line)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Names and values."""
        grid = Table.grid(padding=(0, 3, 0, 0))
        grid.add_column(no_wrap=True, style="dim" if self._is_rich else "", min_width=20)
        grid.add_column(overflow="fold")
        for name, value in facts:
            grid.add_row(Text(name), Text(value))
        self._print(grid)

    def lines(self, lines: Sequence[str]) -> None:
        """Sentences."""
        for line in lines:
            self._print(Text(line))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """A head and rows."""
        table = Table(
            box=self._rule,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="dim" if self._is_rich else "",
        )
        has_tall_head = any("\n" in column.title for column in columns)
        for column in columns:
            table.add_column(
                Text(column.title),
                justify="right" if column.is_number else "left",
                vertical="bottom" if has_tall_head else "top",
                overflow="fold",
                no_wrap=column.is_number,
            )
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self._print(table)
