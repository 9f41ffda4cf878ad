"""What a model is made of, as records: sets, parameters, variables, and families of constraints."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import Any

from capplan import modelling as pyo

Rule = Callable[..., pyo.Relation]


@dataclass(frozen=True)
class Index:
    """A set of the model: the letters that run over it, and what its elements are."""

    letters: str
    help: str


@dataclass(frozen=True)
class Parameter:
    """Numbers that the equations read: their index letters, unit and sentence."""

    letters: str
    unit: str
    help: str


class Domain(Enum):
    """The numbers that a variable may take."""

    ANY = "any number"
    NOT_NEGATIVE = "≥ 0"
    WHOLE = "whole, ≥ 0"
    YES_OR_NO = "0 or 1"

    @property
    def in_pyomo(self) -> pyo.Domain:
        """Pyomo's name for it."""
        return {
            Domain.ANY: pyo.Reals,
            Domain.NOT_NEGATIVE: pyo.NonNegativeReals,
            Domain.WHOLE: pyo.NonNegativeIntegers,
            Domain.YES_OR_NO: pyo.Binary,
        }[self]

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are in it."""
        return self in {Domain.WHOLE, Domain.YES_OR_NO}


class Rounding(Enum):
    """Which whole numbers a dive rounds first: in this order, what is dearest to get wrong."""

    GO_LIVES = "go-lives"
    WARDS = "acute wards"
    OPENINGS = "openings"
    BEDS = "beds"
    CONVERSIONS = "conversions"
    SHIFTS = "shifts"
    POSTS = "posts"


@dataclass(frozen=True)
class Variable:
    """A decision: the sets that index it, its unit, domain and sentence, and when a dive rounds it.

    Where the variables of a set come in steps, others carry the whole numbers and these may be any; the domain is then
    the one they have without steps.
    """

    sets: tuple[str, ...]
    unit: str
    domain: Domain
    help: str
    rounded: Rounding | None = None


@dataclass(frozen=True)
class Family:
    """A family of constraints: its name is the rows' name in the solver, the duals, the explanations and the docs.

    `sets` names the sets of the model that index it; `unit` is the unit of a row, and so of its shadow price's
    denominator. A lazy family is left out of the model at first: its rows are added where a relaxation breaks them.
    """

    name: str
    sets: tuple[str, ...]
    unit: str
    rule: Rule
    is_lazy: bool

    @property
    def sentence(self) -> str:
        """What the family says, for a planner."""
        return self._paragraphs[0]

    @property
    def equation(self) -> str:
        """The constraint in the names of the code."""
        return self._paragraphs[1]

    @property
    def reason(self) -> str:
        """Why it is there, or why it is written so."""
        return "\n\n".join(self._paragraphs[2:])

    @property
    def _paragraphs(self) -> list[str]:
        return (inspect.getdoc(self.rule) or "").split("\n\n")

    def indices(self, m: pyo.ConcreteModel) -> Iterator[tuple[Any, ...]]:
        """Every index of the family in the model, flat."""
        return indices(m, self.sets)

    def rows(self, m: pyo.ConcreteModel) -> pyo.Constraint:
        """The family's rows in a model that has them."""
        rows: pyo.Constraint = m.component(self.name)
        return rows

    def add_to(self, m: pyo.ConcreteModel) -> None:
        """Builds the family's rows into the model."""
        rows = pyo.Constraint(list(self.indices(m)), rule=self.rule, doc=self.sentence)
        m.add_component(self.name, rows)


def indices(m: pyo.ConcreteModel, sets: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """The product of some sets of the model, every index flat."""
    elements = [[each if isinstance(each, tuple) else (each,) for each in getattr(m, name)] for name in sets]
    for parts in itertools.product(*elements):
        yield tuple(itertools.chain.from_iterable(parts))


def constraint(*sets: str, unit: str, is_lazy: bool = False) -> Callable[[Rule], Family]:
    """Makes a function `rule(m, *index)` a constraint family indexed by those sets of the model."""

    def make(rule: Rule) -> Family:
        return Family(rule.__name__, sets, unit, rule, is_lazy)

    return make


def families(module: ModuleType) -> tuple[Family, ...]:
    """The families that a module defines, in its order."""
    return tuple(member for member in vars(module).values() if isinstance(member, Family))
