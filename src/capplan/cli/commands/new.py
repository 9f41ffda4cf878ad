"""`capplan new`: an instance to start from, copied from those that come with capplan, or a blank workbook."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from capplan.cli.output import Output, says_more
from capplan.cli.paths import refuse_to_overwrite
from capplan.errors import UsageError

PLACES = (
    Path(__file__).parents[2] / "shipped",  # in a wheel
    Path(__file__).parents[4] / "instances",  # in a checkout
)
WORKBOOK = ".xlsx"


@click.command("new")
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "name",
    default="tiny",
    show_default=True,
    metavar="NAME",
    help="Which shipped instance to copy.",
)
@click.option(
    "--workbook", is_flag=True, help="Write a blank workbook instead, with help, lists and notes, to fill in."
)
@says_more
def command(place: Path, name: str, workbook: bool, output: Output) -> None:
    """Make an instance to start from: a copy, or a blank workbook.

    The copy is of an instance that comes with capplan.

    DIR must not exist yet, or be an empty folder. A path that ends in .xlsx makes a workbook of the shipped instance;
    with --workbook, DIR.xlsx is a blank one.

    \b
    Examples:
      capplan new my-plan
      capplan new my-county --from wiltshire-2017
      capplan new my-county.xlsx --from wiltshire-2017
      capplan new my-plan --workbook
    """
    made = _blank_workbook(place) if workbook else _copy_of(name, place)
    output.note(f"{made} is ready: edit its tables, then run capplan check {click.format_filename(made)}")


def shipped_instances() -> dict[str, Path]:
    """Name to folder of every instance that is shipped, in the first of PLACES that is there."""
    place = next((place for place in PLACES if place.is_dir()), None)
    if place is None:
        return {}
    return {folder.name: folder for folder in sorted(place.iterdir()) if (folder / "instance.toml").is_file()}


def _copy_of(name: str, place: Path) -> Path:
    """Copies a shipped instance; UsageError where there is none of that name or something is in the way."""
    from capplan import files
    from capplan.schema.text import did_you_mean

    shipped = shipped_instances()
    if name not in shipped:
        near = did_you_mean(name, list(shipped)) or f"there are {', '.join(shipped)}"
        raise UsageError(f"no instance '{name}' is shipped; {near}")
    refuse_to_overwrite(place)
    if place.suffix.casefold() == WORKBOOK:
        files.write(files.read(shipped[name]), place)
    else:
        _copy_folder(shipped[name], place.resolve())
    return place


def _blank_workbook(place: Path) -> Path:
    """Writes a blank workbook at the path, with the ending .xlsx added where it is missing."""
    from capplan.files.template import write_template

    workbook = place if place.suffix.casefold() == WORKBOOK else place.with_name(f"{place.name}{WORKBOOK}")
    try:
        workbook.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {workbook}: {error.strerror}") from error
    write_template(workbook)
    return workbook


def _copy_folder(source: Path, place: Path) -> None:
    """The folder as it is, comments and notes included; it appears whole or not at all."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as workshop:
            copy = shutil.copytree(source, Path(workshop, "new"))
            if place.exists():
                place.rmdir()
            Path(copy).rename(place)
    except OSError as error:
        raise UsageError(f"cannot write the folder {place}: {error.strerror}") from error
