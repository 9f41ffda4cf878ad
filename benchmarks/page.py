"""The page docs/performance.md: its tables are written here, between marks, and its prose by hand."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table: the first column left-aligned, the others right."""
    marks = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in (head, marks, *rows))


def machine() -> str:
    """One line that says what the numbers were measured with."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyomo", "highspy", "pandas"))
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"Measured with Python {platform.python_version()}, {versions} on {os.cpu_count()} cores{load}."


def times(ratio: float) -> str:
    """`5.3 ×`."""
    return f"{ratio:.1f} ×"


def with_section(page: str, name: str, text: str) -> str:
    """The page with what stands between the marks of a section replaced. Raises ValueError without the marks."""
    begin, end = f"<!-- {name}: written by make bench -->", f"<!-- end of {name} -->"
    found = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not found.search(page):
        raise ValueError(f"the page has no section {begin} … {end}")
    return found.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page)


def write_sections(path: Path, sections: Mapping[str, str]) -> None:
    """Writes the sections into the page."""
    page = path.read_text(encoding="utf-8")
    for name, text in sections.items():
        page = with_section(page, name, text)
    path.write_text(page, encoding="utf-8", newline="\n")
