"""All figures that move, on one page as they open: what axe-core finds, and what a screen reader reads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / ".ci" / "node_modules" / "axe-core" / "axe.min.js"
READ = Path(__file__).parent / "read_aloud.txt"
pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Not this rule inside of a drawing: it reads "x1" above "0.50" as one word, "x10.50", which no name contains.
FOUND = """() => axe.run(document, { resultTypes: ["violations"], preload: false }).then(({ violations }) => violations
    .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => [id, target.join(), html]))
    .filter(([id, , html]) => !(id === "label-content-name-mismatch" && html.startsWith("<g "))))"""


@pytest.fixture(scope="module", params=["light", "dark"])
def sheet(request, chromium, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "sheet.html"
    if not path.exists():
        subprocess.run([sys.executable, ROOT / ".ci" / "site" / "sheet.py", path], check=True, cwd=ROOT)
    page = chromium.new_page(
        viewport={"width": 1000, "height": 900}, color_scheme=request.param, reduced_motion="reduce"
    )
    page.goto(path.as_uri())
    page.locator("section").last.locator(".nnlib-figure").wait_for()
    yield page
    page.close()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: npm --prefix .ci ci brings it")
def test_axe_finds_nothing(sheet):
    sheet.add_script_tag(path=AXE)
    assert sheet.evaluate(FOUND) == []


def test_a_screen_reader_reads_what_was_looked_at(sheet, tmp_path):
    """Names, roles, states and their order, in the notation of Playwright's `aria_snapshot`; where there
    are words alone, that there are some."""
    read = ""
    for section in sheet.locator("section").all():
        read += f"# {section.get_attribute('id')}\n{section.locator('.nnlib-figure').aria_snapshot()}\n\n"
    read = re.sub(r"^( *- (?:text|math|status)): .*$", r"\1", read, flags=re.M)
    new = tmp_path / READ.name
    new.write_text(read, encoding="utf-8")
    assert read == READ.read_text(encoding="utf-8"), f"Look at what changed; if it is meant: cp {new} {READ}"


# What has to be seen to understand: against the grounds, 4.5:1 as text and 3:1 as a line (WCAG 2.1).
RATIOS = """() => {
    const figure = document.querySelector(".nnlib-figure"), probe = document.createElement("i");
    figure.append(probe);
    const light = (name) => {
        probe.style.color = `color-mix(in srgb, var(--${name}) 100%, var(--${name}))`;
        const channels = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
        const [r, g, b] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const names = ["ink", "soft", "blue", "orange", "orange-text", "green", "pink"];
    const found = names.map((name) => [name, Math.min(...["ground", "card"].map((ground) => {
        const [low, high] = [light(name), light(ground)].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
    }))]);
    probe.remove();
    return Object.fromEntries(found);
}"""


def test_colours_have_the_contrast_that_text_and_lines_need(sheet):
    ratios = sheet.evaluate(RATIOS)
    assert ratios.pop("orange") >= 3, "for lines and marks alone"
    assert {name: ratio for name, ratio in ratios.items() if ratio < 4.5} == {}
    assert max(ratios.values()) < 22, "measured in numbers between 0 and 1"


def test_nothing_moves_by_itself_where_the_reader_wants_calm(sheet):
    running = "document.getAnimations().filter((one) => one.playState === 'running').length"
    assert sheet.evaluate(running) == 0
