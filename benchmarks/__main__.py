"""The command line of the benchmarks: Markdown tables on stdout, progress on stderr."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console

from benchmarks import commands, congestion, explain, gaps, gaps_report, growth, handover, overhead
from benchmarks.page import PAGE, machine, write_sections

SEEDS, SECONDS = 5, 120.0
CONGESTION_SECONDS = 600.0
PARTS = ("commands", "handover", "overhead", "growth", "gaps", "congestion", "explain")


@click.command()
@click.argument("part", type=click.Choice([*PARTS, "all"]), default="all")
@click.option("--write", "writes", is_flag=True, help="Write the tables into docs/performance.md as well.")
@click.option(
    "--seeds", type=click.IntRange(1), default=SEEDS, show_default=True, help="Instances to compare gaps on."
)
@click.option(
    "--seconds",
    type=click.FloatRange(1),
    help=f"Longest solve, each.  [default: {SECONDS:g}; congestion: {CONGESTION_SECONDS:g}]",
)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="CHECKOUT",
    help="Another checkout of capplan, with its .venv if it has one, for the commands to be held against.",
)
def main(part: str, writes: bool, seeds: int, seconds: float | None, against: Path | None) -> None:
    """Measures one part, or all of them, and prints the tables."""
    console = Console(stderr=True)
    sections = {}
    for name in PARTS if part == "all" else (part,):
        with console.status(f"{name}: measuring"):
            sections[name] = f"{machine()}\n\n{_measured(name, seeds, seconds, against, console)}"
        click.echo(f"## {name}\n\n{sections[name]}\n")
    if writes:
        write_sections(PAGE, sections)
        console.print(f"written: {PAGE}")


def _measured(part: str, seeds: int, asked: float | None, against: Path | None, console: Console) -> str:
    seconds = asked or (CONGESTION_SECONDS if part == "congestion" else SECONDS)
    measured: dict[str, Callable[[], str]] = {
        "commands": lambda: commands.report(commands.measure(against)),
        "handover": lambda: handover.report(handover.measure()),
        "overhead": lambda: overhead.report(overhead.measure(seconds=seconds)),
        "growth": lambda: growth.report(growth.measure()),
        "gaps": lambda: gaps_report.report(gaps.measure(seeds, seconds, on_race=console.print), seconds),
        "congestion": lambda: congestion.report(
            congestion.measure(seeds, seconds, on_race=console.print), seconds
        ),
        "explain": lambda: explain.report(explain.measure()),
    }
    return measured[part]()


if __name__ == "__main__":
    main()
