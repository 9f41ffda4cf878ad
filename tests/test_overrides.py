"""Overrides: one grammar for `--set`, scenarios and studies."""

from math import inf

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capplan.errors import InvalidInstance, UsageError
from capplan.instance import Instance
from capplan.overrides import (
    Operation,
    Override,
    apply_overrides,
    apply_scenario,
    parse_override,
    split_changes,
)
from capplan.today import as_is

TABLES = {
    "localities": "locality,name,network,home_travel_share,travel_minutes_per_visit,visit_minutes\n"
    "ay,Ay Town,north,0.2,,\nbee,Bee Town,south,,15,45\n",
    "hospitals": "hospital,name\nh,Royal\n",
    "sites": "site,name,locality,kind,beds_max,can_open\nx,Cottage,ay,,12,\ny,St Mary's,bee,care_home,,no\n",
    "bed_types": "bed_type,occupancy_max\nic,90%\n",
    "site_beds": "site,bed_type,beds,beds_max,bed_day_gbp,bed_month_gbp,available_from\n"
    "x,ic,10,20,150,,2017-04-01\ny,ic,,,,4000,\n",
    "pathways": "pathway,name,direction,delay_day_gbp,unmet_gbp\n"
    "crisis,Crisis,step_up,300,never\nhome_first,Home first,step_down,never,5000\n",
    "packages": "package,setting,stay_days,stay_weeks\nrehab,home,,5\nbed,home,20,\n",
    "eligibility": "pathway,package,locality\ncrisis,rehab,ay;south\nhome_first,rehab,\n",
    "referrals": "locality,hospital,pathway,month,people_per_month,people_per_week\n"
    "ay,,crisis,,10,\nay,h,home_first,,20,\nbee,,crisis,,,3\nbee,,crisis,2017-05,40,\n",
    "shift_types": "shift_type,days,start,hours,care_hours\nday,all,8:00,8,6\n",
    "shifts": "locality,shift_type,shifts,shift_gbp\nay,day,10,100\n",
    "scenarios": "scenario,name,changes\nbusy,A busy winter,referrals[locality=ay].people_per_month *= 1.5; "
    "instance.periods = 24\nas_is,As it is,\n"
    'lines,,"packages[package=bed].stay_days += 3\nsites.note = cold"\n',
}
SETTINGS = {"title": "Two towns", "start": "2017-04", "periods": 12}


@pytest.fixture(scope="module")
def towns() -> Instance:
    return Instance.from_frames(SETTINGS, **TABLES)


def after(instance: Instance, *texts: str) -> Instance:
    return apply_overrides(instance, texts)


def refusal(instance: Instance, *texts: str) -> str:
    with pytest.raises(UsageError) as caught:
        apply_overrides(instance, texts)
    return str(caught.value)


def column(instance: Instance, table: str, name: str) -> list[object]:
    cells = instance.written[table].get(name, pd.Series(None, instance.written[table].index, dtype=object))
    return [None if pd.isna(cell) else cell for cell in cells]


# grammar --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "override"),
    [
        ("instance.periods = 24", Override("instance", (), "periods", Operation.SET, "24")),
        ("a.b*=1.2", Override("a", (), "b", Operation.TIMES, "1.2")),
        (" a [ c = d ] . b += -3 ", Override("a", (("c", ("d",)),), "b", Operation.PLUS, "-3")),
        ("a[c=d,e=f g].b = x", Override("a", (("c", ("d",)), ("e", ("f g",))), "b", Operation.SET, "x")),
        ("a[c=d;e ;d].b = x", Override("a", (("c", ("d", "e")),), "b", Operation.SET, "x")),
        ("a[c=].b =", Override("a", (("c", ("",)),), "b", Operation.SET, "")),
        ("a[c=,e=f].b =", Override("a", (("c", ("",)), ("e", ("f",))), "b", Operation.SET, "")),
        ("a[c=\"x, y\";'z]'].b = 'a;b'", Override("a", (("c", ("x, y", "z]")),), "b", Operation.SET, "a;b")),
        ("a[c=M's,e=J's].b = 1", Override("a", (("c", ("M's",)), ("e", ("J's",))), "b", Operation.SET, "1")),
        ("a[].b = 1", Override("a", (), "b", Operation.SET, "1")),
        ("a.b = c = d", Override("a", (), "b", Operation.SET, "c = d")),
    ],
)  # fmt: skip
def test_an_override_says_table_filters_column_and_change(text, override):
    assert parse_override(text) == override


@pytest.mark.parametrize(
    "text",
    ["", "periods = 24", "a.b", "a.b 3", "a.b -= 3", "a[b].c = 1", "a[b=c.d = 1", "a[=c].d = 1", "a b.c = 1"],
)  # fmt: skip
def test_anything_else_is_answered_with_the_grammar(text):
    with pytest.raises(UsageError, match=r"TABLE\[COLUMN=VALUE,\.\.\.\]\.COLUMN OP VALUE"):
        parse_override(text)


WORD = st.from_regex(r"[a-z][a-z_0-9]*", fullmatch=True)
VALUE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), min_size=1, max_size=9
)


@given(
    WORD, st.lists(st.tuples(WORD, VALUE.map(str.strip)), max_size=3), WORD, st.sampled_from(Operation), VALUE
)
def test_an_override_is_read_back_from_its_own_text(table, filters, name, operation, value):
    override = Override(table, tuple((c, (v,)) for c, v in filters), name, operation, value.strip())
    assert parse_override(str(override)) == override


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("", ()),
        (" ; \n ", ()),
        ("a.b = 1; c.d = 2\ne.f = 3;", ("a.b = 1", "c.d = 2", "e.f = 3")),
        ("a[b=c;d].e = 1;f.g = 2", ("a[b=c;d].e = 1", "f.g = 2")),
        ("a.b = \"x;y\"; c.d = 'x\ny'", ('a.b = "x;y"', "c.d = 'x\ny'")),
        ("a[b=St Mary's].c = 1; d[e=St John's].f = 2", ("a[b=St Mary's].c = 1", "d[e=St John's].f = 2")),
    ],
)
def test_changes_are_separated_by_semicolons_and_lines_outside_brackets_and_quotes(text, changes):
    assert split_changes(text) == changes


# which rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ("locality=ay", [2, 3]),
        ("locality=Ay town", [2, 3]),
        ("pathway=home first", [3]),
        ("pathway=crisis;Home first,hospital=", [2, 4, 5]),
        ("hospital=Royal", [3]),
        ("month=2017-05", [5]),
        ("month=May-17", [5]),
        ("month=;2017-05", [2, 3, 4, 5]),
        ("people_per_month=10;20", [2, 3]),
        ("people_per_week=3", [4]),
        ("growth_per_year=0,locality=bee", [4, 5]),
        ("profile=", [2, 3, 4, 5]),
    ],
)
def test_filters_choose_rows_by_key_name_month_number_or_emptiness(towns, filters, rows):
    changed = after(towns, f"referrals[{filters}].note = touched")
    notes = changed.written["referrals"]["note"]
    assert notes.index[notes == "touched"].tolist() == rows


def test_text_and_choices_are_matched_too_and_an_empty_cell_matches_its_default(towns):
    assert column(after(towns, "sites[kind=other].note = n"), "sites", "note") == ["n", None]
    assert column(after(towns, "sites[name=ST MARY'S].note = n"), "sites", "note") == [None, "n"]
    assert column(after(towns, "sites[can_open=yes].note = n"), "sites", "note") == ["n", None]
    assert column(after(towns, "site_beds[available_from=1 April 2017].note = n"), "site_beds", "note") == [
        "n",
        None,
    ]
    assert column(after(towns, "packages[stay_days=35].note = n"), "packages", "note") == ["n", None]
    assert column(after(towns, "sites[site=St Mary's].note = n"), "sites", "note") == [None, "n"]


def test_a_filter_cell_matches_by_any_of_its_names(towns):
    assert column(after(towns, "eligibility[locality=south].success = 0.5"), "eligibility", "success") == [
        0.5,
        None,
    ]


def test_an_override_that_touches_no_row_lists_the_values_there_are(towns):
    assert refusal(towns, "referrals[pathway=crisis,hospital=h].people_per_month = 1") == (
        "referrals[pathway=crisis,hospital=h].people_per_month = 1: touches no row: "
        "no row of referrals has hospital = h (there are only empty cells)"
    )
    assert "no row of site_beds has beds = 11 (there are 0, 10)" in refusal(
        towns, "site_beds[beds=11].beds = 1"
    )
    assert "travel has no rows" in refusal(towns, "travel.minutes = 3")


def test_an_unknown_name_is_told_the_nearest(towns):
    assert "did you mean 'crisis'?" in refusal(towns, "referrals[pathway=crises].people_per_month = 1")
    assert "did you mean 'referrals'?" in refusal(towns, "referals.people_per_month = 1")
    assert "did you mean 'people_per_month'?" in refusal(towns, "referrals.people_per_mnth = 1")
    assert "did you mean 'pathway'?" in refusal(towns, "referrals[pathwy=crisis].people_per_month = 1")
    assert "did you mean 'periods'?" in refusal(towns, "instance.periodes = 1")


# what is changed ------------------------------------------------------------------------------------------


def test_numbers_are_set_multiplied_and_added_to(towns):
    month = "referrals[locality=ay].people_per_month"
    assert column(after(towns, f"{month} = 5"), "referrals", "people_per_month") == [
        5,
        5,
        None,
        40,
    ]
    assert column(after(towns, f"{month} *= 1.5"), "referrals", "people_per_month") == [15, 30, None, 40]
    assert column(after(towns, f"{month} *= 150%"), "referrals", "people_per_month") == [15, 30, None, 40]
    assert column(after(towns, f"{month} += -2"), "referrals", "people_per_month") == [8, 18, None, 40]


def test_the_instance_itself_is_left_as_it_was(towns):
    after(towns, "referrals[locality=ay].people_per_month = 5", "instance.periods = 3")
    assert column(towns, "referrals", "people_per_month") == [10, 20, None, 40]
    assert towns.settings.periods == 12


def test_overrides_apply_one_after_the_other(towns):
    changed = after(towns, "site_beds[site=x].beds = 8", "site_beds[beds=8].beds += 1")
    assert column(changed, "site_beds", "beds") == [9, None]


def test_an_empty_cell_counts_as_its_default_or_is_left_empty(towns):
    assert column(after(towns, "site_beds.beds += 1"), "site_beds", "beds") == [11, 1]
    assert column(after(towns, "site_beds.beds_max += 1"), "site_beds", "beds_max") == [21, 1]
    assert column(after(towns, "sites.beds_max *= 2"), "sites", "beds_max") == [24, None]
    assert "is empty in every row" in refusal(towns, "sites[site=y].beds_max *= 2")


def test_whole_numbers_stay_whole_whatever_the_rounding(towns):
    assert column(after(towns, "shifts.shifts *= 1.1"), "shifts", "shifts") == [11]
    with pytest.raises(InvalidInstance, match=r"10\.5 is not a whole number"):
        after(towns, "shifts.shifts *= 1.05")


def test_setting_another_unit_replaces_the_one_that_was_there(towns):
    changed = after(towns, "packages.stay_days = 24")
    assert column(changed, "packages", "stay_days") == [24, 24]
    assert "stay_weeks" not in changed.written["packages"]
    assert changed.packages["stay_days"].tolist() == [24, 24]


def test_multiplying_rows_written_in_another_unit_is_refused_with_that_unit(towns):
    message = refusal(towns, "referrals[locality=bee].people_per_month *= 1.2")
    assert "1 of the rows touched are written in people_per_week, not in people_per_month" in message
    assert (
        column(
            after(towns, "referrals[month=,locality=bee].people_per_week *= 2"),
            "referrals",
            "people_per_week",
        )[2]
        == 6
    )
    assert "written in bed_month_gbp" in refusal(towns, "site_beds[site=y].bed_day_gbp += 1")


def test_setting_one_alternative_clears_the_other(towns):
    changed = after(towns, "localities[locality=bee].home_travel_share = 0.3")
    assert changed.localities["home_travel_share"].tolist() == [0.2, 0.3]
    assert column(changed, "localities", "visit_minutes") == [None, None]
    assert "written in travel_minutes_per_visit" in refusal(
        towns, "localities[locality=bee].home_travel_share *= 2"
    )
    assert after(towns, "localities[locality=bee].visit_minutes = 15").localities[
        "home_travel_share"
    ].tolist() == [0.2, 0.5]


def test_words_names_dates_yes_and_no_are_set(towns):
    assert column(after(towns, "pathways.unmet_gbp = never"), "pathways", "unmet_gbp") == [inf, inf]
    assert column(after(towns, "sites[site=x].locality = bee town"), "sites", "locality") == ["bee", "bee"]
    assert column(after(towns, "sites.can_open = yes"), "sites", "can_open") == [True, True]
    assert column(after(towns, "sites[site=x].kind = Extra care"), "sites", "kind") == [
        "extra_care",
        "care_home",
    ]
    assert (
        column(after(towns, "eligibility.locality = 'Bee Town;north'"), "eligibility", "locality")
        == ["bee;north"] * 2
    )
    assert (
        column(after(towns, "site_beds.available_to = Apr-18"), "site_beds", "available_to")
        == [pd.Timestamp("2018-04-30")] * 2
    )
    assert column(after(towns, "referrals[month=].month = June 2017"), "referrals", "month")[
        0
    ] == pd.Timestamp("2017-06-01")
    assert (
        column(after(towns, "site_beds.beds_source = ward returns"), "site_beds", "beds_source")
        == ["ward returns"] * 2
    )


def test_nothing_on_the_right_side_clears_the_cell(towns):
    assert column(after(towns, "sites.beds_max ="), "sites", "beds_max") == [None, None]
    assert column(after(towns, "site_beds.available_from ="), "site_beds", "available_from") == [None, None]
    assert column(after(towns, "sites.can_open ="), "sites", "can_open") == [None, None]


def test_a_scaled_never_is_never(towns):
    assert column(after(towns, "pathways.unmet_gbp *= 2"), "pathways", "unmet_gbp") == [inf, 10000]


def test_settings_are_changed_like_cells(towns):
    settings = after(
        towns, "instance.periods *= 2", "instance.start = May 2017", "instance.change_gbp += 50"
    ).settings
    assert (settings.periods, settings.start.isoformat(), settings.change_gbp) == (24, "2017-05-01", 150)
    assert after(towns, "instance.price_year = 2017/18", "instance.price_year =").settings.price_year is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("instance.title *= 2", "is no number"),
        ("instance.travel_minutes_max *= 2", "is not set"),
        ("instance.period = year", "month, week, quarter"),
        ("instance[a=b].periods = 3", "no rows to choose from"),
        ("sites.kind *= 2", "is no number"),
        ("sites.note += 2", "is no number"),
        ("site_beds.available_from += 2", "is no number"),
        ("site_beds.beds += many", "'many' is not a number"),
        ("site_beds.beds +=", "needs a number"),
        ("site_beds.beds = 1,5", "ambiguous"),
        ("sites.site = z", "does not rename rows"),
        ("sites.locality = nowhere", "is not in localities (ay, bee)"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(towns, text, why):
    assert why in refusal(towns, text)


def test_all_refusals_come_at_once(towns):
    lines = refusal(
        towns, "nonsense", "sites.kindd = 1", "instance.periods = 3", "travel.minutes = 1"
    ).splitlines()
    assert [line.split(":")[0].split(" ")[0] for line in lines] == [
        "'nonsense'",
        "sites.kindd",
        "travel.minutes",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("site_beds.beds += -11", "site_beds after the overrides row 2, beds"),
        ("bed_types.occupancy_max = 1.2", "bed_types after the overrides row 2, occupancy_max"),
        ("packages.stay_weeks =", "packages after the overrides row 2, stay_days"),
        ("referrals.locality = ay", "referrals after the overrides row 4, locality"),
        ("pathways.unmet_gbp =", "pathways after the overrides row 2, unmet_gbp"),
        ("instance.periods = 0", "instance after the overrides, periods"),
        ("instance.title =", "instance after the overrides, title"),
    ],
)
def test_what_breaks_a_rule_afterwards_is_an_invalid_instance(towns, text, where):
    with pytest.raises(InvalidInstance) as caught:
        after(towns, text)
    assert where in [problem.where for problem in caught.value.problems]


@settings(max_examples=10)
@given(first=st.floats(0.01, 100), second=st.floats(0.01, 100))
def test_two_factors_are_one_factor(towns, first, second):
    name = "packages[package=bed].stay_days"
    twice = after(towns, f"{name} *= {first!r}", f"{name} *= {second!r}")
    once = after(towns, f"{name} *= {first * second!r}")
    assert twice.packages["stay_days"].tolist() == pytest.approx(once.packages["stay_days"].tolist())


# scenarios ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", ["busy", "a busy winter"])
def test_a_scenario_applies_its_changes(towns, scenario):
    changed = apply_scenario(towns, scenario)
    assert column(changed, "referrals", "people_per_month") == [15, 30, None, 40]
    assert changed.settings.periods == 24


def test_changes_of_a_scenario_may_stand_in_lines(towns):
    changed = apply_scenario(towns, "lines")
    assert column(changed, "packages", "stay_days") == [None, 23]
    assert column(changed, "sites", "note") == ["cold", "cold"]


def test_a_scenario_without_changes_is_the_instance_as_it_stands(towns):
    assert apply_scenario(towns, "as_is") is towns


def test_an_unknown_scenario_is_told_the_ones_there_are(towns):
    with pytest.raises(UsageError, match=r"scenario 'bussy' is not in scenarios \(busy, as_is, lines\)"):
        apply_scenario(towns, "bussy")


def test_every_instance_has_a_scenario_in_which_todays_capacity_stays(towns):
    nothing = apply_scenario(towns, "do_nothing")
    assert list(nothing.table("site_beds")["beds_max"]) == [10, 0]
    assert list(towns.table("site_beds")["beds_max"]) == [20, 0]
    assert as_is(nothing).table("site_beds").equals(nothing.table("site_beds"))


def test_an_instances_own_scenario_of_that_name_comes_first(towns):
    rows = towns.written["scenarios"]
    own = towns.replace(scenarios=rows.assign(scenario=rows["scenario"].replace("as_is", "do_nothing")))
    assert apply_scenario(own, "do_nothing") is own


def test_where_nothing_is_done_schemes_and_wards_stay_as_they_are_and_budgets_are_reported():
    more = Instance.from_frames(
        {"title": "Towns", "start": "2017-04-01", "periods": 12},
        **{
            **TABLES,
            "schemes": "scheme,is_live,requires\nhub,yes,\nteam,no,hub\nhotline,yes,hub",
            "scheme_effects": "scheme,effect,multiply\nteam,packages.stay_days,0.9\nhub,packages.stay_days,0.8",
            "funding": "item,key,funder\nschemes,team,nhs\nschemes,hub,nhs\nbeds,,nhs",
            "budgets": "funder,year,budget_gbp\nnhs,2017/18,1000",
            "acute_beds": "hospital,ward_beds,wards_max,ward_month_gbp,occupancy\nh,20,2,9000,0.9",
        },
    )
    nothing = apply_scenario(more, "do_nothing")
    assert list(nothing.table("schemes")["scheme"]) == ["hub", "hotline"]
    assert nothing.table("schemes")["requires"].isna().all()
    assert list(nothing.table("scheme_effects")["scheme"]) == ["hub"]
    assert list(nothing.table("funding")["key"].dropna()) == ["hub"]
    assert list(nothing.table("acute_beds")["wards_max"]) == [0]
    assert not nothing.table("budgets")["is_imposed"].any()
