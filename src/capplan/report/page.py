"""The page: parts put into a template with their pictures, complete in one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from capplan import wording
from capplan.report.blocks import Chart, Part, Table
from capplan.report.parts import parts
from capplan.report.parts.background import dictionary
from capplan.report.parts.side_by_side import plans_side_by_side, what_differs
from capplan.report.subject import Subject

TEMPLATE = "page.html.j2"
WORD_JOINER = "\u2060"
EXPORTS = "window.vegaEmbed = vegaEmbed;"
"""What the script of the page uses of Vega."""
SAFE_IN_ADDRESS = " !$&()*+,-./:;=?@_~<>"
"""Signs that an address of data may hold as they are; the template escapes < > and & for the page."""


@dataclass(frozen=True)
class Chapter:
    """Parts under one heading, the heading empty where the page has but one plan."""

    anchor: str
    heading: str
    parts: tuple[Part, ...]

    def anchor_of(self, part: Part) -> str:
        """Where a part stands in the page."""
        return f"{self.anchor}-{part.slug}"


def page(subjects: Sequence[Subject]) -> str:
    """A report on one plan or several as one HTML page that asks for nothing outside itself.

    Several plans stand side by side before each tells its own.
    """
    is_alone = len(subjects) == 1
    chapters = [] if is_alone else [Chapter("compared", "", _compared(subjects))]
    chapters += [
        Chapter(f"plan-{n}", "" if is_alone else f"{subject.name}: {subject.title}", parts(subject))
        for n, subject in enumerate(subjects, 1)
    ]
    chapters.append(Chapter("data", "", (dictionary(subjects),)))
    title = subjects[0].title if is_alone else _titles(subjects)
    return _render(title, _subtitle(subjects), chapters)


def _compared(subjects: Sequence[Subject]) -> tuple[Part, ...]:
    both = (plans_side_by_side(subjects), what_differs(subjects))
    return tuple(part for part in both if part is not None)


def _titles(subjects: Sequence[Subject]) -> str:
    titles = list(dict.fromkeys(subject.plan.instance.settings.title for subject in subjects))
    return titles[0] if len(titles) == 1 else " and ".join(titles)


def _subtitle(subjects: Sequence[Subject]) -> str:
    if len(subjects) > 1:
        return f"{wording.sentence(wording.count(len(subjects), 'plan'))} side by side"
    return "What capacity to commission, where, from when, and what it costs"


def _render(title: str, subtitle: str, chapters: Sequence[Chapter]) -> str:
    import jinja2  # noqa: PLC0415  (only where a page is written)

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("capplan.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["a_table"] = lambda block: isinstance(block, Table)
    environment.filters |= {"still": _still, "unbroken": _unbroken}
    facts: dict[str, Any] = {
        "title": title,
        "subtitle": subtitle,
        "chapters": chapters,
        "library": _library() if _has_charts(chapters) else "",
        "style": _text("page.css"),
        "script": _text("page.js"),
    }
    return environment.get_template(TEMPLATE).render(facts)


def _unbroken(line: str) -> str:
    """The line, no sign parted from its pounds."""
    return line.replace("-£", f"-{WORD_JOINER}£").replace("+£", f"+{WORD_JOINER}£")


def _has_charts(chapters: Sequence[Chapter]) -> bool:
    blocks = (block for chapter in chapters for part in chapter.parts for block in part.blocks)
    return any(isinstance(block, Chart) for block in blocks)


def _text(name: str) -> str:
    return files("capplan.report").joinpath("templates", name).read_text(encoding="utf-8")


def _still(spec: Mapping[str, Any]) -> str:
    """The picture as an address of data (SVG) for an image: nothing in it can run or clash with the page."""
    import vl_convert  # noqa: PLC0415  (starts a JavaScript engine: only where something is drawn)

    svg: str = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
    return f"data:image/svg+xml,{quote(svg, safe=SAFE_IN_ADDRESS)}"


def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that can stand in a page."""
    import vl_convert  # noqa: PLC0415

    script: str = vl_convert.javascript_bundle(EXPORTS)
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
