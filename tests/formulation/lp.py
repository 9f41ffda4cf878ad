"""Prints one constraint family, built alone, as a linear program that people can read and compare."""

from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn

from capplan.formulation.build import add_variables, sets
from capplan.formulation.components import Family
from capplan.instance import Instance
from capplan.parameters.prepare import prepare


def family_alone(family: Family, instance: Instance) -> str:
    """The family's rows on the instance, the bounds of the variables in them, and which are whole numbers."""
    m = sets(prepare(instance))
    add_variables(m)
    fixed = {id(v): v.value for v in m.component_data_objects(pyo.Var) if v.fixed}
    m.unfix_all_vars()
    family.add_to(m)
    rows = [m.component(family.name)[key] for key in sorted(m.component(family.name), key=_order)]
    variables = _variables(rows)
    lines = [
        f"\\ {family.sentence}",
        "minimize",
        "    0",
        "subject to",
        *(line for row in rows for line in _row(row)),
        "bounds",
        *(f"    {_bounds(v, fixed.get(id(v)))}" for v in variables),
    ]
    whole = [f"    {_name(v)}" for v in variables if v.is_integer() or v.is_binary()]
    return "\n".join([*lines, *(["whole numbers", *whole] if whole else []), "end"]) + "\n"


def _variables(rows: list[Any]) -> list[Any]:
    """The variables in the rows, by name and index."""
    found = {id(v): v for row in rows for v in _repn(row).linear_vars}
    return sorted(found.values(), key=_variable_order)


def _repn(row: Any) -> Any:
    return generate_standard_repn(row.to_bounded_expression()[1])


def _row(row: Any) -> Iterator[str]:
    """`name: terms <= number`, every variable on the left and what is constant on the right."""
    lower, _, upper = row.to_bounded_expression()
    repn = _repn(row)
    terms = sorted(
        zip(repn.linear_coefs, repn.linear_vars, strict=True), key=lambda term: _variable_order(term[1])
    )
    relation = "=" if row.equality else "<=" if lower is None else ">="
    right = pyo.value(upper if lower is None else lower) - pyo.value(repn.constant)
    sign = 1
    if relation == "<=" and row.parent_component().name.endswith("_minimum"):
        # Pyomo turns some rows round; a minimum reads as one.
        relation, sign = ">=", -1
    yield f"    {_name(row)}:"
    yield from (f"        {_term(sign * coefficient)}{_name(v)}" for coefficient, v in terms if coefficient)
    yield f"        {relation} {_number(sign * right)}"


def _bounds(variable: Any, fixed: float | None) -> str:
    if fixed is not None:
        return f"{_name(variable)} = {_number(fixed)}"
    low, high = variable.bounds
    least = "" if low is None else f"{_number(low)} <= "
    most = "" if high is None else f" <= {_number(high)}"
    return f"{least}{_name(variable)}{most}" if least or most else f"{_name(variable)} free"


def _term(coefficient: float) -> str:
    sign, size = ("-" if coefficient < 0 else "+"), abs(coefficient)
    return f"{sign} " if size == 1 else f"{sign} {_number(size)} "


def _name(component: Any) -> str:
    index = component.index()
    parts = index if isinstance(index, tuple) else (index,)
    return f"{component.parent_component().name}[{','.join(str(part) for part in parts)}]"


def _number(number: float) -> str:
    return f"{number + 0.0:.6g}"


def _order(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _variable_order(variable: Any) -> tuple[Any, ...]:
    return (variable.parent_component().name, *_order(variable.index()))
