"""Instances as folders: what is accepted as people and spreadsheet programs save it, and lossless writing."""

import json
import stat
from math import inf
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capplan.errors import InvalidInstance, Problem, UsageError
from capplan.files import read, read_raw, write
from capplan.files.folder import read_folder, write_folder
from capplan.instance import Instance
from capplan.schema.tables import TABLES

SETTINGS = {"title": "Two towns", "start": "2017-04-01", "periods": 12}
SMALLEST = {
    "localities": "locality,name,network\nay,Ay Town,north\nbee,Bee Town,north\n",
    "pathways": "pathway,name,direction,delay_day_gbp,unmet_gbp\np1,Home first,step_down,300,never\n",
    "packages": "package,setting,stay_days\nrehab,home,35\n",
    "eligibility": "pathway,package\np1,rehab\n",
    "referrals": "locality,pathway,people_per_month\nay,p1,12\n",
}
FULL = {
    **SMALLEST,
    "hospitals": "hospital,name\nh,Royal\n",
    "sites": "site,name,locality,is_open,note,beds_max,price_year\n"
    'x,Ynys Môn 😀,ay,no,"a, ""b""\nc",10.5,2017/18\n',
    "bed_types": "bed_type,occupancy_max\nic,0.92\n",
    "site_beds": "site,bed_type,beds,bed_month_gbp,available_from,available_to\n"
    "x,ic,10,4562.5,Apr-17,Mar-18\n",
    "referrals": "locality,pathway,month,people_per_month,people_per_week\nay,p1,,12,\nay,p1,2017-05,,0.1\n",
    "shift_types": "shift_type,days,start,hours,care_hours\nevening,all,8:00,4,3\n",
    "scenarios": "scenario,changes\nmore,referrals.people_per_month *= 1.2; instance.periods = 24\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the smallest instance, to be spoilt."""
    path = tmp_path / "towns"
    path.mkdir()
    (path / "instance.toml").write_text('title = "Two towns"\nstart = 2017-04-01\nperiods = 12\n')
    for name, text in SMALLEST.items():
        (path / f"{name}.csv").write_text(text)
    return path


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInstance) as caught:
        read(folder)
    return caught.value.problems


def the_problem(folder: Path) -> Problem:
    problems = problems_of(folder)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def same(one: Instance, other: Instance) -> None:
    """Equal settings and written tables; rows may count anew."""
    assert one.settings == other.settings
    assert one.settings.model_fields_set == other.settings.model_fields_set
    for name in TABLES:
        left, right = one.written[name], other.written[name]
        pd.testing.assert_frame_equal(
            left.reset_index(drop=True), right.reset_index(drop=True), check_exact=True
        )


def test_a_folder_is_read(folder):
    instance = read(folder)
    assert instance.settings.title == "Two towns"
    assert instance.referrals.loc[2, ["locality", "pathway", "people_per_month"]].tolist() == ["ay", "p1", 12]


def test_what_a_folder_holds_besides_tables_is_left_alone(folder):
    for name in ("README.md", "notes.txt", ".hidden.csv", "~$sites.xlsx", ".~lock.sites.csv#", "map.png"):
        (folder / name).write_text("x")
    (folder / "old").mkdir()
    (folder / "old" / "sites.csv").write_text("x")
    assert read(folder).sites.empty


def test_capitals_in_file_names_do_not_matter(folder):
    (folder / "localities.csv").rename(folder / "Localities.CSV")
    (folder / "instance.toml").rename(folder / "Instance.toml")
    assert len(read(folder).localities) == 2


def test_a_header_without_rows_is_an_empty_table(folder):
    (folder / "sites.csv").write_text("site,locality\n")
    assert read(folder).sites.empty


# as spreadsheet programs save it --------------------------------------------------------------------------

WELSH = "locality,name\nay,Ynys Môn – £\nbee,Bee\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_accents_are_read_in_every_usual_encoding(folder, encoding):
    (folder / "localities.csv").write_bytes(WELSH.encode(encoding))
    assert read(folder).localities.at[2, "name"] == "Ynys Môn – £"


@pytest.mark.parametrize(
    "content", [WELSH.encode("utf-16"), WELSH.encode("utf-16-be"), b"locality\nay\x81\nbee\n"]
)
def test_other_encodings_are_refused_with_what_to_do(folder, content):
    (folder / "localities.csv").write_bytes(content)
    problem = the_problem(folder)
    assert problem.rule == "encoding"
    assert problem.place == "localities.csv"
    assert "CSV UTF-8" in problem.what_now


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(folder, ending):
    (folder / "localities.csv").write_bytes(f"locality,name{ending}ay,Ay{ending}bee,Bee{ending}".encode())
    assert read(folder).localities["name"].tolist() == ["Ay", "Bee"]


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_another_separator_is_accepted_where_the_header_is_clear(folder, sign):
    (folder / "localities.csv").write_text(f"locality{sign}name\nay{sign}Ay, or A\nbee{sign}\n")
    assert read(folder).localities.at[2, "name"] == "Ay, or A"


def test_another_separator_is_refused_where_the_header_is_not_clear(folder):
    (folder / "localities.csv").write_text("locality;nme\nay;1\n")
    assert the_problem(folder).rule == "separator"


def test_quoted_cells_may_hold_commas_quotes_and_line_ends(folder):
    (folder / "localities.csv").write_text('locality,name\nay,"a, ""b""\nc"\nbee,Bee\nqq,\n')
    localities = read(folder).localities
    assert localities["name"].tolist()[:2] == ['a, "b"\nc', "Bee"]
    assert localities.index.tolist() == [2, 3, 4]  # as a spreadsheet counts rows


def test_rows_without_their_last_empty_cells_are_read(folder):
    (folder / "localities.csv").write_text("locality,name,network\nay\nbee,Bee\n\n")
    assert read(folder).localities["name"].tolist()[1] == "Bee"


def test_rows_with_more_empty_cells_are_read(folder):
    (folder / "localities.csv").write_text("locality,name\nay,Ay,,,\nbee\n")
    assert read(folder).localities["name"].tolist()[0] == "Ay"


def test_every_row_with_too_many_cells_is_named(folder):
    (folder / "localities.csv").write_text("locality,name\nay,Ay,1\nbee,Bee\ncee,C,2,3\n")
    assert [problem.row for problem in problems_of(folder)] == [2, 4]


def test_a_file_whose_rows_all_have_too_many_cells_is_not_misread(folder):
    (folder / "localities.csv").write_text("locality,name\nay,Ay,1\nbee,Bee,2\n")
    assert [problem.rule for problem in problems_of(folder)] == ["cells in a row"] * 2


def test_an_open_quotation_mark_is_named_with_its_row(folder):
    (folder / "localities.csv").write_text('locality,name\nay,Ay\nbee,"Bee\n')
    assert (the_problem(folder).rule, the_problem(folder).row) == ("quotes", 3)


def test_words_like_nan_are_text(folder):
    (folder / "localities.csv").write_text("locality,name\nay,NA\nbee,null\n")
    assert read(folder).localities["name"].tolist() == ["NA", "null"]


# files that are wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "\n\n", ",,,\nay,Ay\n"])
def test_a_file_without_a_header_is_refused(folder, content):
    (folder / "localities.csv").write_text(content)
    assert the_problem(folder).rule == "header"


def test_a_column_that_stands_twice_is_refused(folder):
    (folder / "localities.csv").write_text("locality,name,name\nay,A,B\nbee,,\n")
    assert the_problem(folder).message == "column 'name' stands twice"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("localitys.csv", "did you mean 'localities'?"),
        ("instance.csv", "move them there"),
        ("sites.xlsx", "CSV file"),
        ("sites.ods", "CSV file"),
        ("qqqq.csv", "the tables are localities"),
    ],
)
def test_a_file_that_is_no_table_is_named(folder, name, advice):
    (folder / name).write_text("a\n1\n")
    problem = the_problem(folder)
    assert problem.place == name
    assert advice in problem.what_now


def test_two_files_for_one_table_are_refused(folder):
    (folder / "LOCALITIES.csv").write_text("locality\nay\nbee\n")
    assert "the same table as LOCALITIES.csv" in the_problem(folder).message


def test_a_folder_that_is_not_there_is_one_problem(tmp_path):
    problem = the_problem(tmp_path / "nowhere")
    assert problem.message == "there is no such folder"
    assert str(tmp_path / "nowhere") in str(problem)


def test_an_empty_folder_has_no_settings(tmp_path):
    assert "has no instance.toml" in the_problem(tmp_path).message


def test_a_missing_settings_file_hides_no_other_problem(folder):
    (folder / "instance.toml").unlink()
    (folder / "referrals.csv").write_text("locality,pathway,people_per_month\nay,p1,-1\n")
    assert [problem.place for problem in problems_of(folder)] == ["instance.toml", "referrals.csv"]


def test_settings_that_are_no_toml_are_named_with_their_line(folder):
    (folder / "instance.toml").write_text('title = "T"\nstart = 01/04/2017\nperiods = 12\n')
    problem = the_problem(folder)
    assert (problem.place, problem.rule, problem.row) == ("instance.toml", "toml", 2)


def test_a_file_is_neither_folder_nor_workbook(folder):
    assert "neither a folder nor a workbook" in the_problem(folder / "localities.csv").message


def test_a_file_name_of_any_kind_never_leaves_the_folder(folder):
    (folder / "..csv").write_text("x")
    assert read_folder(folder).problems == ()


# writing --------------------------------------------------------------------------------------------------


def test_writing_and_reading_gives_the_same_instance(tmp_path):
    instance = Instance.from_frames({**SETTINGS, "price_year": "2017/18", "change_gbp": 0.1}, **FULL)
    write(instance, tmp_path / "copy")
    same(read(tmp_path / "copy"), instance)


def test_cells_are_written_in_their_canonical_spelling(tmp_path):
    write(Instance.from_frames(SETTINGS, **FULL), tmp_path / "copy")
    read_text = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "copy").iterdir()}
    assert read_text["site_beds.csv"] == (
        "site,bed_type,beds,bed_month_gbp,available_from,available_to\nx,ic,10,4562.5,2017-04-01,2018-03-31\n"
    )
    assert read_text["referrals.csv"] == (
        "locality,pathway,month,people_per_month,people_per_week\nay,p1,,12,\nay,p1,2017-05,,0.1\n"
    )
    assert read_text["pathways.csv"].endswith("p1,Home first,step_down,300,never\n")
    assert ",false," in read_text["sites.csv"]
    assert read_text["shift_types.csv"].endswith("evening,all,08:00,4,3\n")
    assert read_text["instance.toml"] == 'title = "Two towns"\nstart = 2017-04-01\nperiods = 12\n'
    assert "travel.csv" not in read_text


def test_writing_twice_gives_the_same_bytes(tmp_path):
    instance = Instance.from_frames(SETTINGS, **FULL)
    for name in ("one", "two"):
        write(instance, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_instance_is_replaced_and_other_files_stay(tmp_path):
    write(Instance.from_frames(SETTINGS, **FULL), tmp_path / "copy")
    (tmp_path / "copy" / "README.md").write_text("mine")
    (tmp_path / "copy" / "maps").mkdir()
    (tmp_path / "copy" / "maps" / "a.png").write_text("mine")
    write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path / "copy")
    assert not (tmp_path / "copy" / "sites.csv").exists()
    assert (tmp_path / "copy" / "README.md").read_text() == "mine"
    assert (tmp_path / "copy" / "maps" / "a.png").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_an_empty_folder_is_filled_and_missing_ones_are_made(tmp_path):
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "a" / "b"):
        write(Instance.from_frames(SETTINGS, **SMALLEST), path)
        assert read(path).settings.periods == 12


def test_a_folder_with_other_things_is_not_overwritten(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(UsageError, match="holds other files"):
        write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_is_not_overwritten_by_a_folder(tmp_path):
    (tmp_path / "thesis").write_text("years of work")
    with pytest.raises(UsageError, match="is a file"):
        write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path / "thesis")


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path / "file" / "copy")


def test_a_failed_write_leaves_the_old_instance_as_it_was(tmp_path, monkeypatch):
    write(Instance.from_frames(SETTINGS, **FULL), tmp_path / "copy")
    before = {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()}

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full_disk)
    with pytest.raises(UsageError, match="No space left"):
        write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path / "copy")
    assert {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_others_may_read_the_folder_as_any_other(tmp_path):
    (tmp_path / "plain").mkdir()
    write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path / "copy")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "copy")]
    assert modes[0] == modes[1]


def test_of_a_run_folder_what_was_solved_is_read(tmp_path):
    write(Instance.from_frames(SETTINGS, **SMALLEST), tmp_path / "instance")
    (tmp_path / "run.json").write_text(json.dumps({"status": "optimal"}))
    (tmp_path / "beds.csv").write_text("site,bed_type,period\n")
    same(read(tmp_path), Instance.from_frames(SETTINGS, **SMALLEST))


def test_a_workbook_is_told_from_a_folder_by_its_ending(tmp_path):
    instance = Instance.from_frames(SETTINGS, **FULL)
    write(instance, tmp_path / "copy.xlsx")
    assert (tmp_path / "copy.xlsx").is_file()
    same(read(tmp_path / "copy.xlsx"), instance)
    assert read_raw(str(tmp_path / "copy.xlsx")).tables.keys() >= SMALLEST.keys()


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
NUMBER = st.floats(0, 1e12) | st.integers(0, 10**6).map(float) | st.none()
SITE = st.fixed_dictionaries(
    {
        "name": TEXT | st.none(),
        "locality": st.sampled_from(["ay", "Bee Town"]),
        "is_open": st.booleans() | st.none(),
        "beds_max": NUMBER,
        "open_gbp_per_year": NUMBER,
        "note": TEXT | st.none(),
    }
)
PATHWAY = st.fixed_dictionaries({"unmet_gbp": NUMBER.filter(lambda n: n is not None) | st.just(inf)})


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sites=st.lists(SITE, max_size=3),
    pathway=PATHWAY,
    title=TEXT.filter(str.strip),
    month=st.dates() | st.none(),
)
def test_any_instance_that_was_read_is_written_and_read_back_exactly(tmp_path, sites, pathway, title, month):
    month_text = f"{max(month.year, 1900):04d}-{month.month:02d}" if month else None
    tables = {
        **SMALLEST,
        "sites": [{"site": f"s{i}", **site} for i, site in enumerate(sites)],
        "pathways": [{"pathway": "p1", "direction": "step_up", "delay_day_gbp": 1, **pathway}],
        "referrals": [{"pathway": "p1", "month": month_text, "people_per_week": 1 / 3}],
    }
    instance, problems = _assembled({**SETTINGS, "title": title}, tables)
    if instance is None:
        assert all("outside the years" in p.message or "formula error" in p.message for p in problems)
        return
    write_folder(instance, tmp_path / "copy")
    same(read(tmp_path / "copy"), instance)


def _assembled(given_settings, tables):
    try:
        return Instance.from_frames(given_settings, **tables), ()
    except InvalidInstance as error:
        return None, error.problems


def test_reading_is_assembling_what_the_files_hold(folder):
    instance, problems = Instance.from_raw(read_raw(folder))
    assert problems == ()
    same(read(folder), instance)
