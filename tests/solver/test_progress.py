import io
from typing import Any

from capplan.results.status import Progress
from capplan.solver.progress import describe, show_progress

PLAN = Progress(75.4, 1_020_000.4, 1_000_000, 0.0196, 12)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_time_best_plan_bound_and_gap() -> None:
    assert describe(PLAN) == "75 s  best plan £1,020,000  bound £1,000,000  gap 1.96%"
    assert describe(Progress(3.2)) == "3 s  no plan yet"
    assert describe(Progress(3.2, bound=5.0), "{:.1f} people".format) == "3 s  no plan yet  bound 5.0 people"
    assert describe(Progress(12, -1234.6)) == "12 s  best plan -£1,235"


def test_when_piped_a_plain_line_comes_every_few_seconds() -> None:
    stream = io.StringIO()
    with show_progress(stream, doing="Solving [red]x[/red]", every=5) as tell:
        for seconds in (1, 5, 6, 9, 10.5, 12):
            tell(Progress(seconds))
        tell(Progress(0.5))
        tell(Progress(5.5))
    lines = stream.getvalue().splitlines()
    assert lines == [f"Solving [red]x[/red]  {seconds} s  no plan yet" for seconds in (5, 10, 6)]


def test_on_a_terminal_the_line_is_live() -> None:
    stream = Terminal()
    with show_progress(stream) as tell:
        tell(PLAN)
    assert "\x1b[" in stream.getvalue()


def test_quiet_shows_nothing_and_nothing_ever_goes_to_stdout(capsys: Any) -> None:
    stream = Terminal()
    with show_progress(stream, quiet=True) as tell:
        tell(PLAN)
    assert stream.getvalue() == ""
    with show_progress(every=0) as tell:
        tell(PLAN)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "best plan £1,020,000" in captured.err
