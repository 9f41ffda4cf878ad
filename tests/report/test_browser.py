"""The page in a real browser: from a file, with no network. Skipped, and loudly, where there is no chromium."""

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    said = "NO CHROMIUM IS INSTALLED: reports are not opened in a browser"
    warnings.warn(said, stacklevel=1)
    pytest.skip(said, allow_module_level=True)

from axe_playwright_python.sync_playwright import Axe  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

WIDTHS = (1280, 400)
DRAWN = "document.querySelectorAll('figure.is-drawn .live svg').length"


@pytest.fixture(scope="module")
def file(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the browser complained of, and what it asked for beyond the file."""
    return []


@pytest.fixture(scope="module")
def page(browser: Any, file: Path, complaints: list[str]) -> Page:
    """The page at 1280 pixels, all of its charts drawn."""
    found: Page = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
    found.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("request", lambda asked: complaints.append(asked.url) if asked.url.startswith("http") else None)
    found.goto(file.as_uri())
    draw_all(found)
    return found


def draw_all(page: Page) -> None:
    for n in range(page.locator("figure").count()):
        page.locator("figure").nth(n).scroll_into_view_if_needed()
    page.wait_for_function(f"{DRAWN} === document.querySelectorAll('figure').length")


def test_every_chart_is_drawn_without_an_error_or_a_request(page, complaints):
    assert page.evaluate(DRAWN) == page.locator("figure").count() > 5
    assert complaints == []
    assert page.title() == "Tiny & <b>bold</b>: capacity plan"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(browser, file, width):
    narrow = browser.new_context(viewport={"width": width, "height": 800}, offline=True).new_page()
    narrow.goto(file.as_uri())
    draw_all(narrow)
    for folded in narrow.locator("details").all():
        folded.evaluate("one => { one.open = true; }")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= width
    narrow.close()


def test_a_chart_tells_its_numbers_where_the_mouse_is(page):
    figure = page.locator("figure", has_text="Beds open by site").first
    figure.scroll_into_view_if_needed()
    figure.locator(".live svg .mark-rect path").first.hover()
    tooltip = page.locator("#vg-tooltip-element")
    tooltip.wait_for(state="visible")
    assert "10" in tooltip.inner_text()


def test_a_series_is_hidden_by_its_box_with_the_keyboard(page):
    figure = page.locator("figure", has_text="People who start, by pathway").first
    bars = figure.locator(".live svg .mark-rect path")
    assert bars.count() == 2 * 6
    box = figure.locator(".series input").first
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "one => one.querySelectorAll('.live svg .mark-rect path').length === 6", arg=figure.element_handle()
    )
    page.keyboard.press("Space")
    page.wait_for_function(
        "one => one.querySelectorAll('.live svg .mark-rect path').length === 12", arg=figure.element_handle()
    )


def test_a_table_is_sorted_by_number_up_and_down(page):
    table = page.locator("table", has_text="What it costs over the plan").first
    header = table.locator("thead th").nth(2)
    cells = lambda: table.locator("tbody tr td:nth-child(3)").all_inner_texts()  # noqa: E731

    def pounds(text: str) -> float:
        return float(text.replace("£", "").replace(",", ""))

    header.locator("button").focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "ascending"
    rising = [pounds(text) for text in cells()]
    assert rising == sorted(rising)
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    assert [pounds(text) for text in cells()] == rising[::-1]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_against_the_page(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.mouse.move(0, 0)  # no tooltip
    page.wait_for_timeout(200)
    found = Axe().run(page).response["violations"]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []


def test_axe_finds_nothing_against_plans_side_by_side(browser, pair, tmp_path):
    (tmp_path / "pair.html").write_text(pair, encoding="utf-8")
    both = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True).new_page()
    both.goto((tmp_path / "pair.html").as_uri())
    found = Axe().run(both).response["violations"]
    both.close()
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found] == []


def test_the_first_sheet_of_paper_has_the_title_the_plan_in_short_and_no_buttons(page, tmp_path):
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator(".short").is_visible()
    bottom = page.locator(".short").bounding_box()
    assert bottom is not None
    assert bottom["y"] + bottom["height"] < 1000  # of some 1,120 pixels on A4
    assert page.locator("figure .still").first.is_visible()
    assert not page.locator("figure .live").first.is_visible()
    paper = page.pdf(path=str(tmp_path / "report.pdf"), format="A4", prefer_css_page_size=True)
    page.emulate_media(media="screen")
    assert paper.startswith(b"%PDF")


def test_without_scripts_the_charts_are_pictures(browser, file):
    plain = browser.new_context(java_script_enabled=False, offline=True).new_page()
    plain.goto(file.as_uri())
    picture = plain.locator("figure .still").first
    assert picture.is_visible()
    assert picture.evaluate("one => one.naturalWidth") > 300
    plain.close()
