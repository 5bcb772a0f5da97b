"""A notebook that was run and saved: what it holds, and what is seen where no kernel and no script runs."""

import json
import urllib.request

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

pytestmark = [
    pytest.mark.browser, pytest.mark.slow,
    # The live outputs hold nothing else: that is why there is a still one beside each.
    pytest.mark.filterwarnings("ignore:Your element with mimetype"),
]  # fmt: skip

# One figure of each unit, and a control that takes the focus.
FIGURES = {
    "fit_a_line()": "[role=slider]",
    "neuron()": "[role=slider]",
    "dead_neuron()": "[role=slider]",
    "race()": "[role=slider]",
    'differentiate("x1 * sin(x2)", x1=2.0, x2=1.0)': "input[type=range]",
    "mix_styles()": "button >> text=More style",
}


@pytest.fixture(scope="module")
def saved(lab):
    """JupyterLab with these figures, each moved by a key, and what Ctrl+S on that control wrote."""
    lab.write("saved.ipynb", "# Saved", [f"from nnlib import widgets\nwidgets.{call}" for call in FIGURES])
    lab.open("saved.ipynb").run_all()
    times, moved = [_contents(lab)["last_modified"]], []
    for number, control in enumerate(FIGURES.values()):
        figure = lab.figure(number)
        before = figure.inner_html()
        figure.locator(control).first.press("ArrowRight" if "button" not in control else "Enter")
        moved.append(figure.inner_html() != before)
        lab.page.keyboard.press("Control+s")
        lab.page.wait_for_function(
            "() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=60_000
        )
        lab.page.wait_for_timeout(1000)
        times.append(_contents(lab)["last_modified"])
    return moved, times, nbformat.from_dict(_contents(lab)["content"])


def _contents(lab):
    with urllib.request.urlopen(f"{lab.server}/api/contents/saved.ipynb") as answer:
        return json.load(answer)


def test_control_s_on_a_control_saves_the_notebook(saved):
    moved, times, _ = saved
    assert all(moved) and times == sorted(set(times))


def test_the_file_holds_each_still_picture_and_its_text(saved):
    stills = _stills(saved[2])
    assert len(stills) == len(FIGURES)
    for data in stills:
        assert "<svg" in data["text/html"] and 'role="img"' in data["text/html"]
        assert len(data["text/plain"]) > 20


def _stills(notebook):
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    return [out.data for out in outputs if "nnlib-still" in out.get("data", {}).get("text/html", "")]


def test_without_a_kernel_every_picture_is_seen_and_no_error(saved, lab):
    lab.close_kernels()
    lab.page.route("**/api/sessions*", lambda route: route.abort())
    lab.page.goto(f"{lab.server}/lab/workspaces/without/tree/saved.ipynb?reset")
    lab.page.locator(".nnlib-still svg").nth(len(FIGURES) - 1).wait_for()
    lab.page.wait_for_timeout(3000)  # by then JupyterLab has said that a model is not there
    _look(lab.page)


@pytest.mark.parametrize("template", ["lab", "classic", "basic"])
def test_a_page_of_nbconvert_shows_every_picture_without_script(saved, chromium, tmp_path, template):
    words, _ = HTMLExporter(template_name=template, embed_images=True).from_notebook_node(saved[2])
    (tmp_path / "saved.html").write_text(words, encoding="utf-8")
    page = chromium.new_page(java_script_enabled=False)
    page.context.set_offline(True)
    page.goto((tmp_path / "saved.html").as_uri())
    page.wait_for_timeout(1200)
    _look(page)
    page.close()


def _look(page):
    pictures = page.locator(".nnlib-still [role=img]").filter(visible=True)
    assert pictures.count() == len(FIGURES)
    for picture in pictures.all():
        assert len(picture.get_attribute("aria-label")) > 20
        box = picture.bounding_box()
        assert min(box["width"], box["height"]) > 100
    assert page.get_by_text("Error displaying widget").filter(visible=True).count() == 0


def test_without_styles_and_drawings_the_numbers_are_left(saved):
    """Some sites take out of a notebook's HTML what could do harm."""
    words, _ = HTMLExporter(template_name="basic").from_notebook_node(saved[2])
    page = BeautifulSoup(words, "html.parser")
    for part in page.find_all(["script", "style", "svg"]):
        part.decompose()
    for data in _stills(saved[2]):
        assert all(line in page.text for line in data["text/plain"].splitlines())
