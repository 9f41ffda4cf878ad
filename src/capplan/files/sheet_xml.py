"""What python-calamine does not tell about a workbook: failed formulas, and sheets too large to hold.

It reads a cell whose formula failed (`#REF!`), or was never calculated, as an empty one, and it makes room
for every cell up to the last one. Both are found in the XML of the sheets beforehand.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

from xlsxwriter.utility import xl_cell_to_rowcol

CELLS_MAX = 10**8
_CHUNK = 1 << 20
_SUSPECT = (b't="e"', b"t='e'", b"<f", b":f")
"""Errors and formulas, with and without a namespace; what else looks like them costs only time."""
_OVERLAP = max(map(len, _SUSPECT))
_EXTENT = re.compile(rb"""<(?:\w+:)?dimension\b[^>]*\bref\s*=\s*["'](?:\w+:)?([A-Z]{1,3}\d{1,7})["']""")


class FailedCell(NamedTuple):
    """A cell whose formula gave no value: its reference (`B4`) and its error (empty: never calculated)."""

    reference: str
    error: str


class SheetFacts(NamedTuple):
    """What the XML of one sheet says: the cells without a value, and the last cell if it lies too far out."""

    failed: tuple[FailedCell, ...]
    too_far: str


def sheet_facts(path: Path) -> dict[str, SheetFacts]:
    """What python-calamine leaves out, by name of the sheet.

    Raises BadZipFile, KeyError or ParseError where the file is no sound workbook.
    """
    with ZipFile(path) as archive:
        return {name: _facts(archive, part) for name, part in _parts(archive)}


def _parts(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Name of each sheet and of its XML inside the archive; charts and macros left out."""
    book = {kind: target for kind, _, target in _relations(archive, "")}["officeDocument"]
    sheets = {name: target for kind, name, target in _relations(archive, book) if kind == "worksheet"}
    for element in ElementTree.fromstring(archive.read(book)).iter():
        if _local(element.tag) == "sheet":
            identity = next((value for key, value in element.items() if _local(key) == "id"), "")
            if identity in sheets:
                yield element.get("name", ""), sheets[identity]


def _relations(archive: ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Kind, id and target of what a part of the archive refers to; the archive itself is the part ``."""
    folder, name = posixpath.split(part)
    rels = archive.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    for element in ElementTree.fromstring(rels):
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
        yield posixpath.basename(element.get("Type", "")), element.get("Id", ""), target.lstrip("/")


def _facts(archive: ZipFile, part: str) -> SheetFacts:
    is_suspect, too_far = _glance(archive, part)
    failed = tuple(_failed_cells(archive, part)) if is_suspect and not too_far else ()
    return SheetFacts(failed, too_far)


def _glance(archive: ZipFile, part: str) -> tuple[bool, str]:
    """Whether it has formulas or errors at all (parsing takes long), and its last cell if too far out."""
    with archive.open(part) as stream:
        chunk = stream.read(_CHUNK)
        extent = _EXTENT.search(chunk)
        if extent and _cells_up_to(extent[1].decode()) > CELLS_MAX:
            return False, extent[1].decode()
        while chunk:
            if any(mark in chunk for mark in _SUSPECT):
                return True, ""
            following = stream.read(_CHUNK)
            chunk = chunk[-_OVERLAP:] + following if following else b""
    return False, ""


def _cells_up_to(reference: str) -> int:
    row: int
    column: int
    row, column = xl_cell_to_rowcol(reference)
    return (row + 1) * (column + 1)


def _failed_cells(archive: ZipFile, part: str) -> Iterator[FailedCell]:
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if _local(element.tag) == "row":
                yield from (cell for child in element if (cell := _failed_cell(child)) is not None)
                element.clear()


def _failed_cell(cell: ElementTree.Element) -> FailedCell | None:
    texts = {_local(child.tag): child.text or "" for child in cell}
    if cell.get("t") == "e":
        return FailedCell(cell.get("r", ""), texts.get("v") or "an error")
    # A formula that gives an empty text is typed as text; one that was never calculated is not.
    was_calculated = bool(texts.get("v")) or cell.get("t") == "str"
    return None if was_calculated or "f" not in texts else FailedCell(cell.get("r", ""), "")


def _local(tag: str) -> str:
    """The name without its namespace: writers of workbooks differ in it."""
    return tag.rpartition("}")[2]
