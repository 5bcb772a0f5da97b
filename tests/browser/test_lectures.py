"""Every lecture in the real JupyterLab: it runs, its figures can be reached, its formulas render."""

import pytest

from tests.notebooks.notebooks import GUARD, LECTURES, MEMORY, SOLUTIONS, name, read

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module", params=LECTURES, ids=name)
def lecture(lab, request):
    """JupyterLab with a lecture of which every cell was run, behind the guard."""
    lab.open(name(request.param))
    assert lab.in_kernel(GUARD) == ""
    return lab.run_all()


def test_runs_without_error_warning_network_or_much_memory(lecture, request):
    """How long it takes is measured by `make bench ROOM=lectures`."""
    assert lecture.errors() == []
    unit_6 = "6_applications" in request.node.name
    assert int(lecture.in_kernel(MEMORY)) < (700 if unit_6 else 500)


def test_every_figure_has_a_text(lecture):
    pictures = lecture.page.query_selector_all(
        ".jp-OutputArea-output img, .jp-OutputArea-output svg:not(.nnlib-figure svg)"
    )
    assert pictures
    for picture in pictures:
        words = picture.get_attribute("alt") or picture.get_attribute("aria-label")
        assert words and len(words) > 20
    for drawing in lecture.page.query_selector_all(".nnlib-figure svg[role=img]"):
        assert len(drawing.get_attribute("aria-label")) > 20
    assert lecture.page.query_selector_all("mjx-merror, [data-mjx-error]") == []


def test_nothing_scrolls_sideways(lecture):
    # MathJax's text for screen readers cannot be seen, and may be wider than its formula.
    lecture.page.add_style_tag(content="mjx-assistive-mml { display: none !important }")
    wide = lecture.page.evaluate(
        """[...document.querySelectorAll('.jp-OutputArea-output, .jp-MarkdownOutput')]
            .filter((node) => node.scrollWidth > node.clientWidth + 1)
            .map((node) => node.textContent.slice(0, 80))"""
    )
    assert wide == []


def test_d_pressed_twice_in_a_control_deletes_no_cell(lecture):
    """Every control is kept from the notebook's keys; one of each kind is tried."""
    before = lecture.cells()
    controls = lecture.page.locator(".nnlib-figure :is(input, button, select, [tabindex]):not([disabled])")

    def of_each_kind():
        """Kind -> place of its first control now: what is in focus can decide which controls are offered."""
        found = controls.evaluate_all(
            """(nodes) => nodes.map((node) => [`${node.tagName} ${node.type} ${node.getAttribute('role')}`,
                                               node.getAttribute('data-lm-suppress-shortcuts')])"""
        )
        assert {kept for _, kept in found} == {"true"}
        return {kind: place for place, (kind, _) in reversed(list(enumerate(found)))}

    tried = 0
    for kind in of_each_kind():
        place = of_each_kind().get(kind)
        if place is not None:
            controls.nth(place).focus()
            lecture.page.keyboard.press("d")
            lecture.page.keyboard.press("d")
            tried += 1
    assert tried and lecture.cells() == before


def test_each_live_figure_moves_by_keyboard_alone(lecture):
    figures = lecture.page.locator(".nnlib-figure")
    for number in range(figures.count()):
        figure = lecture.figure(number)
        before = _drawn(figure)
        controls = figure.locator(
            "[data-steps], [role=slider], input[type=range], :is(svg, canvas)[tabindex='0'], "
            "svg [tabindex='0'], button:not([disabled])"
        )
        for place in range(controls.count()):  # the first may be the learning rate of the next step
            controls.nth(place).focus()
            for _ in range(3):
                lecture.page.keyboard.press("ArrowRight")
            lecture.page.wait_for_timeout(100)
            if _drawn(figure) != before:
                break
        assert _drawn(figure) != before, f"live figure {number + 1} stands still"


def _drawn(figure):
    return figure.locator("svg, canvas").evaluate_all(
        "nodes => nodes.map((node) => node.toDataURL ? node.toDataURL() : node.outerHTML)"
    )


def test_every_formula_of_the_exercises_renders(lab):
    """On one page, of the solutions: what is released has the same text."""
    cells = [cell for path in SOLUTIONS for cell in read(path).cells if cell.cell_type == "markdown"]
    lab.write("formulas.ipynb", "\n\n".join(cell.source for cell in cells))
    lab.open("formulas.ipynb")
    lab.page.wait_for_selector("mjx-container")
    wrong = lab.page.locator("mjx-merror, [data-mjx-error]").all_inner_texts()
    assert wrong == [] and lab.page.locator("mjx-container").count() > 100 * len(SOLUTIONS)
