"""The workbook in LibreOffice: opened without repair, with the same numbers and texts."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import capplan
from capplan.report.workbook import write_workbook

TINY = Path(__file__).parents[3] / "instances" / "tiny"
SOFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(
    SOFFICE is None,
    reason="NO LIBREOFFICE (soffice) ON THIS MACHINE: no workbook was opened in it; "
    "apt-get install libreoffice-calc-nogui",
)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """A workbook of two runs as we wrote it, and as LibreOffice saved it again."""
    place = tmp_path_factory.mktemp("office")
    runs = [("plan", capplan.solve(TINY)), ("more", capplan.solve(TINY, scenario="more_discharges"))]
    ours = write_workbook(runs, place / "report.xlsx")
    command = [
        *(str(SOFFICE), f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore"),
        *("--convert-to", "xlsx", "--outdir", str(place / "again"), str(ours)),
    ]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "rror" not in said.stdout + said.stderr
    return openpyxl.load_workbook(ours), openpyxl.load_workbook(place / "again" / "report.xlsx")


def test_libreoffice_reads_every_sheet_with_the_same_cells(books):
    ours, again = books
    assert again.sheetnames == ours.sheetnames
    compared = 0
    for sheet in ours:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.value != "":
                    assert again[sheet.title][cell.coordinate].value == cell.value, (
                        sheet.title,
                        cell.coordinate,
                    )
                    compared += 1
    assert compared > 3000


def test_libreoffice_keeps_the_charts_and_the_tables(books):
    ours, again = books
    for sheet in ours:
        assert len(again[sheet.title]._charts) == len(sheet._charts)
        assert sorted(again[sheet.title].tables) == sorted(sheet.tables)
