"""The results of the places as they are shipped: `results/places/NAME` with the plan, its report and a comparison.

    python -m docs.places.results                every place (make results)
    python -m docs.places.results wiltshire      one place (make results PLACE=wiltshire)

The plan's run folder (`base`) is shipped whole, with what was asked of it; `report.html` and `comparison.md` are
written from runs. Runs that are missing are solved, others are taken as they are, and so are answers (--again asks them
anew).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import capplan
from capplan.cli.text import as_markdown
from capplan.compare import ComparedRun, compare, sections
from capplan.explain import one_more_table
from capplan.explain.resolve import cache_folder
from capplan.explain.what_ifs import could_change_it
from capplan.instance import Instance
from capplan.report import Subject, page
from capplan.results.tables import ASSUMPTIONS, ONE_MORE
from capplan.runs import Run, keep_answer, read_run
from capplan.solver_options import SolverOptions
from docs.places import questions
from docs.places.known import PLACES
from docs.places.place import BASE, REPOSITORY, Place

DOCS = REPOSITORY / "docs"

AGAIN = SolverOptions(gap=0.003, time_limit=25.0, threads=1)
"""How closely instances are solved again for what one more is worth, and for assumptions."""
DEAREST = 2
PICTURED, PICTURE = "wiltshire", DOCS / "report.png"
"""Of which place the README shows a report, and where that picture is."""
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
REPORT, COMPARISON = "report.html", "comparison.md"
_PICTURE = re.compile(r'(<img class="still" src=")[^"]*')


def main(arguments: Sequence[str]) -> int:
    """Writes the results of the places asked for; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.places.results", description="Results of the places."
    )
    parser.add_argument("place", nargs="*", choices=[*PLACES, []], help="places; none: all of them")
    parser.add_argument("--again", action="store_true", help="ask what is solved for the report anew")
    given = parser.parse_args(arguments)
    for name in given.place or PLACES:
        write_results(PLACES[name], is_again=given.again)
        if name == PICTURED and CHROMIUM is not None:
            photograph(PLACES[name].runs_folder / REPORT)
        print(f"results/places/{name}: {REPORT}, {COMPARISON}, {BASE}/", flush=True)
    return 0


def write_results(place: Place, *, is_again: bool = False) -> None:
    """Solves what is missing, asks what the report tells, and writes report and comparison."""
    instance = capplan.read(place.instance_folder)
    for run in (BASE, *place.compared):
        if questions.saved(place, instance, run) is None:
            questions.answer(place, instance, run)
    folder = place.runs_folder
    _ask(folder / BASE, is_again=is_again)
    (folder / REPORT).write_text(report(place), encoding="utf-8", newline="\n")
    (folder / COMPARISON).write_text(comparison(place, instance), encoding="utf-8", newline="\n")


def photograph(report: Path) -> None:
    """The picture of a report that the README shows; needs a browser."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  (a tool of those who write the results)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_context(viewport={"width": 1100, "height": 1300}, offline=True).new_page()
        view.goto(report.resolve().as_uri())
        view.screenshot(path=PICTURE)
        browser.close()


def _ask(folder: Path, *, is_again: bool) -> None:
    """What one more would buy, and which assumptions could change the answer; kept with the run."""
    run, jobs = read_run(folder), os.cpu_count() or 1
    if is_again or ONE_MORE.name not in run.answers:
        keep_answer(folder, ONE_MORE.name, one_more_table(run, AGAIN, DEAREST, jobs))
    if is_again or ASSUMPTIONS.name not in run.answers:
        keep_answer(folder, ASSUMPTIONS.name, could_change_it(run, AGAIN, jobs, cache_folder()))


def report(place: Place) -> str:
    """The page about the plan that is shipped."""
    return page([Subject.saved(place.instance, read_run(place.runs_folder / BASE))])


def comparison(place: Place, instance: Instance) -> str:
    """The plan beside five scenarios, as `capplan compare` tells it; a note says of which instance."""
    names = (BASE, *place.compared)
    runs: dict[str, Run] = {name: read_run(place.runs_folder / name) for name in names}
    compared = [ComparedRun.saved("the plan" if name == BASE else name, run) for name, run in runs.items()]
    told = as_markdown(sections(compare(compared)))
    return f"{_note(instance)}\n\n# {place.title}: the plan and five scenarios\n\n{told}"


def _note(instance: Instance) -> str:
    return (
        f"<!-- Written by docs/places/results.py (make results) from the instance {instance.fingerprint} -->"
    )


def complaint(place: Place) -> str | None:
    """What is out of date in the shipped results of a place: of another instance, or told otherwise today."""
    instance = capplan.read(place.instance_folder)
    now = f"run make results PLACE={place.name}"
    if questions.saved(place, instance, BASE) is None:
        return f"results/places/{place.name}/{BASE} is not of the instance as it is: {now}"
    folder = place.runs_folder
    if not (folder / COMPARISON).read_text(encoding="utf-8").startswith(_note(instance)):
        return f"results/places/{place.name}/{COMPARISON} is not of the instance as it is: {now}"
    shipped = (folder / REPORT).read_text(encoding="utf-8")
    if _without_pictures(shipped) != _without_pictures(report(place)):
        return f"results/places/{place.name}/{REPORT} is not what the run tells today: {now}"
    return None


def _without_pictures(text: str) -> str:
    """The page without its still pictures, which fonts of the machine change."""
    return _PICTURE.sub(r"\1", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
