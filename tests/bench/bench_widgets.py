"""From a key press to the painted picture, in the page, for each kind of control."""

import shutil
import statistics
import tempfile
from pathlib import Path

from nnlib import widgets
from tests.bench.measure import Row

# figure, which control, key
CONTROLS = [
    ("fit_a_line", "input[type=range] >> nth=0", "ArrowRight"),
    ("fit_a_line", "[role=slider] >> nth=2", "ArrowUp"),
    ("fit_a_line", "button >> text=Step", "Enter"),
    ("softmax_scores", "input[type=range] >> nth=0", "ArrowRight"),
    ("softmax_scores", "select", "ArrowDown"),
]

# The frame after the next begins when the next one has been painted.
LISTEN = """() => {
    window.times = [];
    window.addEventListener('keydown', (event) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => window.times.push(performance.now() - event.timeStamp);
        channel.port2.postMessage(null);
    }), true);
}"""


def rows():
    from playwright.sync_api import sync_playwright

    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for name, control, key in CONTROLS:
            page = chromium.new_page()
            path = Path(folder) / f"{name}.html"
            getattr(widgets, name)().save_html(path)
            page.goto(f"file://{path}")
            page.locator(control).first.focus()
            page.evaluate(LISTEN)
            for _ in range(41):
                page.keyboard.press(key)
                page.wait_for_timeout(30)
            times = page.evaluate("window.times")[1:]
            page.close()
            words = f"{name}, {control.split(' >>')[0]}, {key}"
            yield Row(words, statistics.median(times), "ms", at_most=50)
        chromium.close()
