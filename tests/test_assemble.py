"""From raw cells to an instance: what is accepted, and what every mistake is answered with."""

import pandas as pd
import pytest

from capplan.errors import InvalidInstance, Problem
from capplan.instance import Instance
from capplan.schema.raw import Form, RawInstance
from capplan.schema.tables import TABLES

SETTINGS = {"title": "Two towns", "start": "2017-04", "periods": 12}
SMALLEST = {
    "localities": "locality,name,network\nay,Ay Town,north\nbee,Bee Town,north\n",
    "pathways": "pathway,name,direction,delay_day_gbp,unmet_gbp\np1,Home first,step_down,300,never\n",
    "packages": "package,setting,stay_days\nrehab,home,35\n",
    "eligibility": "pathway,package\np1,rehab\n",
    "referrals": "locality,pathway,people_per_month\nay,p1,12\n",
}
BEDS = {
    "sites": "site,name,locality\nx,Cottage,ay\ny,Manor,bee\n",
    "bed_types": "bed_type,occupancy_max\nic,92%\n",
    "site_beds": "site,bed_type,beds,bed_day_gbp\nx,ic,10,150\n",
    "hospitals": "hospital,name\nh,Royal\n",
}


def problems_of(settings=SETTINGS, **tables) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInstance) as caught:
        Instance.from_frames(settings, **{**SMALLEST, **BEDS, **tables})
    return caught.value.problems


def the_problem(settings=SETTINGS, **tables) -> Problem:
    problems = problems_of(settings, **tables)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def written(table: str, **tables) -> pd.DataFrame:
    return Instance.from_frames(SETTINGS, **{**SMALLEST, **BEDS, **tables}).written[table]


def test_the_smallest_instance_needs_five_tables():
    instance = Instance.from_frames(SETTINGS, **SMALLEST)
    assert instance.referrals["people_per_month"].tolist() == [12]
    assert instance.pathways["unmet_gbp"].tolist() == [float("inf")]
    assert instance.written["sites"].empty


@pytest.mark.parametrize("name", SMALLEST)
def test_each_of_the_five_is_missed(name):
    with pytest.raises(InvalidInstance) as caught:
        Instance.from_frames(SETTINGS, **{table: rows for table, rows in SMALLEST.items() if table != name})
    assert [(p.table, p.rule) for p in caught.value.problems] == [(name, "required")]


@pytest.mark.parametrize("name", SMALLEST)
def test_a_needed_table_of_blank_rows_only_is_missed(name):
    header = SMALLEST[name].split("\n")[0]
    tables = {**SMALLEST, name: f"{header}\n{',' * header.count(',')}\n"}
    with pytest.raises(InvalidInstance) as caught:
        Instance.from_frames(SETTINGS, **tables)
    assert (name, "required") in [(p.table, p.rule) for p in caught.value.problems]


def test_frames_rows_and_text_give_the_same_table():
    text = "site,locality,beds_max\nx,ay,10\ny,bee,\n"
    rows = [{"site": "x", "locality": "ay", "beds_max": 10}, {"site": "y", "locality": "bee"}]
    frame = pd.DataFrame({"site": ["x", "y"], "locality": ["ay", "bee"], "beds_max": [10, None]})
    expected = written("sites", sites=text)
    pd.testing.assert_frame_equal(written("sites", sites=rows), expected)
    pd.testing.assert_frame_equal(written("sites", sites=frame), expected)


def test_a_written_table_is_taken_as_it_is():
    first = Instance.from_frames(SETTINGS, **{**SMALLEST, **BEDS})
    tables = {name: frame for name, frame in first.written.items() if not frame.empty}
    again = Instance.from_frames(first.settings.model_dump(exclude_unset=True), **tables)
    for name in TABLES:
        pd.testing.assert_frame_equal(again.written[name], first.written[name])


def test_rows_without_any_cell_are_left_out_and_the_others_keep_their_number():
    sites = written("sites", sites="site,locality\n,\nx,ay\n , \ny,bee\n,\n")
    assert sites.index.tolist() == [3, 5]
    assert sites.index.name == "row"


def test_a_header_without_rows_is_an_empty_table():
    assert list(written("travel", travel="locality\n").columns) == [c.name for c in TABLES["travel"].columns]


def test_capitals_and_blanks_in_a_header_do_not_matter():
    assert written("sites", sites="Site, LOCALITY ,Beds Max\nx,ay,10\ny,bee,\n").at[2, "beds_max"] == 10


def test_columns_stand_in_the_order_of_the_page_and_free_ones_after_them():
    sites = written("sites", sites="note,beds_max,beds_max_source,name,site,locality,kind\nn,1,s,N,x,ay,\n")
    assert list(sites.columns) == ["site", "name", "locality", "beds_max", "note", "beds_max_source"]


# names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["ay", "Ay Town", "ay town", "AY", " Ay  Town "])
def test_a_locality_may_be_called_by_key_or_name(spelling):
    table = f"locality,pathway,people_per_month\n{spelling},Home First,12\n"
    referrals = written("referrals", referrals=table)
    assert referrals.loc[2, ["locality", "pathway"]].tolist() == ["ay", "p1"]


def test_a_filter_may_mix_keys_names_and_networks():
    eligibility = "pathway,package,locality,site\np1,rehab,Bee town;NORTH;bee,Cottage;y\n"
    table = written("eligibility", eligibility=eligibility)
    assert table.loc[2, ["locality", "site"]].tolist() == ["bee;north", "x;y"]


def test_a_team_may_serve_all():
    tables = {
        "roles": "role,contact_hours_per_week\nrsw,25\n",
        "staff": "locality,role\nALL,rsw\nnorth,rsw\n",
    }
    assert written("staff", **tables)["locality"].tolist() == ["all", "north"]


def test_an_unknown_name_is_told_the_nearest_and_what_there_is():
    problem = the_problem(
        referrals="locality,pathway,people_per_month\nby,p1,1\nBe Town,p1,1\n".replace("by,p1,1\n", "")
    )
    assert (
        str(problem)
        == "referrals row 2, locality: 'Be Town' is not in localities (ay, bee); did you mean 'Bee Town'?"
    )


def test_of_many_names_the_first_eight_are_told():
    localities = "locality\nay\nbee\n" + "".join(f"place_{i}\n" for i in range(20))
    problem = the_problem(localities=localities, referrals="locality,pathway,people_per_month\nqq,p1,1\n")
    assert "(ay, bee, place_0, place_1, place_2, place_3, place_4, place_5, … 14 more)" in problem.message


def test_a_name_that_two_localities_bear_must_be_written_as_key():
    localities = "locality,name\nay,Newton\nbee,Newton\n"
    problem = the_problem(localities=localities, referrals="locality,pathway,people_per_month\nnewton,p1,1\n")
    assert problem.message == "'newton' is the name of ay and bee"
    assert problem.what_now == "write the key"


def test_a_key_goes_before_the_name_of_another():
    localities = "locality,name\nay,bee\nbee,Bee Town\n"
    referrals = written(
        "referrals", localities=localities, referrals="locality,pathway,people_per_month\nbee,p1,1\n"
    )
    assert referrals.at[2, "locality"] == "bee"


def test_a_reference_to_a_table_that_is_not_there_says_so():
    problem = the_problem(hospitals="hospital\n", referrals="hospital,pathway,people_per_month\nRoyal,p1,1\n")
    assert "is not in hospitals, which names nothing" in problem.message


def test_a_mistyped_key_is_told_once_not_at_every_reference():
    problem = the_problem(localities="locality,name\nAy,Ay Town\nbee,Bee\n")
    assert (problem.row, problem.column) == (2, "locality")
    assert "'ay'" in problem.what_now


# headers and tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("localty", "did you mean 'locality'?"),
        ("minutes", "it belongs to travel"),
        ("qqq", "its columns are site, name, locality"),
    ],
)
def test_an_unknown_column_is_told_where_it_might_belong(header, advice):
    problem = the_problem(sites=f"site,locality,{header}\nx,ay,1\n")
    assert (problem.row, problem.value) == (1, header)
    assert advice in problem.what_now


def test_a_column_that_stands_twice_is_refused():
    assert the_problem(sites="site,locality,name,Name\nx,ay,X,Y\n").message == "column 'name' stands twice"


def test_cells_without_a_column_name_are_refused_and_empty_columns_ignored():
    assert the_problem(sites="site,locality,\nx,ay,1\n").message == "column 3 holds cells but has no name"
    assert list(written("sites", sites="site,locality,,\nx,ay,,\n").columns) == ["site", "locality"]


def test_a_missing_column_is_told_once():
    problem = the_problem(sites="site\nx\ny\n")
    assert str(problem) == "sites row 1, locality: the column 'locality' is missing; add it"


def test_a_column_that_may_have_other_units_is_missed_with_all_of_them():
    problem = the_problem(packages="package,setting\nrehab,home\n")
    assert "'stay_days' (or stay_weeks)" in problem.message


def test_an_unknown_table_is_told_the_nearest():
    problem = the_problem(siets="a\n1\n")
    assert problem.what_now == "did you mean 'sites'?"


# rules within a table -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "rows", "column", "rule"),
    [
        ("site_beds", "site,bed_type,beds\nx,ic,-1\n", "beds", "bounds"),
        ("site_beds", "site,bed_type,bed_month_gbp\nx,ic,-1\n", "bed_month_gbp", "bounds"),
        ("site_beds", "site,bed_type,beds_step\nx,ic,1.5\n", "beds_step", "whole number"),
        ("site_beds", "site,bed_type,beds_step\nx,ic,0\n", "beds_step", "bounds"),
        ("site_beds", "site,bed_type\nx,ic\nX,ic\n", "site", "key"),
        ("site_beds", "site,bed_type\n,ic\n", "site", "required"),
        ("bed_types", "bed_type,occupancy_max\nic,92\n", "occupancy_max", "bounds"),
        ("bed_types", "bed_type,occupancy_max\nic,0\n", "occupancy_max", "bounds"),
        ("localities", "locality\nay\nbee\nay\n", "locality", "key"),
        ("packages", "package,setting,stay_days,stay_weeks\nrehab,home,35,5\n", "stay_days", "one unit"),
        ("packages", "package,setting,stay_days,stay_weeks\nrehab,home,,\n", "stay_days", "required"),
        ("packages", "package,setting,stay_weeks\nrehab,home,0\n", "stay_weeks", "bounds"),
        ("eligibility", "pathway,package,site\np1,rehab,x;y\np1,rehab,y;x\n", "pathway", "key"),
        ("referrals", "pathway,people_per_month\np1,12\nhome first,3\n", "locality", "key"),
    ],
)
def test_a_row_that_breaks_a_rule_of_its_table_is_named(table, rows, column, rule):
    problem = the_problem(**{table: rows})
    assert (problem.table, problem.column, problem.rule) == (table, column, rule)
    assert problem.row == len(rows.strip().split("\n"))
    assert problem.what_now


def test_other_units_are_accepted_row_by_row():
    packages = "package,setting,stay_days,stay_weeks\nrehab,home,35,\nshort,home,,2\n"
    instance = Instance.from_frames(SETTINGS, **{**SMALLEST, "packages": packages})
    assert instance.packages["stay_days"].tolist() == [35, 14]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "rsw,25,37.5,0.8",
            "both contact_hours_per_week and paid_hours_per_week and contact_share are given",
        ),
        ("rsw,25,37.5,", "both contact_hours_per_week and paid_hours_per_week and contact_share are given"),
        ("rsw,,37.5,", "only part of paid_hours_per_week and contact_share is given"),
        ("rsw,,,", "neither contact_hours_per_week nor paid_hours_per_week and contact_share is given"),
    ],
)
def test_hours_are_given_one_way_or_the_other(row, message):
    header = "role,contact_hours_per_week,paid_hours_per_week,contact_share"
    assert message in [p.message for p in problems_of(roles=f"{header}\n{row}\n")]


@pytest.mark.parametrize("row", ["rsw,30,,", "rsw,,37.5,80%"])
def test_both_ways_give_thirty_contact_hours(row):
    header = "role,contact_hours_per_week,paid_hours_per_week,contact_share"
    instance = Instance.from_frames(SETTINGS, **{**SMALLEST, "roles": f"{header}\n{row}\n"})
    assert instance.roles["contact_hours_per_week"].tolist() == [30]


def test_a_travel_share_may_be_left_out_altogether():
    localities = "locality,home_travel_share,travel_minutes_per_visit,visit_minutes\nay,,,\nbee,,15,45\n"
    instance = Instance.from_frames(SETTINGS, **{**SMALLEST, "localities": localities})
    assert instance.localities["home_travel_share"].tolist() == [0, 0.25]


def test_a_cell_that_cannot_be_read_is_not_told_again_as_empty_or_as_a_second_key():
    sites = "site,locality\n,ay\nx,nowhere\ny,also_nowhere\n"
    problems = [(p.row, p.column) for p in problems_of(sites=sites)]
    assert sorted(problems) == [(2, "site"), (3, "locality"), (4, "locality")]


def test_a_long_list_of_like_problems_is_shortened_and_counted():
    rows = "".join(f"ay,p1,2017-{i % 12 + 1:02d},-1\n" for i in range(12)) * 1
    rows += "".join(f"bee,p1,2018-{i % 12 + 1:02d},-1\n" for i in range(12))
    problems = problems_of(referrals=f"locality,pathway,month,people_per_month\n{rows}")
    assert len(problems) == 21
    assert problems[-1].message == "4 more rows break this rule"


# settings -------------------------------------------------------------------------------------------------


def test_all_settings_are_checked_at_once():
    settings = {
        "titel": "Two towns",
        "start": "42826",
        "periods": 0,
        "opening": "stedy",
        "change_gbp": "£1,5",
        "detour_factor": {"a": 1},
    }
    found = {(p.table, p.column, p.rule) for p in problems_of(settings)}
    assert found == {
        ("instance", None, "column"),
        ("instance", "title", "required"),
        ("instance", "start", "date"),
        ("instance", "periods", "bounds"),
        ("instance", "opening", "choice"),
        ("instance", "change_gbp", "number"),
        ("instance", "detour_factor", "value"),
    }


def test_a_mistyped_setting_is_told_the_nearest_and_a_wrong_choice_what_there_is():
    problem = the_problem({**SETTINGS, "peroid": "month"})
    assert problem.what_now == "did you mean 'period'?"
    assert "month, week, quarter" in the_problem({**SETTINGS, "period": "fortnight"}).message


def test_settings_are_read_like_cells():
    settings = {
        "Title": " T ",
        "START": "01/04/2017",
        "periods": "24.0",
        "change gbp": "£1,000",
        "discount_rate_per_year": "3.5%",
        "price_year": 2017,
        "opening": "Steady",
        "description": "",
    }
    read = Instance.from_frames(settings, **SMALLEST).settings
    assert (read.title, read.start.isoformat(), read.periods) == ("T", "2017-04-01", 24)
    assert (read.change_gbp, read.discount_rate_per_year, read.price_year) == (1000, 0.035, "2017")
    assert read.opening == "steady"
    assert "description" not in read.model_fields_set


# the whole ------------------------------------------------------------------------------------------------


def test_all_problems_come_at_once_in_the_order_of_the_tables():
    problems = problems_of(
        {"title": "T"},
        referrals="locality,pathway,people_per_month\nnowhere,p1,-1\n",
        site_beds="site,bed_type,beds\nz,ic,x\n",
        localities="locality,name\nay,\nbee,\nbee,\n",
    )
    places = [(p.table, p.row) for p in problems]
    assert places == [
        ("instance", None),
        ("instance", None),
        ("localities", 4),
        ("site_beds", 2),
        ("site_beds", 2),
        ("referrals", 2),
        ("referrals", 2),
    ]


@pytest.mark.parametrize(
    ("form", "place"),
    [(Form.FOLDER, "pathways.csv"), (Form.WORKBOOK, "sheet pathways"), (Form.MEMORY, "pathways")],
)
def test_a_place_is_called_what_the_planner_calls_it(form, place):
    _, problems = Instance.from_raw(RawInstance(form, SETTINGS, {}))
    assert place in [problem.where for problem in problems]


def test_what_the_reader_could_not_read_is_not_missed_as_well():
    unread = Problem("localities", "encoding", "is written in UTF-16")
    tables = {
        "pathways": pd.DataFrame(
            {"pathway": ["p1"], "direction": ["step_down"], "delay_day_gbp": ["1"], "unmet_gbp": ["1"]}
        ),
        "packages": pd.DataFrame({"package": ["m"], "setting": ["home"], "stay_days": ["1"]}),
        "eligibility": pd.DataFrame({"pathway": ["p1"], "package": ["m"]}),
        "referrals": pd.DataFrame({"locality": ["ay"], "pathway": ["p1"], "people_per_month": ["1"]}),
    }
    instance, problems = Instance.from_raw(RawInstance(Form.FOLDER, SETTINGS, tables, (unread,)))
    assert instance is None
    assert [problem.rule for problem in problems] == ["encoding"]


def test_two_hundred_thousand_rows_are_read():
    months = pd.period_range("2001-01", periods=1000, freq="M").astype(str)
    places = [f"place_{i}" for i in range(200)]
    rows = pd.MultiIndex.from_product([places, months], names=["locality", "month"]).to_frame(index=False)
    referrals = rows.assign(pathway="Home first", people_per_month="1,234.5", source="audit")
    instance = Instance.from_frames(
        SETTINGS, **{**SMALLEST, "localities": pd.DataFrame({"locality": places}), "referrals": referrals}
    )
    read = instance.referrals
    assert len(read) == 200_000
    assert read["people_per_month"].sum() == 200_000 * 1234.5
    assert set(read["pathway"]) == {"p1"}
    assert read["month"].nunique() == 1000
