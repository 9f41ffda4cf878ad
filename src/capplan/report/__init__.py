"""Reports for people who decide: one page that opens anywhere, with charts, a map and tables; or a workbook."""

from capplan.report.page import page
from capplan.report.subject import Subject

__all__ = ["Subject", "page"]
