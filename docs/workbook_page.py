"""The page on the workbook: its sheets, and what the planning return counts, printed from the code."""

from __future__ import annotations

from capplan.report.workbook.results import LARGEST, sheet_title
from capplan.report.workbook.return_sheet import DEFINITION
from capplan.results.tables import TABLES

PREFACE = """\
# The workbook

`capplan report RUN… --out FILE.xlsx` writes one run or several as an Excel workbook. It opens in Excel and LibreOffice,
has no formulas and no links to the outside, and is written whole or not at all. Numbers are kept in full (those of the
run's CSV files, to the last digit) and shown rounded. Whatever an instance calls its things is text: a locality called
`=cmd()` stays that.

| sheet | holds |
|---|---|
| Contents | links to all the others |
| Comparison | of several runs: what differs from the first, why, who gains, who pays (as `capplan compare` says) |
| Side by side | charts of cost and capacity of every run |
| Differences | every number of every run and its difference from the first; `not proved` where the gaps leave it open |
| Changes | the cells in which the instances of the runs differ |
| Summary | the plan in the words and small tables of `capplan solve` |
| Capacity | charts of beds, staff and crews by period, each beside the Excel table that it draws |
| Occupancy | charts of occupancy and of people waiting by period |
| Funders | a chart of cost by funder and financial year |
| Planning return | demand, commissioned and spot capacity, and the gap, by pathway and month |
"""

RESULTS = """\
Of several runs, every one has its own sheets of the first kinds (`Summary - NAME`, …); the result tables have the runs
one below the other, with a first column that names them. Keys are shown by their names; two things of one name are told
apart by their keys. The sheet Columns traces every heading to its column in the run folder."""

SIZE = f"""\
Excel tables are written from memory: 100,000 rows of nine columns took 130 MB and some seconds. A result table of more
than {LARGEST:,} rows is left out, and the contents say where it stands."""

RETURN = """\
## The planning return

Councils and integrated care boards return, once a year, how many people are expected to need intermediate care and how
many can start it, by pathway and month, April to March, and how much of that is bought by the person. The sheet has a
block for each financial year (from `year_starts`): rows are directions, pathways and measures, columns its months."""

EXAMPLE = """\
**By example** (the shipped instance `tiny`). In April 30 people have a crisis at home and all are seen. Three crews are
on duty where 2.4 would do, so 30 × 3 / 2.4 = 37.5 could start: demand 30, commissioned 37.5, gap −7.5. Of 30 people
referred for discharge 27 start, and no bed and no worker is left idle: commissioned 27, gap 3.

**Why not beds × days ÷ stay for each pathway?** Pathways share beds and teams, and the same bed would be counted for
each of them ([decision 14](decisions/0014-capacity-by-pathway.md)). Here all pathways together can start what the sheet
says, in the same month."""


def page() -> str:
    """The whole page."""
    sheets = "\n".join(f"| {sheet_title(table)} | {record.about} |" for table, record in TABLES.items())
    definition = "\n".join(f"- {_bold(paragraph)}" for paragraph in DEFINITION)
    parts = (PREFACE + sheets, RESULTS, SIZE, RETURN, definition, EXAMPLE)
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _bold(paragraph: str) -> str:
    """The paragraph with the word that it explains in bold."""
    word, colon, rest = paragraph.partition(": ")
    return f"**{word}.** {rest[:1].upper()}{rest[1:]}" if colon and len(word) < 40 else paragraph
