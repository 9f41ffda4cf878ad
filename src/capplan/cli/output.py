"""How a command answers: text for people, JSON or CSV for programs; notes, progress and errors on stderr."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from capplan.errors import CapplanError, InvalidInstance, Problem, Severity

SHOWN = 50
FEW = 3


if TYPE_CHECKING:
    import pandas as pd

    from capplan.sections import Section

Command = Callable[..., Any]
FORMATS = ("text", "json", "csv")


@dataclass(frozen=True)
class Output:
    """What the user asked of the answer: its format, and how much is said beside it."""

    format: str = "text"
    is_quiet: bool = False
    is_verbose: bool = False

    def note(self, text: str) -> None:
        """Something worth knowing beside the answer, on stderr; quiet: nothing."""
        if not self.is_quiet:
            click.echo(text, err=True)

    def answer(
        self, sections: Callable[[], tuple[Section, ...]], table: pd.DataFrame, document: Any = None
    ) -> None:
        """Prints the answer on stdout: the sections as text, the table as CSV, the document (or table) as JSON."""
        if self.format == "json":
            click.echo(as_json(table if document is None else document))
        elif self.format == "csv":
            click.echo(as_csv(table), nl=False)
        else:
            from capplan.cli.text import show

            show(sections())


def says_more(command: Command) -> Command:
    """Adds -q and -v; the command gets them as `output`."""

    @click.option("-q", "--quiet", "is_quiet", is_flag=True, help="No progress and no notes on stderr.")
    @click.option("-v", "--verbose", "is_verbose", is_flag=True, help="Say more: every warning, every stage.")
    @functools.wraps(command)
    def with_output(*, is_quiet: bool, is_verbose: bool, **parameters: Any) -> Any:
        return command(output=Output("text", is_quiet, is_verbose), **parameters)

    return with_output


def answers(command: Command) -> Command:
    """Adds --format, -q and -v; the command gets them as `output`."""

    @click.option(
        "--format",
        "answer_format",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="Text for people, or JSON or CSV for programs, on stdout.",
    )
    @says_more
    @functools.wraps(command)
    def with_format(*, answer_format: str, output: Output, **parameters: Any) -> Any:
        return command(output=replace(output, format=answer_format), **parameters)

    return with_format


def as_json(document: Any) -> str:
    """A document of numbers, text, lists, mappings and frames as JSON; empty cells are null, infinity is never."""
    return json.dumps(_plain(document), indent=2, ensure_ascii=False)


def as_csv(table: pd.DataFrame) -> str:
    """A frame as CSV, without its index."""
    from capplan.results.columns import spelt

    infinite = float("inf")
    return str(spelt(table).replace(infinite, "never").to_csv(index=False, lineterminator="\n"))


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return [_plain(row) for row in value.to_dict("records")]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "never"
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def tell_error(error: CapplanError, *, is_verbose: bool) -> None:
    """One clear message; of an invalid instance every problem (the first fifty, all with -v)."""
    if isinstance(error, InvalidInstance):
        tell_problems(error.problems, None if is_verbose else SHOWN)
    else:
        click.echo(f"{click.style('Error', fg='red', bold=True)}: {error}", err=True)


def tell_problems(problems: Sequence[Problem], at_most: int | None) -> None:
    """The problems that stop, then how many there are."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    for problem in errors[:at_most]:
        click.echo(f"{click.style('error', fg='red', bold=True)}: {problem}", err=True)
    if at_most is not None and len(errors) > at_most:
        click.echo(f"… and {len(errors) - at_most} more (-v shows all)", err=True)
    number = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    click.echo(f"The instance has {number}; nothing was solved or written.", err=True)


def tell_warnings(problems: Sequence[Problem], *, is_verbose: bool) -> None:
    """How many warnings there are, and the first few (all with -v)."""
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    if not warnings:
        return
    shown = warnings if is_verbose else warnings[:FEW]
    for problem in shown:
        click.echo(f"{click.style('warning', fg='yellow')}: {problem}", err=True)
    if len(warnings) > len(shown):
        more = len(warnings) - len(shown)
        click.echo(
            f"… and {more} more {'warning' if more == 1 else 'warnings'} (capplan check shows all)", err=True
        )
