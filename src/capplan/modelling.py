"""Pyomo as far as a model needs it, and nothing else of Pyomo: `from capplan import modelling as pyo`.

`pyomo.environ` loads every solver, transformation and extension that Pyomo has; `pyomo.core` is a third of it. And
where Pyomo and scipy meet in one process, Pyomo loads scipy.stats, scipy.integrate and scipy.spatial at once, in case
a model uses them. Ours use none: while Pyomo looks, empty modules stand in their place. Whoever asks for them later,
Pyomo too, gets the real ones, which scipy loads on demand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import scipy.sparse  # noqa: F401 - a part that we do use, whole before the others are stood in for

UNUSED = ("scipy.integrate", "scipy.spatial", "scipy.stats")


@contextmanager
def _standing_in(names: tuple[str, ...]) -> Iterator[None]:
    """Empty modules for those that are not loaded yet."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update({name: ModuleType(name) for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with _standing_in(UNUSED):
    from pyomo.common.numeric_types import native_numeric_types
    from pyomo.core import (
        Binary,
        Block,
        ConcreteModel,
        Constraint,
        Expression,
        NonNegativeIntegers,
        NonNegativeReals,
        Objective,
        Param,
        Reals,
        Set,
        Suffix,
        Var,
        minimize,
        value,
    )
    from pyomo.core.base.constraint import ConstraintData
    from pyomo.core.base.var import VarData
    from pyomo.core.expr.numeric_expr import (
        LinearExpression,
        MonomialTermExpression,
        NegationExpression,
        SumExpression,
    )
    from pyomo.core.expr.numeric_expr import NumericExpression as Linear
    from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression
    from pyomo.core.expr.relational_expr import RelationalExpression as Relation
    from pyomo.repn import generate_standard_repn

__all__ = [
    "Binary",
    "Block",
    "ConcreteModel",
    "Constraint",
    "ConstraintData",
    "EqualityExpression",
    "Expression",
    "InequalityExpression",
    "Linear",
    "LinearExpression",
    "MonomialTermExpression",
    "NegationExpression",
    "NonNegativeIntegers",
    "NonNegativeReals",
    "Objective",
    "Param",
    "Reals",
    "Relation",
    "Set",
    "Suffix",
    "SumExpression",
    "Var",
    "VarData",
    "generate_standard_repn",
    "minimize",
    "native_numeric_types",
    "value",
]
