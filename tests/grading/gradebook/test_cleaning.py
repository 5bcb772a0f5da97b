"""What students show is cleaned: nothing in it runs, nothing is too long, their pictures stay."""

import base64

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.grading.gradebook.cleaning import MAGIC, clean, clean_html, clean_markdown
from nnlib.grading.sandbox.inside.outputs import MOST_PICTURES, MOST_TEXT, Outputs


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    return {
        "output_type": "display_data",
        "data": {name.replace("_", "/"): value for name, value in data.items()},
    }


def test_prints_and_pictures_stay():
    picture = base64.b64encode(MAGIC["image/png"] + b"pixels").decode()
    kept, _ = clean([stream("E = 0.5\n"), display(image_png=picture, text_plain="<Figure>")])
    assert kept[0]["text"] == "E = 0.5\n" and kept[1]["data"] == {
        "image/png": picture,
        "text/plain": "<Figure>",
    }


def test_tables_and_drawings_stay():
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    assert clean_html(table) == table
    drawing = '<svg viewBox="0 0 9 9" role="img" aria-label="a line"><line x1="0" x2="9" stroke="#0072B2"></line></svg>'
    assert clean_html(drawing) == drawing
    pixels = '<svg><image href="data:image/png;base64,iVBORw0KGgo=" x="1" width="9"></image></svg>'
    assert clean_html(pixels) == pixels


ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<scr<script>ipt>alert(1)</script>", "<style>*{display:none}</style>",
    "<svg><foreignObject><script>alert(1)</script></foreignObject></svg>", "<math><mtext><script>alert(1)</script></mtext></math>",
    "<img src='https://example.org/seen.png'>", "<form action='https://example.org'><input name=a></form>",
    "<svg><use href='data:image/svg+xml,<svg onload=alert(1)>'/></svg>", "<b style='background:url(javascript:alert(1))'>x</b>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>", "<svg><animate onbegin=alert(1) attributeName=x /></svg>",
    "<svg><image href='https://example.org/seen.png'/><image href='data:image/svg+xml,<svg onload=alert(1)>'/></svg>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<object data=x></object><embed src=x>",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_or_calls_survives(attack):
    assert_harmless(clean_html(attack))
    assert_harmless(clean_html(attack.replace("<", "<b>x</b><")))


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(ATTACKS + ["<", ">", "'", '"', "</script>", "<!--", "-->", "x"]), max_size=6
    ).map("".join)
)
def test_nor_in_any_mixture(text):
    assert_harmless(clean_html(text))


def assert_harmless(page):
    soup = BeautifulSoup(page, "html.parser")
    never = [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "meta",
        "link",
        "use",
        "animate",
        "foreignobject",
        "base",
    ]
    assert not soup.find_all(never)
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith("on") and name not in ("href", "style", "srcdoc", "action")
            assert name != "src" or value.startswith(("data:image/png;base64,", "data:image/jpeg;base64,"))


def test_markdown_holds_no_html():
    assert (
        clean_markdown("a < b and <script>alert(1)</script>") == "a < b and &lt;script>alert(1)&lt;/script>"
    )


@pytest.mark.parametrize("output", [None, 3, [], {}, {"output_type": "stream", "name": "stdin", "text": "x"},
                                    {"output_type": "display_data", "data": []}, {"output_type": "error"}])  # fmt: skip
def test_unknown_outputs_are_left_out(output):
    assert clean([output])[0] == [] and clean(output)[0] == []


def test_data_that_is_not_a_picture_is_left_out():
    assert (
        clean([display(image_png="<script>"), display(image_jpeg=base64.b64encode(b"no").decode())])[0] == []
    )


def test_output_is_cut_at_a_stated_size_and_says_so():
    outputs = Outputs()
    outputs.write("stdout", "x" * (MOST_TEXT + 1000))
    for _ in range(MOST_PICTURES + 3):
        outputs.show({"text/plain": "y"})
    kept, _ = clean(outputs.end())
    said = "".join(o.get("text", "") for o in kept)
    assert said.count("x") == MOST_TEXT and "[cut: 1000 characters more were printed]" in said
    assert "[cut: 3 displays more were shown]" in said
    assert sum(o["output_type"] == "display_data" for o in kept) == MOST_PICTURES


def test_a_notebook_has_room_for_so_much():
    left, cells = 50_000, 0
    while left > 0:
        _, left = clean([stream("x" * 15_000)], left)
        cells += 1
    assert cells == 4 and clean([stream("x")], left) == ([], left)


NESTED = ["<div>", "<b>", "<svg><g>", "<div><br/>", "<div/>", "<div></x>", "<div></br>"]


@pytest.mark.parametrize("text", [nested * 10_000 for nested in NESTED])
def test_html_that_is_nested_without_end_is_cut(text):
    assert clean_html(text) == "<p>[cut: this display has more than 200 elements in each other]</p>"


def test_html_that_is_longer_than_any_table_is_cut():
    """`&` alone takes time that grows with the square of its number."""
    assert clean_html("&" * 10**6) == "<p>[cut: this display has more than 200000 characters of HTML]</p>"


def test_what_is_sent_is_bounded_also_where_nothing_of_it_stays():
    _, left = clean([display(text_html="<script>" + "x" * 100_000 + "</script>")] * 3, 250_000)
    assert left == 250_000 - 2 * 100_017


def test_drawings_of_many_lines_stay():
    drawing = "<svg>" + "<line x1='0'/><g><path d='M0 0'/></g>" * 1000 + "</svg>"
    assert clean_html(drawing).count("<line") == 1000


def test_long_tables_stay():
    table = "<table><tbody>" + "<tr><td>1<br></td></tr>" * 5_000 + "</tbody></table>"
    assert clean_html(table) == table
