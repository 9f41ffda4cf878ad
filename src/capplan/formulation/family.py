"""What a constraint family is: one function whose docstring is a sentence, the equation and the reason."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from capplan import modelling as pyo
from capplan.modelling import LinearExpression, MonomialTermExpression

Rule = Callable[..., Any]


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
        sets = [[p if isinstance(p, tuple) else (p,) for p in getattr(m, name)] for name in self.sets]
        for parts in itertools.product(*sets):
            yield tuple(itertools.chain.from_iterable(parts))

    def add_to(self, m: pyo.ConcreteModel) -> None:
        """Builds the family's rows into the model."""
        rows = pyo.Constraint(list(self.indices(m)), rule=self.rule, doc=self.sentence)
        m.add_component(self.name, rows)


def constraint(*sets: str, unit: str, is_lazy: bool = False) -> Callable[[Rule], Family]:
    """Makes a function `rule(m, *index)` a constraint family indexed by those sets of the model."""

    def make(rule: Rule) -> Family:
        return Family(rule.__name__, sets, unit, rule, is_lazy)

    return make


def families(module: ModuleType) -> tuple[Family, ...]:
    """The families that a module defines, in its order."""
    return tuple(member for member in vars(module).values() if isinstance(member, Family))


def weighted_sum(terms: Iterable[tuple[float, Any]], constant: float = 0.0) -> LinearExpression:
    """Σ coefficient · variable + constant, built in one go."""
    products = map(MonomialTermExpression, terms)
    return LinearExpression([constant, *products] if constant else list(products))


def total(variables: Iterable[Any]) -> LinearExpression:
    """Σ variable."""
    return weighted_sum(zip(itertools.repeat(1.0), variables, strict=False))
