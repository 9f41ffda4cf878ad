"""The tiny instance, its things called what nobody should call them, solved once and saved as a run."""

from pathlib import Path

import pytest

import capplan
from capplan.report import Subject, page
from capplan.runs import Run, read_run

TINY = Path(__file__).parents[2] / "instances" / "tiny"
SCRIPT = '<script>document.title="hacked"</script>'
"""The name of a site."""
END = "</script><img src=x onerror=alert(1)>"
"""The name of a locality, which is text in the data of the charts too."""
FORMULA = '=cmd()|"quotes" & 🏥'
"""The name of a pathway."""


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A saved run of the tiny instance with names that are anything but plain."""
    instance = capplan.read(TINY)
    places = instance.written["localities"].assign(latitude=[51.5, 51.3], longitude=[-2.1, -2.0])
    named = instance.replace(
        settings=instance.settings.model_copy(update={"title": "Tiny & <b>bold</b>"}),
        localities=places.assign(name=[END, "Southvale"]),
        sites=instance.written["sites"].assign(name=SCRIPT),
        pathways=instance.written["pathways"].assign(name=["Discharge from hospital", FORMULA]),
    )
    return read_run(capplan.write_run(capplan.solve(named), tmp_path_factory.mktemp("runs") / "tiny"))


@pytest.fixture(scope="session")
def subject(run: Run) -> Subject:
    """The run as a report has it."""
    return Subject("tiny", run, run.info)


@pytest.fixture(scope="session")
def html(subject: Subject) -> str:
    """The page about the run."""
    return page([subject])


@pytest.fixture(scope="session")
def pair(subject: Subject) -> str:
    """The page about the run and the same once more under another name."""
    return page([subject, Subject("second", subject.plan, subject.info)])
