"""The model as an LP file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from capplan.solver.compiled import Compiled
from capplan.solver.highs.model_input import accepted, new_highs, open_for_writing, pass_model
from capplan.solver_options import SolverOptions


def write_lp(compiled: Compiled, path: Path) -> None:
    """Write the model as an LP file, names as in Pyomo but for the signs that the format reserves.

    Raises UsageError where the file cannot be written.
    """
    open_for_writing(path, "path")
    highs = new_highs(SolverOptions(), {})
    pass_model(highs, compiled, np.ones(compiled.A.shape[0]))
    for column, name in enumerate(_lp_names(compiled.column_names)):
        highs.passColName(column, name)
    for row, name in enumerate(_lp_names(compiled.row_names)):
        highs.passRowName(row, name)
    accepted(highs.writeModel(str(path)), "path")


def _lp_names(names: Sequence[str]) -> Iterator[str]:
    """The names without the signs that the LP format reserves, still all different."""
    taken: set[str] = set()
    for position, name in enumerate(names):
        plain = re.sub(r"[^A-Za-z0-9_.,()]", "_", name.replace("[", "(").replace("]", ")"))
        unique = plain if plain not in taken else f"{plain}_{position}"
        taken.add(unique)
        yield unique
