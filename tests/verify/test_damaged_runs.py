"""Saved runs with one thing in them changed by hand: each is told, with where it is, and nothing is a traceback."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import capplan
from capplan.results.tables import TABLES
from capplan.verify import info, read_saved, verify_run

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "results" / "places" / "thurrock" / "base" / "answers"
HAS_ROWS = (
    "beds",
    "sites",
    "staff",
    "shifts",
    "starts",
    "waiting",
    "caseload",
    "access",
    "targets",
    "budgets",
)


@pytest.fixture(scope="module")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    run = capplan.write_run(capplan.solve(ROOT / "instances" / "tiny"), folder)
    shutil.copytree(ANSWERS, run / "answers")
    return run


@pytest.fixture
def run(tiny_run: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_run, tmp_path / "run")


def told(run: Path) -> list[str]:
    """What is wrong with the run; a warning of a library is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [str(problem) for problem in verify_run(run)]


def wrong_in_run_json(run: Path) -> list[str]:
    """What is wrong with run.json, without counting the tables."""
    saved = read_saved(run)
    found = [*saved.unread, *saved.unsaid]
    if not saved.unread:
        found += info.findings(saved.info, saved.instance, has_today=bool(saved.today))
    return [str(problem) for problem in found]


def lines(file: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Another text in a file, line by line."""
    text = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(change(text)) + "\n", encoding="utf-8")


def cells(file: Path, column: str, cell: str, row: int = 0) -> None:
    """Another cell in a file; row 0 is the first below the header."""
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table.loc[table.index[row], column] = cell
    table.to_csv(file, index=False)


def says(run: Path, **changed: Any) -> None:
    """Other fields in run.json; `...` leaves one out, and a__b is b in a."""
    file = run / "run.json"
    info = json.loads(file.read_text(encoding="utf-8"))
    for name, value in changed.items():
        *above, last = name.split("__")
        part = info
        for each in above:
            part = part[each]
        if value is ...:
            del part[last]
        else:
            part[last] = value
    file.write_text(json.dumps(info), encoding="utf-8")


def test_the_run_is_right_before_it_is_damaged(run: Path):
    assert told(run) == []


def test_rows_of_another_length_than_the_header_are_refused_each_with_its_number(run: Path):
    lines(run / "beds.csv", lambda text: [text[0], *(f"9,{line}" for line in text[1:])])
    lines(run / "today" / "sites.csv", lambda text: [*text[:2], text[2].rsplit(",", 1)[0], *text[3:]])
    found = told(run)
    assert found[0] == "beds.csv row 2: the row has 15 cells, the header 14"
    assert found[-1] == "today/sites.csv row 3: the row has 2 cells, the header 3"
    assert len(found) == 7


def test_rows_of_nobody_at_all_are_told_when_they_are_left_out(run: Path):
    lines(run / "today" / "staff.csv", lambda text: text[:-6])
    found = told(run)
    missing = [text for text in found if "the row is missing" in text]
    assert missing[0].startswith("today/staff: locality southvale, role rsw, 2017-04-01: the row is missing")
    assert len(missing) == 6


def test_a_name_that_is_emptied_where_nobody_is_counted_is_told(run: Path):
    cells(run / "today" / "staff.csv", "locality", "")
    found = told(run)
    assert any("no locality, role rsw, 2017-04-01: there is no such row" in text for text in found)
    assert any("the row is missing" in text for text in found)


def test_the_last_day_to_decide_is_lead_or_notice_before_the_change(run: Path):
    cells(run / "decisions.csv", "decide_by", "2016-01-01")
    assert told(run) == [
        "decisions: rehab, cottage, 2017-04-01: decide_by is 2016-01-01, recomputed 2017-04-01"
    ]


def test_todays_capacity_says_nothing_of_itself(run: Path):
    cells(run / "today" / "targets.csv", "today_gives", "99")
    lines(run / "today" / "summary.csv", lambda text: [*text, "do_nothing_cost_paid,7,£"])
    assert told(run) == [
        "today/targets: today_gives is filled in, and these are the tables of today's capacity themselves",
        "today/summary: do_nothing_cost_paid is there, and these are the tables of today's capacity themselves",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"objective": None}, "objective"),
        ({"objective": "abc"}, "objective"),
        ({"objective": [1]}, "objective"),
        ({"objective": True}, "objective"),
        ({"objective": float("nan")}, "objective"),
        ({"bound": None}, "gap"),
        ({"bound": "abc"}, "bound"),
        ({"bound": 400_000.0}, "bound"),
        ({"gap": "a"}, "gap"),
        ({"gap": -1.0}, "gap"),
        ({"gap": 0.2}, "gap"),
        ({"gap": None}, "gap"),
        ({"today": {}}, "today.objective"),
        ({"today": None}, "today"),
        ({"today": [1]}, "today"),
        ({"today": "abc"}, "today"),
        ({"today": ..., "objective_today": None}, "today"),
        ({"today__bound": 600_000.0}, "today.bound"),
        ({"today__gap": "a"}, "today.gap"),
        ({"objective_today": 7.0}, "objective_today"),
        ({"fingerprint": "0" * 64}, "fingerprint"),
        ({"fingerprint": ...}, "fingerprint"),
        ({"question": "0" * 64}, "options"),
        ({"title": "Another"}, "title"),
        ({"overrides": "a.b = 1"}, "overrides"),
        ({"scenario": 7}, "scenario"),
        ({"holds": "nothing"}, "holds"),
        ({"holds": ["optimal_plan"]}, "holds"),
        ({"stopped": "infeasible"}, "stopped"),
        ({"stopped": ["gap_reached"]}, "stopped"),
        ({"rows": -1}, "rows"),
        ({"nodes": "many"}, "nodes"),
        ({"columns": 0.5}, "columns"),
        ({"seconds": {"solve": -1}}, "seconds"),
        ({"written": "yesterday"}, "written"),
        ({"versions": 3}, "versions"),
        ({"options": []}, "options"),
        ({"options__as_is": True}, "options.as_is"),
        ({"options__as_is": "no"}, "options"),
        ({"options__best_effort": True}, "options.best_effort"),
        ({"options__best_effort": True, "bound": None, "gap": None}, "options"),
        ({"options__best_effort": True, "bound": None, "gap": None, "question": ...}, "options.best_effort"),
        ({"options__gap": 0.5}, "options"),
        ({"options__gap": "wide"}, "options"),
        ({"options__seed": -1}, "options"),
    ],
)
def test_what_run_json_cannot_say_is_told_with_its_field(run: Path, changed: dict[str, Any], field: str):
    says(run, **changed)
    assert any(text.startswith(f"run.json, {field}: ") for text in wrong_in_run_json(run))


@pytest.mark.parametrize("text", ["{", "[]", "7", "null"])
def test_a_run_json_that_is_none_is_told(run: Path, text: str):
    (run / "run.json").write_bytes(text.encode("utf-16"))
    assert wrong_in_run_json(run)[0].startswith("run.json: is not JSON")
    (run / "run.json").write_text(text, encoding="utf-8")
    assert wrong_in_run_json(run)[0].startswith("run.json: ")


def test_an_instance_beside_the_run_that_is_not_what_was_solved_is_told(run: Path):
    settings = run / "instance" / "instance.toml"
    settings.write_text(settings.read_text().replace("Tiny: ", "Small: "))
    assert any("the instance in the run is not what was solved" in text for text in told(run))


def test_a_run_as_is_and_one_at_best_effort_are_right_as_they_were_saved(tmp_path: Path):
    tiny = capplan.read(ROOT / "instances" / "tiny")
    kept = capplan.write_run(capplan.solve(tiny, as_is=True), tmp_path / "kept")
    sets = ["targets[target=discharges].value = 1.5"]
    tried = capplan.write_run(capplan.solve(tiny, sets=sets, best_effort=True), tmp_path / "tried")
    assert told(kept) == told(tried) == []


def test_rows_that_are_there_twice_are_told_and_nothing_is_counted(run: Path):
    twice = [
        name for name in TABLES if len((run / f"{name}.csv").read_text(encoding="utf-8").splitlines()) > 1
    ]
    for name in twice:
        lines(run / f"{name}.csv", lambda text: [*text, text[-1]])
    found = told(run)
    assert [text.split(":")[0] for text in found] == twice
    assert {text.rsplit(": ", 1)[1] for text in found} == {"the row is there more than once"}


def test_a_table_that_is_a_folder_or_a_link_to_itself_is_told(run: Path):
    (run / "beds.csv").unlink()
    (run / "beds.csv").mkdir()
    (run / "today" / "beds.csv").unlink()
    (run / "today" / "beds.csv").symlink_to("beds.csv")
    beds, today = told(run)
    assert beds.startswith("beds.csv: cannot be read")
    assert today.startswith("today/beds.csv: cannot be read")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("ten", "'ten' is not a number"),
        ("10,0", "'10,0' is not a number"),
        ("true", "'true' is not a number"),
        ("nan", "'nan' is not a number"),
        ("inf", "'inf' is not a number"),
        ("1_0", "'1_0' is not a number"),
        ("", "is empty, and must be a number"),
        ("1e400", "'1e400' is too large for a number"),
    ],
)
def test_a_cell_that_is_no_number_is_told_with_its_row_and_column(run: Path, cell: str, why: str):
    cells(run / "beds.csv", "beds_open", cell)
    cells(run / "today" / "costs.csv", "gbp", cell, 2)
    assert told(run) == [f"beds.csv row 2, beds_open: {why}", f"today/costs.csv row 4, gbp: {why}"]


def test_a_number_beyond_all_sense_is_a_difference_and_no_warning(run: Path):
    for row in range(2):
        cells(run / "costs.csv", "gbp", "1.7e308", row)
    assert told(run) != []


def test_a_cell_that_is_neither_yes_nor_no_is_told(run: Path):
    cells(run / "sites.csv", "is_open", "perhaps")
    assert told(run) == ["sites.csv row 2, is_open: 'perhaps' is neither true nor false"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        ("site,période\n".encode("latin-1"), "is not written in UTF-8"),
        ("site,period\n".encode("utf-16"), "is written in UTF-16"),
        (b"site;bed_type;period\na;b;c\n", "cells are separated by ';', and those of a run by commas"),
        (b'site,bed_type\n"a,b\n', "cannot be read: unexpected end of data"),
        (b"site,site\na,b\n", "the column 'site' is there 2 times"),
    ],
)
def test_a_file_that_is_no_table_is_told(run: Path, content: bytes, why: str):
    (run / "beds.csv").write_bytes(content)
    (problem,) = told(run)
    assert problem.startswith("beds.csv")
    assert why in problem


def test_a_file_that_a_spreadsheet_saved_is_the_same_table(run: Path):
    file = run / "sites.csv"
    text = file.read_text(encoding="utf-8").replace("true", "TRUE").replace("\n", "\r\n")
    file.write_text(text, encoding="utf-8-sig", newline="")
    assert told(run) == []


def test_all_that_cannot_be_read_is_told_at_once(run: Path):
    cells(run / "beds.csv", "beds_open", "ten")
    (run / "today" / "costs.csv").write_text("")
    cells(run / "answers" / "one_more.csv", "saves_gbp", "much")
    (run / "instance" / "sites.csv").unlink()
    says(run, objective="abc")
    found = told(run)
    for where in (
        "beds.csv row 2",
        "today/costs.csv",
        "answers/one_more.csv row 2",
        "run.json, objective",
        "instance/",
    ):
        assert any(text.startswith(where) for text in found), where


def test_a_run_without_its_instance_is_told(run: Path):
    shutil.rmtree(run / "instance")
    (problem,) = told(run)
    assert problem.startswith("instance: there is no such folder")
