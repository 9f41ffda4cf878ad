"""Errors as values: what they carry reaches another process whole."""

import copy
import pickle

import pytest

import capplan.schema.text
from capplan import errors
from capplan.errors import CapplanError, Conflict, ConflictingLimit, Infeasible, InvalidInstance, Problem
from capplan.schema.text import Unreadable

PROBLEMS = (
    Problem("sites", "key", "has the same site as row 2", "keep one of the rows", 3, "site", "manor"),
    Problem("instance", "required", "is missing", column="periods", place="instance.toml"),
)
LIMIT = ConflictingLimit("beds", "site_beds", "beds_max", (("site", "manor"),), "at most 8 beds")
MADE = {
    InvalidInstance: lambda: InvalidInstance(PROBLEMS),
    Infeasible: lambda: Infeasible("no plan", [Conflict((LIMIT,), ("This cannot hold", "- at most 8 beds"))]),
    Unreadable: lambda: Unreadable("is no number", lambda: "write one"),
}


def every_kind(of=CapplanError):
    return [of, *(each for kind in of.__subclasses__() for each in every_kind(kind))]


def made(kind):
    return MADE.get(kind, lambda: kind("what went wrong"))()


def test_every_kind_is_known_here():
    assert {errors.UsageError, errors.SolverFailed, capplan.schema.text.Unreadable} <= set(every_kind())


@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.deepcopy])
@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.__name__)
def test_an_error_says_the_same_in_another_process(kind, again):
    error = made(kind)
    other = again(error)
    assert type(other) is kind
    assert str(other) == str(error)
    assert other.exit_code == error.exit_code


def test_the_problems_of_an_invalid_instance_survive():
    error = made(InvalidInstance)
    other = pickle.loads(pickle.dumps(error))
    assert other.problems == error.problems == PROBLEMS
    assert str(other).splitlines()[1] == "instance.toml, periods: is missing"


def test_the_conflicts_of_an_infeasible_instance_survive():
    other = pickle.loads(pickle.dumps(made(Infeasible)))
    assert other.conflicts[0].limits == (LIMIT,)
    assert Infeasible("no plan").conflicts == ()


def test_advice_that_is_worked_out_late_is_worked_out_before_it_travels():
    assert pickle.loads(pickle.dumps(made(Unreadable))).what_now == "write one"
