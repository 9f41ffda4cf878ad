"""One run or several as an Excel workbook: tables, charts, the planning return, runs side by side."""

from capplan.report.workbook.writing import write_workbook

__all__ = ["write_workbook"]
