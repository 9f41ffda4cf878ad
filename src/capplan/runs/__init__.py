"""Run folders: one plan saved with what it was made from; who reads them loads nothing of what writes them."""

from capplan.runs.folder import is_run, keep_answer
from capplan.runs.reading import Run, is_answer, read_run, saved_answer

__all__ = [
    "Run",
    "is_answer",
    "is_run",
    "keep_answer",
    "read_run",
    "saved_answer",
]
