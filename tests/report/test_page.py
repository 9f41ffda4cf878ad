"""The page as a file: complete in itself, every text as text, headings in order."""

import itertools
import re
from html.parser import HTMLParser

from capplan.report import page
from tests.report.conftest import END, FORMULA, SCRIPT

FEW_MB = 3_000_000


class Reader(HTMLParser):
    """Tags with their attributes, and the text outside scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag if tag in ("script", "style") else self.inside

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data.strip())


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def test_names_of_an_instance_come_out_as_text_whatever_they_hold(html):
    text = read(html).text
    for name in (SCRIPT, END, FORMULA, "Tiny & <b>bold</b>"):
        assert any(name in piece for piece in text)
    assert SCRIPT not in html
    assert END not in html


def test_the_only_scripts_are_the_pages_own_and_the_data_of_its_charts(html):
    scripts = [attrs for tag, attrs in read(html).tags if tag == "script"]
    figures = [tag for tag, _ in read(html).tags if tag == "figure"]
    assert sum(attrs.get("type") == "application/json" for attrs in scripts) == len(figures) > 5
    assert sum(not attrs for attrs in scripts) == 2


def test_nothing_is_fetched_from_anywhere(html):
    for tag, attrs in read(html).tags:
        for name in ("src", "href", "action", "srcset", "data"):
            address = attrs.get(name)
            assert address is None or address.startswith(("#", "data:image/svg+xml,")), (tag, name)
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
    assert "@import" not in html


def test_a_page_fits_in_a_mail(html):
    assert len(html.encode()) < FEW_MB


def test_headings_go_down_one_level_at_a_time(html, pair):
    for written in (html, pair):
        levels = [int(tag[1]) for tag, _ in read(written).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_every_link_leads_somewhere_and_no_place_is_named_twice(html):
    tags = read(html).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {attrs["href"] for tag, attrs in tags if tag == "a"}
    assert len(links) > 10
    assert {link.removeprefix("#") for link in links if link} <= set(ids)


def test_every_table_has_a_caption_and_every_picture_a_text_in_its_place(html):
    tags = read(html).tags
    count = {
        name: sum(tag == name for tag, _ in tags) for name in ("table", "caption", "figure", "figcaption")
    }
    assert count["table"] == count["caption"]
    assert count["figure"] == count["figcaption"]
    pictures = [attrs for tag, attrs in tags if tag == "img"]
    assert len(pictures) == count["figure"]
    assert all((attrs["alt"] or "").endswith(".") for attrs in pictures)


def test_the_same_run_gives_the_same_page(html, subject):
    assert page([subject]) == html


def test_plans_of_one_page_are_told_apart_by_name(pair):
    text = read(pair).text
    assert "2 plans side by side" in text
    assert any(piece.startswith("second: ") for piece in text)
