"""Words and rounding for people."""

import ast
import datetime
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import capplan
from capplan import wording
from capplan.formulation.costs import CONTRIBUTORS
from capplan.results.cost_items import COST_ITEMS


@pytest.mark.parametrize(
    ("gbp", "text"),
    [
        (0, "£0"),
        (0.004, "£0"),
        (-0.004, "£0"),
        (18.01, "£18.01"),
        (18, "£18"),
        (-18.5, "-£18.50"),
        (99.999, "£100"),
        (456_789.4, "£456,789"),
        (-9_150, "-£9,150"),
        (999_999.4, "£999,999"),
        (999_999.6, "£1.00m"),
        (1_234_567, "£1.23m"),
        (-20_384_708, "-£20.38m"),
        (math.inf, "never"),
        (math.nan, ""),
    ],
)
def test_money_is_written_as_a_planner_would(gbp, text):
    assert wording.money(gbp) == text


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.92, 0, "92%"),
        (1, 1, "100%"),
        (0.0037, 1, "0.4%"),
        (0.266, 1, "26.6%"),
        (0, 1, "0%"),
        (0.0001, 1, "under 0.1%"),
        (-0.0001, 1, "-under 0.1%"),
        (-0.266, 1, "-26.6%"),
        (-0.0, 1, "0%"),
        (math.nan, 1, ""),
    ],
)
def test_a_share_is_a_percentage_and_something_is_never_nothing(share, digits, text):
    assert wording.share(share, digits) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        *(
            (0, "0"),
            (-1e-9, "0"),
            (0.9, "0.9"),
            (0.25, "0.25"),
            (8.23, "8.2"),
            (29.2175, "29.2"),
            (12.0, "12"),
        ),
        *((183.4, "183"), (1234.5, "1,234"), (-3.5, "-3.5"), (math.inf, "never"), (math.nan, "")),
    ],
)
def test_numbers_keep_what_matters(amount, text):
    assert wording.number(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        *((4, "+4"), (-4, "-4"), (0, "0"), (-0.0, "0"), (1234.5, "+1,234"), (math.nan, "")),
        *((0.04, "+0.04"), (0.003, "+0.003"), (-0.00002, "-0.00002"), (-1e-9, "0"), (math.inf, "never")),
    ],
)
def test_a_change_shows_its_sign_and_is_never_0_where_there_is_one(amount, text):
    assert wording.signed(amount) == text


@pytest.mark.parametrize(
    ("gbp", "text"),
    [(5, "+£5"), (-1_234_567, "-£1.23m"), (0.0, "£0"), (-0.004, "£0"), (math.inf, "never"), (math.nan, "")],
)
def test_a_change_of_money_shows_its_sign(gbp, text):
    assert wording.signed(gbp, wording.money) == text


@pytest.mark.parametrize(
    ("gbp", "text"),
    [
        *((1_010_000, "£1,010,000"), (500.2, "£500.20"), (-500.2, "-£500.20"), (-0.001, "£0")),
        *((math.inf, "never"), (math.nan, "")),
    ],
)
def test_every_penny_is_told_where_two_amounts_would_read_alike(gbp, text):
    assert wording.pence(gbp) == text


@pytest.mark.parametrize(("part", "text"), [(0.92341, "92.341%"), (0.07, "7%"), (math.nan, "")])
def test_every_digit_of_a_share_is_told_where_two_would_read_alike(part, text):
    assert wording.per_cent(part) == text


def test_dates_are_written_as_people_say_them():
    assert wording.date("2017-04-01") == "1 April 2017"
    assert wording.short_date("2018-01-31") == "31 Jan 2018"
    assert wording.date(datetime.date(2017, 4, 1)) == "1 April 2017"
    assert wording.month("2017-04-01") == "Apr 2017"
    assert wording.full_month("2017-04-01") == "April 2017"


def test_one_bed_two_beds():
    assert wording.count(1, "bed") == "1 bed"
    assert wording.count(2, "bed") == "2 beds"
    assert wording.count(0.5, "person", "people") == "0.5 people"


def test_long_lists_are_cut_with_a_count():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed(list("abcdef"), 4) == "a, b, c and 3 more"
    assert wording.listed(["a, b", "c", "d"], between="; ") == "a, b; c and d"


def test_every_cost_item_has_words():
    assert set(CONTRIBUTORS) <= set(COST_ITEMS)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        *((0.0125, "0.0125"), (1200, "1200"), (1 / 3, "0.333333333333"), (-0.0, "0")),
        *((math.inf, "never"), (math.nan, "")),
    ],
)
def test_a_cell_is_written_in_full(amount, text):
    assert wording.exact(amount) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (0.05, "+5 points"),
        (-0.103, "-10.3 points"),
        (0.00002, "+0.002 points"),
        (0, "0 points"),
        (math.nan, ""),
    ],
)
def test_shares_differ_by_points(difference, text):
    assert wording.points(difference) == text


@pytest.mark.parametrize(
    ("gbp", "text"), [(1_234_567, "£1,234,567"), (-300_000, "-£300,000"), (18.5, "£18.50"), (0, "£0")]
)
def test_pounds_tell_every_pound(gbp, text):
    assert wording.pounds(gbp) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        *((12.349, "12.35"), (0.92341, "0.9234"), (1150.4, "1,150"), (-1150.4, "-1,150"), (7.0, "7")),
        *((1_234_567, "1,234,567"), (-0.0, "0"), (math.inf, "never"), (math.nan, "")),
    ],
)
def test_four_figures_where_one_decimal_is_too_coarse(amount, text):
    assert wording.figures(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        *((34853.68349, "34,853.68349"), (34_853.683_512_345, "34,853.68351"), (0.0, "0"), (-0.0, "0")),
        *((123_456_789_012.3, "123,456,789,012"), (math.inf, "infinite"), (math.nan, "empty")),
    ],
)
def test_what_is_held_against_another_number_has_ten_figures(amount, text):
    assert wording.precise(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"), [(75.4, "75 s"), (1234.5, "1,234 s"), (3.24, "3.2 s"), (3, "3 s"), (0.04, "0 s")]
)
def test_time_is_told_in_seconds(amount, text):
    assert wording.seconds(amount) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((24.0, "24"), (1200, "1200"), (0.0125, "0.0125"), (math.inf, "never"), (True, "yes"), ("a", "a")),
        *((datetime.date(2017, 4, 1), "2017-04-01"), (datetime.datetime(2017, 4, 1), "2017-04-01")),
    ],
)
def test_a_cell_is_written_as_in_its_table(value, text):
    assert wording.cell(value) == text


def test_a_template_says_how_each_value_is_written():
    values = {"beds": 24.0, "budget": 1_234_567.0, "first": datetime.date(2017, 4, 1), "part": 0.92}
    assert wording.filled("{beds} beds, {part:share} full", values) == "24 beds, 92% full"
    assert wording.filled("{budget:pounds} ({budget:money})", values) == "£1,234,567 (£1.23m)"
    assert (
        wording.filled("{first:date}, {first:month}, {first}", values)
        == "1 April 2017, April 2017, 2017-04-01"
    )
    with pytest.raises(KeyError):
        wording.filled("{beds:g}", values)


PACKAGE = Path(capplan.__file__).parent
FOR_MACHINES = {
    ("explain/limits/limit.py", "spelled"): "the text of an override",
    ("files/template.py", "_within_bounds"): "a formula of Excel",
    ("horizon.py", "financial_year"): "the name of a year, 2017/18",
    ("schema/values.py", "clock"): "a time as a cell has it, 08:00",
}
"""Functions that write numbers for machines, or names: nobody reads an amount there."""

MINI_LANGUAGE = r"(?:.?[<>=^])?[-+ ]?#?0?\d*[,_]?(?:\.\d+)?[bcdeEfFgGnoxX%]?"
"""What Python takes after the colon for a number."""
FIELD = re.compile(r"\{[\w.\[\]]*(?:![rsa])?:([^{}]*)\}")
OLD_STYLE = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[deEfFgG]")


def formats_a_number(spec: str) -> bool:
    """Whether a format spec rounds a number or sets it apart, or writes a month's or a day's name."""
    if re.search(r"%[aAbB]", spec):
        return True
    return bool(re.fullmatch(MINI_LANGUAGE, spec) and re.search(r"[,_.]|[deEfFgGn%]$", spec))


def specs(node: ast.AST) -> Iterator[str]:
    """The format specs that a node holds itself, with 0 for what is put in when it runs."""
    match node:
        case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
            yield _text(spec)
        case ast.JoinedStr():
            yield from FIELD.findall(_text(node))
        case ast.Constant(value=str(text)):
            yield from FIELD.findall(text)
        case ast.Call(func=ast.Name(id="format"), args=[_, ast.Constant(value=str(spec))]):
            yield spec
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            yield from (spec[1:] for spec in OLD_STYLE.findall(text))


def _text(joined: ast.JoinedStr) -> str:
    return "".join(part.value if isinstance(part, ast.Constant) else "0" for part in joined.values)


def by_hand(source: str) -> list[tuple[int, str, str]]:
    """Line, function and spec of every number that the source formats by itself."""
    found = set()

    def walk(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.FunctionDef):
            function = node.name
        found.update((node.lineno, function, spec) for spec in specs(node) if formats_a_number(spec))
        for child in ast.iter_child_nodes(node):
            walk(child, function)

    walk(ast.parse(source), "")
    return sorted(found)


def test_nothing_but_wording_formats_numbers():
    found = [
        (
            (path.relative_to(PACKAGE).as_posix(), function),
            f"{path}:{line}: {{:{spec}}} belongs into capplan.wording",
        )
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "wording.py"
        for line, function, spec in by_hand(path.read_text("utf-8"))
    ]
    unknown = [message for place, message in found if place not in FOR_MACHINES]
    assert not unknown, "\n".join(unknown)
    assert {place for place, _ in found} == set(FOR_MACHINES), "some write for machines no more"


@pytest.mark.parametrize(
    "expression",
    [
        *('f"{beds:g} beds"', 'f"£{gbp:,.0f}"', 'f"{part:+.1%}"', 'f"{rows:,}"', 'f"{amount:.{digits}f}"'),
        *(
            '"{beds:g} beds".format_map(row)',
            '"above {:g}"',
            'f"{{value:g}} {unit}"',
            'f"{{{column}:g}} beds"',
        ),
        *('format(gbp, ",.2f")', '"%.1f days" % days', 'f"{day:%d %B %Y}"', 'f"{amount:>10.2f}"'),
    ],
)
def test_a_number_formatted_by_hand_is_found(expression):
    found = by_hand(f"def told():\n    return {expression}\n")
    assert [(line, function) for line, function, _ in found] == [(2, "told")]


@pytest.mark.parametrize(
    "expression",
    [
        *(
            'f"{day:%Y-%m-%d}"',
            'f"{name:<10}"',
            'f"{money(gbp)} of {year}"',
            '"{budget_gbp:pounds} {part:share}"',
        ),
        *('"{color: red}"', '"a: {b}, 5%"', "gbp % 7"),
    ],
)
def test_what_is_no_number_is_let_be(expression):
    assert not by_hand(f"def told():\n    return {expression}\n")


def test_templates_know_their_words():
    words = {
        spec
        for path in (PACKAGE / "checks").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if not isinstance(node, ast.FormattedValue)
        for spec in specs(node)
    }
    assert {"date", "pounds"} <= words <= set(wording.TEMPLATE_WORDS)
