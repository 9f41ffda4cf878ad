from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of


def test_changes_that_touch_nothing_or_cannot_be_read_are_errors():
    rows = "scenario,changes\nmore,referrals[pathway=rehab].people_per_month *= 1.2\n{}"
    touched = build(scenarios=rows.format("none,referrals[pathway=nobody].people_per_month *= 1.2"))
    assert place(only(touched, "scenario_cannot_be_applied")) == ("scenarios", 3, "changes")
    unread = build(scenarios=rows.format("odd,more beds please"))
    assert "'odd' cannot be made" in only(unread, "scenario_cannot_be_applied").message
    invalid = build(scenarios=rows.format("less,site_beds.beds -= 1"))
    assert only(invalid, "scenario_cannot_be_applied").row == 3
    assert not problems_of(build(scenarios=rows.format("same,")), "scenario_cannot_be_applied")


def test_probabilities_sum_to_one_and_are_given_to_all_or_none():
    rows = "scenario,probability,changes\nlow,0.5,\nhigh,{},"
    problem = only(build(scenarios=rows.format(0.4)), "probabilities_do_not_sum_to_one", Severity.WARNING)
    assert "sum to 0.9" in problem.message
    assert (
        only(build(scenarios=rows.format("")), "probabilities_do_not_sum_to_one", Severity.WARNING).row == 3
    )
    assert not problems_of(build(scenarios=rows.format(0.5)), "probabilities_do_not_sum_to_one")
