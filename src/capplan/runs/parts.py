"""What a run folder is made of, and which columns of its tables hold text, or true and false."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

RUN_FILE = "run.json"
INSTANCE_FOLDER = "instance"
TODAY_FOLDER = "today"
"""Where a run keeps the result tables of today's capacity."""
ANSWERS_FOLDER = "answers"
"""Where a run keeps what was asked of it afterwards: what one more is worth, which assumptions could change it."""
PARTS = (RUN_FILE, INSTANCE_FOLDER, TODAY_FOLDER, ANSWERS_FOLDER)
TEXT_COLUMNS = frozenset(
    {
        "measure",
        "what",
        "where",
        "from",
        "decide_by",
        "provider",
        "site",
        "bed_type",
        "period",
        "locality",
        "role",
        "shift_type",
        "hospital",
        "pathway",
        "package",
        "target",
        "scheme",
        "scope",
        "window",
        "metric",
        "sense",
        "unit",
        "item",
        "key",
        "resource",
        "from_locality",
        "to_locality",
        "funder",
        "year",
    }
)
"""Columns of result tables that hold text, empty where there is nothing to say."""
YES_NO_COLUMNS = frozenset({"is_open", "is_imposed", "is_met", "is_live", "is_no_difference"})
"""Columns of result tables, and of a comparison, that hold true, false or nothing."""


def is_run(path: Path | str) -> bool:
    """Whether the path is a run folder."""
    return Path(path, RUN_FILE).is_file()


def spell_yes_no(table: pd.DataFrame) -> pd.DataFrame:
    """A result table with true and false as the tables of an instance have them; numbers stay numbers."""
    words = {True: "true", False: "false"}
    spelt = {
        name: table[name].astype(object).map(words) for name in YES_NO_COLUMNS.intersection(table.columns)
    }
    return table.assign(**spelt)
