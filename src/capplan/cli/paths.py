"""Paths as arguments of commands."""

from __future__ import annotations

from pathlib import Path

import click

from capplan.errors import UsageError

INSTANCE = click.Path(path_type=Path)
"""A folder, run folder or workbook; that nothing is there is one of the problems an instance can have."""


def name_of_path(path: Path) -> str:
    """What a folder or workbook is called, without its ending: what results are named after."""
    resolved = path.resolve()
    return resolved.name if resolved.is_dir() else resolved.stem


def refuse_to_overwrite(path: Path) -> None:
    """UsageError where a file, or a folder that holds anything, is in the way."""
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise UsageError(f"{path} exists already; choose another name, or delete it first")
