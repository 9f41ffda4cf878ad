"""Show a running solve on stderr: a live line on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.markup import escape

from capplan import wording
from capplan.results.status import Progress
from capplan.solver.watching import OnProgress


@contextmanager
def show_progress(
    stream: TextIO | None = None,
    *,
    doing: str = "Solving",
    quiet: bool = False,
    every: float = 5.0,
    number: Callable[[float], str] | None = None,
) -> Iterator[OnProgress]:
    """Give a callback that shows the Progress it is called with on `stream` (default stderr), never stdout.

    every: seconds between two plain lines. number: how to write an objective (default: whole pounds).
    quiet: nothing is shown.
    """
    console = Console(file=sys.stderr if stream is None else stream)
    write = number or wording.pounds
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with console.status(escape(doing)) as status:
            yield lambda progress: status.update(escape(f"{doing}  {describe(progress, write)}"))
    else:
        yield _plain_lines(console, doing, every, write)


def describe(progress: Progress, number: Callable[[float], str] = wording.pounds) -> str:
    """`75 s  best plan £1,020,000  bound £1,000,000  gap 1.96%`."""
    parts = [wording.seconds(round(progress.seconds))]
    parts.append("no plan yet" if progress.objective is None else f"best plan {number(progress.objective)}")
    if progress.bound is not None:
        parts.append(f"bound {number(progress.bound)}")
    if progress.gap is not None:
        parts.append(f"gap {wording.share(progress.gap, 2)}")
    return "  ".join(parts)


def _plain_lines(
    console: Console, doing: str, every: float, number: Callable[[float], str]
) -> Callable[[Progress], None]:
    """Lines at least `every` seconds of solving apart."""
    shown_at = 0.0

    def show(progress: Progress) -> None:
        nonlocal shown_at
        if progress.seconds < shown_at:  # another run has begun
            shown_at = 0.0
        if progress.seconds - shown_at >= every:
            shown_at = progress.seconds
            text = f"{doing}  {describe(progress, number)}"
            console.print(text, markup=False, highlight=False, soft_wrap=True)

    return show
