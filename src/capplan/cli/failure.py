"""Errors as messages on stderr: one line, or all problems of an instance with their number."""

from __future__ import annotations

from collections.abc import Sequence

import click

from capplan.errors import CapplanError, InvalidInstance, Problem, Severity

SHOWN = 50
FEW = 3


def tell(error: CapplanError, *, is_verbose: bool) -> None:
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
