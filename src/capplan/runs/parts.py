"""What a run folder is made of."""

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


def is_run(path: Path | str) -> bool:
    """Whether the path is a run folder."""
    return Path(path, RUN_FILE).is_file()


def read_cells(file: Path) -> pd.DataFrame:
    """A CSV file of a run, every cell as text. Raises OSError and ValueError where it cannot be read."""
    return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
