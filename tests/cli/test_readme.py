"""What the README shows is what is printed."""

import re
from pathlib import Path

import click

from capplan.cli import cli

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_readme_shows_what_solve_prints(capplan):
    capplan("new", "my-plan")
    shown = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert shown[1] == capplan("solve", "my-plan").stdout


def test_the_mistake_in_the_readme_is_told_as_shown(capplan):
    capplan("new", "my-plan")
    sites = Path("my-plan/sites.csv")
    sites.write_text(sites.read_text(encoding="utf-8").replace("cottage", "cotage"), encoding="utf-8")
    shown = re.search(r"^ +(site_beds\.csv row 2.*)$", README, re.MULTILINE)
    assert shown is not None
    assert shown[1] in capplan("check", "my-plan").stdout


def test_every_command_in_the_readme_is_one_that_can_be_called():
    lines = re.findall(r"^    capplan (.*)$", README, re.MULTILINE)
    assert len(lines) >= 6
    for line in lines:
        name, *words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line.split("   ")[0])]
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        command.make_context(name, words)  # a usage error where an option is not there
