"""A place's page: the text of `NAME.in.md` with the numbers of `NAME.json` put in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from string import Template

import capplan
from docs.places.place import BASE, Numbers, Place
from docs.places.tables import TABLES
from docs.places.words import against_plan, amount, day, difference, million, missed, proved, share, worth


def page(place: Place) -> str:
    """The whole page; KeyError where the text asks for a number that is not there."""
    text = Template(place.text_file.read_text(encoding="utf-8"))
    return text.substitute(_Asked(place, read_numbers(place)))


def complaint(place: Place) -> str | None:
    """What is wrong with the numbers kept for the page: made from another instance than the one that is there."""
    if read_numbers(place)["fingerprint"] == capplan.read(place.instance_folder).fingerprint:
        return None
    name = place.numbers_file.name
    return f"docs/places/{name} was made from another instance: run make places PLACE={place.name}"


def read_numbers(place: Place) -> Numbers:
    """What `python -m docs.places` kept."""
    numbers: Numbers = json.loads(place.numbers_file.read_text(encoding="utf-8"))
    return numbers


def values(place: Place, numbers: Numbers) -> dict[str, str]:
    """Every quotation and number that the text may ask for, by name."""
    return {
        **{f"check_{rule}": text for rule, text in numbers["check"].items()},
        "warnings": str(len(numbers["check"])),
        **{f"sources_{kind}": f"{count:,}" for kind, count in numbers["sources"].items()},
        "sources_all": f"{sum(numbers['sources'].values()):,}",
        **{f"size_{what}": f"{count:,}" for what, count in numbers["size"].items()},
        **dict(_run_values(numbers)),
        **{f"worth_{_key(name)}": worth(gbp) for name, gbp in numbers["what_ifs"].items()},
        **dict(_detail_values(numbers)),
        **(dict(place.values(numbers)) if place.values else {}),
    }


class _Asked(dict[str, str]):
    """The values of a page; a table is made when the text asks for it."""

    def __init__(self, place: Place, numbers: Numbers) -> None:
        super().__init__(values(place, numbers))
        self._place, self._numbers = place, numbers

    def __missing__(self, name: str) -> str:
        return {**TABLES, **self._place.tables}[name](self._place, self._numbers)


def _run_values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """`RUN_cost`, `RUN_gap`, `RUN_beds`: what every run has, by the run's name."""
    for name, run in numbers["runs"].items():
        measures = run["measures"]
        yield from ((f"{name}_{what}", million(run[what])) for what in ("cost", "paid", "notional"))
        yield f"{name}_proved", proved(run)
        yield f"{name}_missed", missed(run)
        yield f"{name}_result", against_plan(numbers, name)
        yield f"{name}_difference", difference(numbers, name)
        yield f"{name}_unmet", f"{sum(n for m, n in measures.items() if m.endswith('_unmet')):,.0f}"
        yield from ((f"{name}_{measure}", f"{value:,.0f}") for measure, value in measures.items())
        for target, found in run["targets"].items():
            yield f"{name}_{target}", amount(found["metric"], found["achieved"])
        yield from ((f"{name}_gbp_{item}", million(gbp)) for item, gbp in run["items"].items())
        yield from ((f"{name}_short_{m['target']}", f"{m['short']:,.0f}") for m in run["missed"])
        yield from ((f"{name}_people_{_key(key)}", f"{n:,.0f}") for key, n in run["packages"].items())
        yield from ((f"{name}_served_{p}", share(n)) for p, n in run["served"].items() if n["referrals"])
        yield from ((f"{name}_full_{bed}", f"{full:.0%}") for bed, full in run.get("occupancy", {}).items())
        for key, found in run["funders"].items():
            yield from (
                (f"{name}_{_key(key)}_{c}", million(gbp)) for c, gbp in found.items() if gbp is not None
            )
        for key, found in run["schemes"].items():
            yield f"{name}_live_{_key(key)}", day(found["from"])
            yield f"{name}_gbp_scheme_{_key(key)}", million(found["gbp"])
        for key, found in run["wards"].items():
            yield f"{name}_wards_{_key(key)}", f"{found['wards_closed']:.0f}"
            yield f"{name}_released_{_key(key)}", million(-found["gbp"])


def _detail_values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    """What the plan alone has: people by package, prices of targets, how far it is proved."""
    plan = numbers["runs"][BASE]
    yield "plan_gap", "–" if plan["bound"] is None else f"{1 - plan['bound'] / plan['cost']:.1%}"
    yield from ((f"people_{key.split()[1]}", f"{people:,.0f}") for key, people in plan["packages"].items())
    prices = numbers["capacity"][BASE]["prices"]
    yield from ((f"price_{target}", f"£{gbp:,}") for target, gbp in prices.items())


def _key(name: str) -> str:
    return name.replace(",", "").replace(" ", "_").replace("/", "_")
