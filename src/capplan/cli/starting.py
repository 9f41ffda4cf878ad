"""What `capplan new` does."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from capplan import files
from capplan.cli.places import refuse_to_overwrite
from capplan.cli.shipped import shipped_instances
from capplan.errors import UsageError
from capplan.files.template import write_template
from capplan.schema.text import did_you_mean

WORKBOOK = ".xlsx"


def copy_of(name: str, place: Path) -> Path:
    """Copies a shipped instance; UsageError where there is none of that name or something is in the way."""
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


def blank_workbook(place: Path) -> Path:
    """Writes a blank workbook at the path, with the ending .xlsx added where it is missing."""
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
