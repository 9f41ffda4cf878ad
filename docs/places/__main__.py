"""Solve the plan and every scenario of the places, and keep the numbers that their pages show.

    python -m docs.places                        every run of every place anew (make places)
    python -m docs.places wiltshire              of one place (make places PLACE=wiltshire)
    python -m docs.places wiltshire --run base   one run anew; the rest is taken from the runs that are there
    python -m docs.places --missing              only what has no saved run of the very same question

Runs are kept in results/places; docs/places/NAME.json holds the numbers, and make docs writes the pages.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import capplan
from capplan.instance import Instance
from docs.places import questions
from docs.places.collect import collect
from docs.places.known import PLACES
from docs.places.place import Place


def main(arguments: Sequence[str]) -> int:
    """Solves what is asked for and writes the numbers; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.places", description="Numbers of the places' pages."
    )
    parser.add_argument("place", nargs="*", choices=[*PLACES, []], help="places; none: all of them")
    parser.add_argument("--run", action="append", help="only this run is solved anew (again for more)")
    parser.add_argument("--missing", action="store_true", help="only runs that are not saved are solved")
    given = parser.parse_args(arguments)
    for name in given.place or PLACES:
        place = PLACES[name]
        instance = capplan.read(place.instance_folder)
        for run in _to_solve(place, instance, given.run, given.missing):
            _solve(place, instance, run)
        text = json.dumps(collect(place, instance), indent=1, ensure_ascii=False, allow_nan=False)
        place.numbers_file.write_text(text + "\n", encoding="utf-8")
        print(f"{place.numbers_file.name} written: now make docs")
    return 0


def _to_solve(place: Place, instance: Instance, asked: Sequence[str] | None, missing: bool) -> list[str]:
    names = questions.names(place, instance)
    if unknown := set(asked or ()) - set(names):
        raise SystemExit(
            f"{place.name} has no run {', '.join(sorted(unknown))}; there are {', '.join(names)}"
        )
    if missing or asked:
        return [name for name in names if name in (asked or ()) or not questions.saved(place, instance, name)]
    return list(names)


def _solve(place: Place, instance: Instance, name: str) -> None:
    print(f"{place.name}: {name} ...", end=" ", flush=True)
    plan = questions.answer(place, instance, name)
    proved = "best effort" if plan.result.gap is None else f"gap {plan.result.gap:.2%}"
    print(f"£{plan.objective:,.0f}, {proved}, {sum(plan.seconds.values()):.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
