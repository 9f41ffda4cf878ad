"""What HiGHS is handed: options, a model as arrays, a start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from capplan.errors import SolverFailed, UsageError
from capplan.solver.arrays import Floats
from capplan.solver.compiled import Compiled
from capplan.solver.highs.scaling import scaled
from capplan.solver_options import SolverOptions

# The relative gap decides; this only ends a search for less than a ten-thousandth of a penny.
_ABSOLUTE_GAP = 1e-6


class _Silent(highspy.Highs):
    """A HiGHS that prints nothing, its banner included."""

    def enableCallbacks(self) -> None:
        """Called at birth; from 1.16 on the first callback prints the banner unless output is off by then."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def new_highs(options: SolverOptions, extra: Mapping[str, Any]) -> highspy.Highs:
    """A silent HiGHS with our options, and some by its own names. Raises UsageError for one that it refuses."""
    # The constructor has no types.
    new: Callable[[], highspy.Highs] = _Silent
    highs = new()
    settings: dict[str, Any] = {"random_seed": options.seed, "mip_abs_gap": _ABSOLUTE_GAP}
    if options.threads is not None:
        settings["threads"] = options.threads
    set_options(highs, settings | dict(extra))
    if options.log_file is not None:
        open_for_writing(options.log_file, "log_file")
        set_options(highs, {"log_to_console": False, "log_file": str(options.log_file), "output_flag": True})
    return highs


def set_options(highs: highspy.Highs, settings: Mapping[str, Any]) -> None:
    """Sets options by HiGHS's own names. Raises UsageError for one that it refuses."""
    for name, value in settings.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise UsageError(f"HiGHS does not accept {name} = {value!r}: give another value, or leave it out")


def open_for_writing(path: Path, setting: str) -> None:
    """Makes the file that a setting names, if there is none. Raises UsageError where it cannot be written."""
    try:
        path.open("a").close()
    except OSError as error:
        raise UsageError(f"{setting}: {path} cannot be written ({error.strerror})") from error


def pass_model(highs: highspy.Highs, compiled: Compiled, scale: Floats) -> None:
    """Hands the model over, its rows times their scale. Raises SolverFailed where HiGHS refuses it."""
    rows, columns = compiled.A.shape
    bounds = compiled.column_lower, compiled.column_upper
    row_bounds = compiled.row_lower * scale, compiled.row_upper * scale
    if any(np.isnan(numbers).any() for numbers in (compiled.cost, compiled.A.data, *bounds, *row_bounds)):
        raise SolverFailed("the model has a cost, coefficient or bound that is not a number")
    matrix = scaled(compiled.A, scale)
    status = highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        compiled.offset,
        compiled.cost,
        *bounds,
        *row_bounds,
        ints(matrix.indptr),
        ints(matrix.indices),
        floats(matrix.data),
        ints(compiled.is_integer),
    )
    accepted(status, "model")


def pass_start(highs: highspy.Highs, start: Floats, size: int) -> None:
    """Hands over values by column to begin from, NaN = unknown. Raises ValueError for more or fewer columns."""
    if len(start) != size:
        raise ValueError(f"the start has {len(start)} values, the model {size} columns")
    given = np.flatnonzero(~np.isnan(start))
    if len(given) < size:
        highs.setSolution(len(given), ints(given), floats(start[given]))
        return
    solution = highspy.HighsSolution()
    solution.col_value = floats(start)
    highs.setSolution(solution)


def accepted(status: highspy.HighsStatus, what: str) -> None:
    """Raises SolverFailed where HiGHS did not accept what it was handed."""
    if status == highspy.HighsStatus.kError:
        raise SolverFailed(f"HiGHS does not accept the {what}")


def ints(numbers: Any) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Whole numbers as HiGHS takes them."""
    return np.ascontiguousarray(numbers, dtype=np.int32)


def floats(numbers: Any) -> Floats:
    """Numbers as HiGHS takes them."""
    return np.ascontiguousarray(numbers, dtype=np.float64)
