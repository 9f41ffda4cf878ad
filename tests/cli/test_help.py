"""Help: it teaches, it is complete, and it is there at once."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from capplan.cli import COMMANDS, cli
from capplan.generate import SIZES
from docs.generate import cli_page

ROOT = click.Context(cli, info_name="capplan")
HEAVY = (
    "pandas",
    "numpy",
    "pyomo",
    "highspy",
    "rich",
    "scipy",
    "openpyxl",
    "jinja2",
    "vl_convert",
)


def command(name: str) -> click.Command:
    found = cli.get_command(ROOT, name)
    assert found is not None
    return found


def loaded_by(*args: str) -> set[str]:
    code = (
        "import sys; from capplan.cli import cli\n"
        f"try: cli({list(args)!r})\n"
        "except SystemExit: pass\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(answer.stdout.rsplit("loaded:", 1)[1].split())


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["solve", "--help"], ["slove"]])
def test_help_and_usage_errors_load_no_heavy_module(args):
    assert loaded_by(*args) == set()


def test_importing_capplan_loads_no_heavy_module():
    code = f"import sys, capplan; print([name for name in {HEAVY!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_teaches_with_examples_that_call_it(name):
    help_text = command(name).help
    assert help_text is not None
    examples = help_text.split("Examples:")[1]
    assert re.search(rf"capplan {name} \S", examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    options = [each for each in command(name).params if isinstance(each, click.Option)]
    assert all(option.help for option in options)
    assert {"-q", "-v"} <= {spelling for option in options for spelling in option.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_use_options_that_exist(name):
    known = {spelling for option in command(name).params for spelling in option.opts}
    used = re.findall(r"(?<= )--[a-z-]+", (command(name).help or "").split("Examples:")[1])
    assert set(used) <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_docs(name):
    page = cli_page().split(f"## `capplan {name}`\n")[1].split("\n## ")[0]
    for parameter in command(name).params:
        for spelling in parameter.opts if isinstance(parameter, click.Option) else []:
            assert spelling in page


def test_the_first_page_names_every_command_and_every_exit_code(capplan):
    page = capplan("--help").stdout
    assert all(re.search(rf"^  {name} +\S", page, re.MULTILINE) for name in COMMANDS)
    assert "…" not in page.split("Commands:")[1]
    assert "..." not in page.split("Commands:")[1]
    assert all(f" {code} " in page for code in (0, 2, 3, 4, 5, 1))


def test_a_mistyped_command_is_suggested(capplan):
    result = capplan("slove")
    assert result.exit_code == 2
    assert "Did you mean 'solve'" in result.stderr


def test_a_mistyped_option_is_suggested(capplan):
    result = capplan("solve", "tiny", "--best-efort")
    assert result.exit_code == 2
    assert "--best-effort" in result.stderr


def test_the_version_is_that_of_the_package(capplan):
    assert capplan("--version").stdout.strip() == f"capplan {version('capplan')}"


def test_sizes_offered_are_those_that_can_be_generated():
    size = next(each for each in command("generate").params if each.name == "size")
    assert isinstance(size.type, click.Choice)
    assert list(size.type.choices) == list(SIZES)


def test_generated_pages_are_where_the_readme_says():
    repository = Path(__file__).parents[2]
    readme = (repository / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert {"docs/tables.md", "docs/formulation.md", "docs/results.md", "docs/cli.md"} <= set(links)
    assert all((repository / link).exists() for link in links if "://" not in link)
