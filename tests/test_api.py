"""The Python interface: the verbs of the command line."""

import doctest
from importlib.metadata import version
from pathlib import Path

import pytest

import capplan

REPOSITORY = Path(__file__).parents[1]
TINY = REPOSITORY / "instances" / "tiny"


def test_the_example_in_the_docstring_is_true(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    assert doctest.testmod(capplan) == doctest.TestResults(failed=0, attempted=6)


def test_the_version_is_that_of_the_package():
    assert capplan.__version__ == version("capplan")


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="solv"):
        capplan.solv  # noqa: B018 - the access is the test


def test_all_that_is_promised_is_there():
    assert all(callable(getattr(capplan, name)) for name in capplan.__all__)


def test_a_path_or_an_instance_can_be_solved():
    from_path = capplan.solve(str(TINY), as_is=True)
    from_instance = capplan.solve(capplan.read(TINY), as_is=True)
    assert from_path.objective == from_instance.objective == pytest.approx(497_394)


def test_sets_come_after_the_scenario():
    plan = capplan.solve(
        TINY, scenario="more_discharges", sets=["targets[target=discharges].value = 0.9"], threads=1, seed=3
    )
    assert plan.objective == pytest.approx(334_648)
    assert plan.options.seed == 3


def test_change_leaves_the_instance_as_it_was():
    instance = capplan.read(TINY)
    changed = capplan.change(instance, "instance.periods = 3", scenario="town_only")
    assert (instance.settings.periods, changed.settings.periods) == (6, 3)
    assert list(changed.staff["wte_max"]) != list(instance.staff["wte_max"])


def test_an_instance_with_errors_is_not_solved():
    with pytest.raises(capplan.InvalidInstance) as raised:
        capplan.solve(TINY, sets=["eligibility[pathway=crisis].pathway = discharge"])
    assert all(problem.severity is capplan.Severity.ERROR for problem in raised.value.problems)


def test_targets_out_of_reach_are_infeasible():
    with pytest.raises(capplan.Infeasible):
        capplan.solve(TINY, sets=["targets[target=discharges].value = 2"])


def test_what_cannot_all_hold_is_with_the_error_where_it_is_asked_for():
    too_much = ["targets[target=discharges].value = 2"]
    with pytest.raises(capplan.Infeasible) as raised:
        capplan.solve(TINY, sets=too_much, with_conflicts=True)
    (conflict,) = raised.value.conflicts
    (limit,) = conflict.limits
    assert (limit.kind, limit.table, limit.column) == ("targets", "targets", "value")
    assert limit.key == (("target", "discharges"),)
    assert limit.says == "the target ‘Discharges a day’: at least 2 a day"
    assert conflict.lines[0] == "This cannot hold"
    with pytest.raises(capplan.Infeasible) as raised:
        capplan.solve(TINY, sets=too_much)
    assert raised.value.conflicts == ()


@pytest.mark.parametrize("path", [TINY, capplan.read(TINY)], ids=["path", "instance"])
def test_one_text_is_no_list_of_changes(path):
    with pytest.raises(capplan.UsageError, match="is one text where a list of changes is wanted"):
        capplan.solve(path, sets="instance.periods = 3")


def test_one_text_is_no_list_of_overrides_to_note(tmp_path):
    plan = capplan.solve(TINY, as_is=True)
    with pytest.raises(capplan.UsageError, match="is one text where a list of changes is wanted"):
        capplan.write_run(plan, tmp_path / "run", overrides="instance.periods = 3")
    assert not (tmp_path / "run").exists()


def test_an_instance_is_made_of_frames_and_solved():
    tiny = capplan.read(TINY)
    tables = {name: frame for name, frame in tiny.written.items() if len(frame)}
    made = capplan.Instance.from_frames(tiny.settings, **tables)
    assert capplan.solve(made).objective == pytest.approx(334_648)


def test_a_run_is_written_and_read_back(tmp_path):
    plan = capplan.solve(TINY, as_is=True)
    run = capplan.read_run(capplan.write_run(plan, tmp_path / "run"))
    assert run.info["objective"] == pytest.approx(497_394)
    assert capplan.read(tmp_path / "run").settings == plan.instance.settings


def test_an_instance_may_be_named_by_its_path_wherever_one_is_asked_for():
    assert capplan.check(TINY) == capplan.check(capplan.read(TINY))
    assert capplan.change(TINY, "instance.periods = 3") == capplan.change(
        capplan.read(TINY), "instance.periods = 3"
    )


@pytest.mark.parametrize("ask", [capplan.check, capplan.change, capplan.solve])
def test_what_is_no_instance_is_a_usage_error(ask):
    with pytest.raises(capplan.UsageError, match="an instance is needed, not something of type int"):
        ask(5)


@pytest.mark.parametrize(
    ("option", "value"), [("gap", "1"), ("time_limit", "1"), ("threads", "2"), ("seed", None.__class__)]
)
def test_an_option_that_is_no_number_is_a_usage_error(option, value):
    with pytest.raises(capplan.UsageError, match=f"{option} is .*: give a number"):
        capplan.solve(TINY, **{option: value})
