"""The site as `make site` writes it: read from the disk, with no network and no kernel."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from tests.browser.test_accessibility import AXE, FOUND

ROOT = Path(__file__).parent.parent.parent
UNIT = "5_automatic_differentiation"
REVEAL = ROOT / ".ci" / "node_modules" / "reveal.js"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The pages of all units and their slides; one lecture is executed, which takes a minute for all."""
    folder = tmp_path_factory.mktemp("site")
    lecture = ROOT / "lectures" / f"{UNIT}.ipynb"
    for path in (ROOT / "lectures").glob("*.ipynb"):
        shutil.copy(path, folder)
    run = ["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", f"--output-dir={folder}", lecture]
    make = [ROOT / ".ci" / "site", folder / "site", *folder.glob("*.ipynb")]
    for command in (run, make):
        done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture
def page(site, chromium):
    """Opens a page of the site; at the end nothing was asked of a network and nothing failed."""
    page = chromium.new_page(viewport={"width": 1000, "height": 900}, color_scheme="light")
    page.context.set_offline(True)
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: message.type == "error" and failures.append(message.text))
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or failures.append(r.url))
    page.address = lambda name: f"file://{site}/{name}.html"
    yield page
    page.close()
    assert failures == []


@pytest.mark.parametrize("name", ["index", UNIT])
def test_every_figure_answers_a_key(page, name):
    page.goto(page.address(name))
    page.wait_for_selector(".nnlib-figure")
    figures = page.locator(".nnlib-figure").all()
    assert len(figures) == (1 if name == "index" else 6)
    assert not page.locator(".nnlib-still").filter(visible=True).count()
    for figure in figures:
        assert _answers(figure), figure.inner_text()


def _answers(figure):
    """Whether some control of the figure, used by keyboard alone, changes what is seen."""
    seen = "(node) => node.innerHTML + [...node.querySelectorAll('input')].map((one) => one.value)"
    before = figure.evaluate(seen)
    for control, key in (
        ("input[type=range]", "ArrowRight"),
        ("[role=slider]", "ArrowUp"),
        ("button", "Enter"),
    ):
        for node in figure.locator(control).filter(visible=True).all()[:6]:
            node.press(key)
            if figure.evaluate(seen) != before:
                return True
    return False


def test_every_link_leads_to_something_that_is_there(site):
    pages = {
        str(path.relative_to(site)): BeautifulSoup(path.read_text(), "html.parser")
        for path in site.rglob("*.html")
    }
    places = {name: {node["id"] for node in soup.find_all(id=True)} for name, soup in pages.items()}
    assert {"index.html", "glossary.html", "help.html", f"{UNIT}.html", f"{UNIT}_exercise.html"} < set(pages)
    for name, soup in pages.items():
        for link in soup.find_all("a", href=True):
            if not re.match(r"https?:", link["href"]):
                file, _, place = unquote(link["href"]).partition("#")
                file = os.path.normpath(Path(name).parent / file) if file else name
                assert file in pages and (not place or place in places[file]), link


def test_pages_follow_each_other_and_each_has_its_place(site):
    lecture, exercise = (
        BeautifulSoup((site / f"{UNIT}{end}.html").read_text(), "html.parser") for end in ("", "_exercise")
    )
    assert lecture.find(rel="next")["href"] == f"{UNIT}_exercise.html"
    assert exercise.find(rel="prev")["href"] == f"{UNIT}.html"
    for soup in (lecture, exercise):
        assert len(soup.find_all("h1")) == 1 and "google.colab" not in soup.text
        assert soup.find(attrs={"aria-current": "page"}).text
        assert all(picture.get("aria-label") for picture in soup.select("svg[role=img]"))
        assert all(picture.get("alt") for picture in soup.find_all("img"))
        assert not re.search(r"\$|\\[a-z]+\{", " ".join(p.text for p in soup.select(".words p")))


def test_exercises_are_shown_without_answers(site):
    pages = sorted(site.glob("*_exercise.html"))
    assert len(pages) == len(list((ROOT / "exercises").glob("*/*.ipynb")))
    for page in pages:
        text = BeautifulSoup(page.read_text(), "html.parser").text
        assert "raise NotImplementedError" in text
        assert "BEGIN SOLUTION" not in text and "HIDDEN TESTS" not in text


def test_on_a_phone_no_page_is_wider_than_the_window(page, site):
    page.set_viewport_size({"width": 390, "height": 800})
    wide = []
    for path in sorted(site.glob("*.html")):
        page.goto(path.as_uri())
        assert page.locator("nav li").first.is_hidden(), "the page comes before the contents"
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path.name)
    assert wide == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: npm --prefix .ci ci brings it")
def test_axe_finds_nothing_on_a_page_of_each_kind(page):
    """The figures of all lectures are looked at one by one in test_accessibility."""
    found = {}
    for name in ("index", UNIT, f"{UNIT}_exercise", "glossary", "help", "nnlib_differentiation_dual"):
        page.goto(page.address(name), wait_until="load")
        page.add_script_tag(path=AXE)
        found[name] = page.evaluate(FOUND)
    assert not any(found.values()), found


def test_the_search_finds_a_section_and_leads_to_it(page):
    page.goto(page.address("index"))
    page.keyboard.press("/")
    page.keyboard.type("dual numbers")
    result = page.locator("#results a").first
    title = result.evaluate("(node) => node.firstChild.textContent")
    result.press("Enter")
    page.wait_for_url(f"**/{UNIT}*.html#*")
    heading = page.locator(unquote(page.url.split(".html")[1]))
    assert heading.inner_text() == title and "dual" in title.lower()


def test_the_theme_can_be_chosen_for_page_and_figures(page):
    page.goto(page.address("index"))
    page.wait_for_selector(".nnlib-figure")
    grounds = "['body', '.nnlib-figure'].map((name) => getComputedStyle(document.querySelector(name)).backgroundColor)"
    assert page.evaluate(grounds) == ["rgb(255, 255, 255)"] * 2
    page.get_by_role("button", name="Use the dark theme").press("Enter")
    assert page.evaluate(grounds) == ["rgb(17, 17, 17)"] * 2
    page.goto(page.address(UNIT))
    assert page.evaluate(grounds) == ["rgb(17, 17, 17)"] * 2


BEYOND = """() => Reveal.getSlides().map((slide) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    const boxes = [...slide.querySelectorAll(":scope > :not(.notes), :scope > :not(.notes) :not(svg *)")]
        .filter((node) => node.checkVisibility()).map((node) => node.getBoundingClientRect());
    return [h, v, Math.max(...boxes.map((box) => box.bottom)), Math.max(...boxes.map((box) => box.right))];
}).filter(([h, v, bottom, right]) => bottom > 720.5 || right > 1280.5)"""


@pytest.mark.skipif(not REVEAL.exists(), reason="reveal.js is not there: npm --prefix .ci ci brings it")
def test_no_slide_is_larger_than_its_frame_and_figures_live(page, site):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"file://{site}/slides/{UNIT}.html")
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate(BEYOND) == []
    assert page.locator(".slides > section").count() > 10
    assert page.locator("aside.notes").count() > 5
    page.evaluate(
        """() => {
            const slide = document.querySelector(".nnlib-figure").closest("section");
            const { h, v } = Reveal.getIndices(slide);
            Reveal.slide(h, v, 99);
        }"""
    )
    assert _answers(page.locator(".nnlib-figure").filter(visible=True).first)


def test_without_scripts_the_still_figures_stand_there(site, chromium):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"file://{site}/{UNIT}.html")
    stills = page.locator(".nnlib-still svg").all()
    assert len(stills) == 6
    for still in stills:  # each keeps back for a second: a live one could come
        still.wait_for(state="visible")
    page.close()
