"""`capplan generate`: a made-up instance of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from capplan.cli.output import Output, says_more


@click.command("generate")
@click.argument("size", type=click.Choice(["small", "county", "region"]))
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same size and seed give the same instance."
)
@click.option(
    "--congestion",
    is_flag=True,
    help="People queue at every unit of beds that chance has filled; a county then has 30 units on 20 sites, and "
    "county and region decide on capacity once a year.",
)
@click.option(
    "--investment",
    is_flag=True,
    help="Ten schemes to go live with or not, budgets of two funders who pool them, acute wards that may close.",
)
@says_more
def command(size: Any, place: Path, seed: int, congestion: bool, investment: bool, output: Output) -> None:
    """Make up a realistic instance of any size.

    SIZE is small (4 localities, 12 months), county (20 localities, 36 months) or region (60 localities, 36 months).

    DIR is a folder, or a workbook where it ends in .xlsx; it must not exist yet, or be an empty folder.

    \b
    Examples:
      capplan generate small trial
      capplan generate county trial-county --seed 7 --congestion
    """
    import capplan
    from capplan.cli.paths import refuse_to_overwrite
    from capplan.generate import generate

    refuse_to_overwrite(place)
    capplan.write(generate(size, seed, congestion=congestion, investment=investment), place)
    output.note(f"{place} is ready: run capplan solve {click.format_filename(place)}")
