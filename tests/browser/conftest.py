"""The real JupyterLab in the real Chromium, started once for all browser tests."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.lab import Lab

ROOT = Path(__file__).parent.parent.parent


def start_server(folder, home):
    """JupyterLab on 127.0.0.1 with `folder` as its root; returns the process and its address."""
    # Every cell stays in the page, also those out of view, so that a test can look at all of them.
    notebook = home / "settings" / "@jupyterlab" / "notebook-extension"
    notebook.mkdir(parents=True)
    (notebook / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    environment = os.environ | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": str(ROOT),
    }
    options = [
        "--no-browser", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=",
        "--ServerApp.disable_check_xsrf=True", "--ServerApp.allow_root=True",
        "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        f"--ServerApp.root_dir={folder}",
    ]  # fmt: skip
    with open(home / "server.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=environment, cwd=folder,
            stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    return process, _address(process, home)


def _address(process, home, seconds=600):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            try:
                address = json.loads(file.read_text())["url"].rstrip("/")
                urllib.request.urlopen(f"{address}/api/status", timeout=5)
                return address
            except (OSError, ValueError):  # it does not listen yet, or has written half of the file
                pass
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start:\n" + (home / "server.log").read_text()[-3000:])


def stop(process):
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:  # it waits for kernels that are busy
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Address of a JupyterLab whose root is a copy of the course's notebooks."""
    folder, home = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("home")
    for name in ("lectures", "exercises"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name)
    process, address = start_server(folder, home)
    yield address
    stop(process)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    flags = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        executable = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(chromium):
    """What all windows of JupyterLab share: its programs are loaded and compiled once."""
    profile = chromium.new_context(viewport={"width": 1280, "height": 900})
    profile.set_default_timeout(120_000)
    yield profile
    profile.close()


@pytest.fixture(scope="module")
def lab(server, profile):
    """A window on that JupyterLab for the tests of one file: `lab.open("lectures/…")`."""
    page = profile.new_page()
    lab = Lab(server, page)
    yield lab
    page.close()
    lab.close_kernels()


@pytest.fixture
def opened(chromium, tmp_path):
    """Saves a live figure as a page of its own and opens that from the disk."""
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    page.context.set_offline(True)
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))

    def open_figure(figure):
        figure.save_html(tmp_path / "figure.html")
        page.goto(f"file://{tmp_path}/figure.html")
        page.wait_for_selector(".nnlib-figure :is(svg, canvas)")
        return page

    yield open_figure
    page.close()
    assert failures == []
