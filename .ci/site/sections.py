"""The sections of a notebook: for the list of contents and for the search."""

import re

from notebook import plain, words

HEADING = re.compile(r'<h([123]) id="([^"]*)">(.*?)</h\1>', re.S)


def sections(notebook, address):
    """A list of dictionaries: level, anchor, title, and the words of the section as one text."""
    html = "\n".join(words(cell.source, address) for cell in notebook.cells if cell.cell_type == "markdown")
    found = list(HEADING.finditer(html))
    ends = [heading.start() for heading in found[1:]] + [len(html)]
    return [
        {"level": int(h[1]), "anchor": h[2], "title": plain(h[3]), "text": plain(html[h.end() : end])}
        for h, end in zip(found, ends, strict=True)
    ]
