"""The sentence that the first cell of a notebook writes where JupyterLab lacks something."""

import json

import pytest

from nnlib import notebook

pytestmark = pytest.mark.browser


def test_the_first_cell_names_what_jupyterlab_lacks(chromium, monkeypatch):
    shown = []
    monkeypatch.setattr(notebook, "display", shown.append)
    notebook.say_what_is_missing()
    page = chromium.new_page()

    def said(version, extensions):
        told = {"appVersion": version, "federated_extensions": [{"name": name} for name in extensions]}
        config = f'<script id="jupyter-config-data" type="application/json">{json.dumps(told)}</script>'
        page.set_content((config if version else "") + shown[0].data)
        return page.locator(".nnlib-missing").inner_text()

    assert said("4.2.0", notebook.NEEDED) == said(None, []) == ""
    assert "this JupyterLab has no anywidget. Stop it" in said("4.2.0", list(notebook.NEEDED)[1:])
    old = said("3.6.7", [])
    assert "no version 4 (it is 3.6.7) and no anywidget and no jupyterlab-widgets. Stop it" in old
    assert "make lab" in old
    page.close()
