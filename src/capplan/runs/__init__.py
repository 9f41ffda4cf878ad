"""Run folders: one plan saved with what it was made from, written whole or not at all, and read back."""

from capplan.runs.folder import is_run, keep_answer
from capplan.runs.reading import Run, is_answer, read_run, saved_answer
from capplan.runs.writing import free_place, run_info, write_run

__all__ = [
    "Run",
    "free_place",
    "is_answer",
    "is_run",
    "keep_answer",
    "read_run",
    "run_info",
    "saved_answer",
    "write_run",
]
