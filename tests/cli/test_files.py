"""`capplan new`, `convert` and `generate`: what they write, and what they leave alone."""

import zipfile
from pathlib import Path

import pytest

import capplan as interface
from capplan.cli.commands.new import shipped_instances
from tests.cli.conftest import REPOSITORY


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_new_copies_the_tiny_instance_as_it_is(capplan, here):
    result = capplan("new", "mine")
    assert result.exit_code == 0
    assert "capplan check mine" in result.stderr
    assert files(here / "mine") == files(REPOSITORY / "instances" / "tiny")


@pytest.mark.parametrize("name", sorted(shipped_instances()))
def test_every_shipped_instance_can_be_copied(capplan, here, name):
    assert capplan("new", "mine", "--from", name).exit_code == 0
    assert files(here / "mine") == files(REPOSITORY / "instances" / name)


def test_new_makes_a_workbook_where_the_name_says_so(capplan):
    assert capplan("new", "mine.xlsx").exit_code == 0
    shipped = interface.read(REPOSITORY / "instances" / "tiny")
    assert interface.read("mine.xlsx").fingerprint == shipped.fingerprint


@pytest.mark.parametrize("name", ["blank", "blank.xlsx"])
def test_new_writes_a_blank_workbook(capplan, here, name):
    assert capplan("new", name, "--workbook").exit_code == 0
    assert zipfile.is_zipfile(here / "blank.xlsx")


@pytest.mark.parametrize("args", [("new",), ("new", "--workbook")])
def test_new_overwrites_nothing(capplan, here, args):
    (here / "mine").mkdir()
    (here / "mine" / "notes.txt").write_text("important")
    (here / "mine.xlsx").write_text("important")
    assert capplan(*args, "mine").exit_code == 2
    assert files(here / "mine") == {"notes.txt": b"important"}
    assert (here / "mine.xlsx").read_text() == "important"


def test_an_instance_that_is_not_shipped_is_a_usage_error_that_says_which_are(capplan):
    result = capplan("new", "mine", "--from", "wiltshire")
    assert result.exit_code == 2
    assert "wiltshire-2017" in result.stderr


def test_convert_goes_to_a_workbook_and_back_without_loss(capplan, tiny):
    assert capplan("convert", tiny, "tiny.xlsx").exit_code == 0
    assert capplan("convert", "tiny.xlsx", "back").exit_code == 0
    assert interface.read("back").fingerprint == interface.read(tiny).fingerprint


def test_convert_overwrites_nothing_and_converts_nothing_invalid(capplan, tiny, here):
    (here / "full.xlsx").write_text("important")
    assert capplan("convert", tiny, "full.xlsx").exit_code == 2
    (tiny / "sites.csv").unlink()
    (tiny / "site_beds.csv").write_text("site,bed_type\nnowhere,\n")
    assert capplan("convert", tiny, "new.xlsx").exit_code == 3
    assert not (here / "new.xlsx").exists()


@pytest.mark.parametrize("command", [("new",), ("generate", "small"), ("convert", "tiny")])
def test_what_cannot_be_written_is_a_usage_error(capplan, tiny, here, command):
    assert tiny.exists()
    (here / "file").write_text("in the way")
    result = capplan(*command, "file/below")
    assert result.exit_code == 2
    assert "file" in result.stderr


def test_generate_makes_the_same_instance_for_the_same_seed(capplan):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert capplan("generate", "small", name, "--seed", seed).exit_code == 0
    a, b, c = (interface.read(name).fingerprint for name in "abc")
    assert a == b
    assert a != c


def test_generate_says_which_sizes_there_are(capplan):
    result = capplan("generate", "huge", "mine")
    assert result.exit_code == 2
    assert "region" in result.stderr


def test_quiet_says_nothing(capplan):
    assert capplan("new", "mine", "-q").output == ""
