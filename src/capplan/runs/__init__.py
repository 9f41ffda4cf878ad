"""Run folders: one plan saved with what it was made from, written whole or not at all, and read back."""

from capplan.runs.answers import keep_answer
from capplan.runs.parts import is_run
from capplan.runs.reading import Run, read_run
from capplan.runs.writing import fingerprint, free_place, run_info, write_run

__all__ = [
    "Run",
    "fingerprint",
    "free_place",
    "is_run",
    "keep_answer",
    "read_run",
    "run_info",
    "write_run",
]
