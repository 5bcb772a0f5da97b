"""Outputs that a student's process sent, made safe: no script in them runs, and none is too long."""

import base64
import binascii
import re

import nh3

from nnlib.grading.sandbox.inside.outputs import LARGEST_DISPLAY, MOST_PICTURES, MOST_TEXT

MOST_OF_NOTEBOOK = 5_000_000
"""Characters of output that one notebook keeps."""
MOST_ERRORS = 5
"""Errors with their tracebacks that one cell keeps."""

TAGS = frozenset(
    "a b blockquote br caption code dd div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img li ol p "
    "pre small span strong sub sup table tbody td tfoot th thead tr ul "
    "svg g path line rect circle ellipse polyline polygon image text tspan title desc".split()
)
DRAWING = frozenset(
    "viewBox x y x1 x2 y1 y2 cx cy r rx ry d points width height fill stroke stroke-width stroke-dasharray "
    "stroke-linecap text-anchor dominant-baseline font-size font-family font-weight font-style transform "
    "opacity role".split()
)
PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*\Z")
MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


ATTRIBUTES = {
    "*": DRAWING | {"aria-label", "colspan", "rowspan", "alt"},
    "img": {"alt", "width", "height", "src"},
    "image": {"href"},
}
"""Which attributes stay: no event handlers, no styles, no address but of pictures in the page itself."""

LONGEST_HTML = 200_000
"""Characters of HTML of one display: for some texts the time to clean them grows with the square of these."""
DEEPEST = 200
"""Elements in elements. Time grows with the square of the depth, for browsers too."""
OPENING = re.compile(r"<(/?)([a-zA-Z][\w-]*)|/>")
OF_DRAWINGS = set("g path line rect circle ellipse polyline polygon image text tspan use stop".split())
"""Elements that a slash ends. In HTML it ends none: <div/> is open."""
ENDS_BY_ITSELF = set("br hr img input wbr col p li dt dd td th tr thead tbody tfoot option".split())


def clean_html(text):
    """HTML or SVG with no script, style, address or event handler in it; a sentence if it is too long, or
    nested so deeply that no page shows it."""
    if len(text) > LONGEST_HTML:
        return f"<p>[cut: this display has more than {LONGEST_HTML} characters of HTML]</p>"
    if _depth(text) > DEEPEST:
        return "<p>[cut: this display has more than 200 elements in each other]</p>"
    cleaned = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_picture,
        url_schemes={"data"},
        clean_content_tags={"script", "style"},
        link_rel=None,
    )
    return without_links_in_formulas(cleaned)


def without_links_in_formulas(html):
    """The same page without the commands by which MathJax makes links, styles and classes of formulas."""
    return re.sub(r"\\(?=(href|require|style|class|cssId|csname|unicode)(?![a-zA-Z]))", "", html)


def _picture(tag, name, value):
    """An address stays if it is a picture in the page itself."""
    return value if name not in ("src", "href") or PICTURE.match(value) else None


def _depth(text):
    """How many elements lie in each other. A tag ends the element that was opened last, or none: browsers
    overlook an end without a beginning."""
    opened, deepest, last = [], 0, None
    for tag in OPENING.finditer(text):
        closing, name = tag.groups()
        name = name and name.lower()
        if closing or name is None:
            if opened and opened[-1] == (name or last) and (name or last in OF_DRAWINGS):
                opened.pop()
            name = None
        elif name not in ENDS_BY_ITSELF:
            opened.append(name)
            deepest = max(deepest, len(opened))
        last = name
    return deepest


def clean_markdown(text):
    """Markdown in which no HTML is left: a tag is shown as it was typed."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


def clean_attachments(source, attachments):
    """The Markdown and its pasted pictures: name -> {kind: data}. Names that stand for no picture change."""
    given = attachments if isinstance(attachments, dict) else {}
    kept = {}
    for name in sorted(set(re.findall(r"attachment:([^\s)\"'>\]]+)", source)))[:MOST_PICTURES]:
        data = given.get(name) if isinstance(given.get(name), dict) else {}
        data = {kind: _display(kind, value) for kind, value in data.items() if isinstance(value, str)}
        data = {kind: value for kind, value in data.items() if kind in MAGIC and value}
        if data:
            kept[name] = data
    if any(name not in kept for name in re.findall(r"attachment:([^\s)\"'>\]]*)", source)):
        # A page cannot be made of a picture that is not there.
        source = re.sub(
            r"attachment:([^\s)\"'>\]]*)", lambda m: m[0] if m[1] in kept else f"missing-{m[1]}", source
        )
    return source, kept


def clean(outputs, left=MOST_OF_NOTEBOOK):
    """The outputs of a student's cell in the form of a notebook, and how many characters are left for the
    next ones. Anything else is left out."""
    kept, text, displays, errors = [], 0, 0, 0
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        match output:
            case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(written)}:
                written = storable(written, min(MOST_TEXT + 200 - text, left))
                text += len(written)
                left -= len(written)
                if written:
                    kept.append({"output_type": "stream", "name": name, "text": written})
            case {"output_type": "execute_result" | "display_data", "data": dict(data)}:
                displays += 1
                data = {kind: value for kind, value in data.items() if isinstance(value, str)}
                sent = sum(map(len, data.values()))
                if displays > MOST_PICTURES or sent > left:
                    continue
                data = {kind: _display(kind, value) for kind, value in data.items()}
                data = {kind: value for kind, value in data.items() if value is not None}
                size = sum(map(len, data.values()))
                # What is sent counts too: to clean it takes time, also where nothing stays.
                left -= max(sent, size)
                if data and left >= 0:
                    kept.append({"output_type": "display_data", "data": data, "metadata": {}})
            case {
                "output_type": "error",
                "ename": str(name),
                "evalue": str(message),
                "traceback": list(lines),
            }:
                most = max(0, min(MOST_TEXT + 200 - text, left))
                traceback = storable("\n".join(line for line in lines[:20] if isinstance(line, str)), most)
                text += len(traceback)
                left -= len(traceback)
                errors += 1
                if errors <= MOST_ERRORS:
                    name, message = storable(name, 80), storable(message, 1000)
                    error = {
                        "output_type": "error",
                        "ename": name,
                        "evalue": message,
                        "traceback": [traceback],
                    }
                    kept.append(error)
    return kept, left


def storable(text, most):
    """Text of at most `most` characters that can be stored: no zero bytes, no half characters."""
    return text[: max(0, most)].encode("utf-8", "replace").decode().replace("\0", "")


def storable_all(value, most=1000):
    """Lists and tables of texts and numbers that can be stored and printed, each text of at most `most`
    characters."""
    if isinstance(value, str):
        return storable(value, most)
    if isinstance(value, (list, tuple)):
        return [storable_all(item, most) for item in value]
    return value


def _display(kind, value):
    if kind == "text/plain":
        return storable(value, MOST_TEXT + 200)
    if len(value) > LARGEST_DISPLAY:
        return None
    if kind == "text/html":
        return clean_html(value)
    if kind in MAGIC:
        try:
            data = base64.b64decode(value)
        except (binascii.Error, ValueError):
            return None
        return base64.b64encode(data).decode() if data.startswith(MAGIC[kind]) else None
    return None
