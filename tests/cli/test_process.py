"""The command as a process: pipes that close, terminals without £, scripts that read exit codes."""

import os
import signal
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "from capplan.cli import main; main()"]


def test_a_reader_that_goes_away_is_no_error_to_talk_about():
    process = subprocess.Popen([*COMMAND, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert stderr == b""


def test_a_terminal_that_knows_no_pound_sign_gets_no_traceback(solved):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    run = [*COMMAND, "sources", str(solved.folder / "tiny"), "--all"]
    answer = subprocess.run(run, capture_output=True, env=environment, check=False)
    assert answer.returncode == 0
    assert answer.stdout.isascii()
    assert b"Traceback" not in answer.stderr


def test_output_is_coloured_only_where_colour_is_asked_for(solved):
    run = [*COMMAND, "sources", str(solved.folder / "tiny")]
    plain = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")}
    assert b"\x1b" not in subprocess.run(run, capture_output=True, env=plain, check=True).stdout
    coloured = {**plain, "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    assert b"\x1b" in subprocess.run(run, capture_output=True, env=coloured, check=True).stdout


WAITS = """
import signal, time
# A shell that starts the tests in the background has SIGINT ignored, and Python then leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)
import capplan.cli.check as check, capplan.cli.solve as solve
from capplan.cli import main
def wait(*args, **options):
    print("ready", flush=True)
    time.sleep(60)
solve.answer = check.read_raw = wait
main()
"""


@pytest.mark.parametrize(("command", "code"), [("solve", 5), ("check", 130)])
def test_ctrl_c_is_a_short_message_and_an_exit_code(solved, tmp_path, command, code):
    run = [sys.executable, "-c", WAITS, command, str(solved.folder / "tiny")]
    with subprocess.Popen(
        run, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("args", "code"), [(["schema", "nothing"], 2), (["check", "nowhere"], 3)])
def test_exit_codes_reach_the_shell(args, code):
    assert subprocess.run([*COMMAND, *args], capture_output=True, check=False).returncode == code
