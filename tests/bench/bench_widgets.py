"""From a key press to the painted picture, in the page, for each kind of control."""

import itertools
import shutil
import statistics
import tempfile
from pathlib import Path

import numpy as np

from nnlib import Network, widgets
from nnlib.applications import translation
from nnlib.applications.fitting import arrays
from tests.bench.measure import Row

FIGURES = {
    "arm": widgets.arm,
    "board_game": widgets.board_game,
    "breed_pictures": widgets.breed_pictures,
    "activation_curves": widgets.activation_curves,
    "dead_neuron": widgets.dead_neuron,
    "decision_surfaces": widgets.decision_surfaces,
    "deep_signals": widgets.deep_signals,
    "derive_hidden_delta": widgets.derive_hidden_delta,
    "differentiate": lambda: widgets.differentiate("ln(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0),
    "drag_shapes": widgets.drag_shapes,
    "dual_tangent": widgets.dual_tangent,
    "fit_a_line": widgets.fit_a_line,
    "mix_styles": widgets.mix_styles,
    "mode_costs": widgets.mode_costs,
    "network_builder": widgets.network_builder,
    "neuron": widgets.neuron,
    "node_roles": widgets.node_roles,
    "paint_street": widgets.paint_street,
    "picture_pairs": widgets.picture_pairs,
    "play_catch": widgets.play_catch,
    "race": widgets.race,
    "recurrent_pair": widgets.recurrent_pair,
    "softmax_scores": widgets.softmax_scores,
    "step_size": widgets.step_size,
    "step_through": lambda: widgets.step_through(
        Network([2, 3, 2], rng=0), [[0.5, 1], [1, 0]], [[1, 0], [0, 1]]
    ),
    "train_live": widgets.train_live,
    "translate": lambda: widgets.translate(arrays(translation.weights(np.random.default_rng(0)))),
    "weights_live": widgets.weights_live,
    "xor_surface": widgets.xor_surface,
}

# figure, which control, the keys that are pressed in turn, milliseconds at most
CONTROLS = [
    ("fit_a_line", "input[type=range] >> nth=0", "ArrowRight", 50),
    ("fit_a_line", "[role=slider] >> nth=2", "ArrowUp", 50),
    ("fit_a_line", "button >> text=Step", "Enter", 50),
    ("softmax_scores", "input[type=range] >> nth=0", "ArrowRight", 50),
    ("softmax_scores", "select", "ArrowDown ArrowUp", 50),
    ("step_through", "[data-steps]", "ArrowRight ArrowLeft", 20),
    ("step_through", "button >> text=Next", "Enter", 20),
    ("step_through", "[data-part][tabindex='0']", "ArrowDown", 20),
    ("step_through", "input[type=number]", "ArrowUp", 20),
    ("step_through", "button >> text=Update weights", "Enter", 20),
    ("step_through", "input[type=range] >> nth=0", "ArrowRight", 20),
    ("derive_hidden_delta", "[data-steps]", "ArrowRight ArrowLeft", 50),
    ("neuron", "input[type=range] >> nth=0", "ArrowRight ArrowLeft", 50),
    ("neuron", "[role=slider] >> nth=1", "ArrowRight ArrowLeft", 50),
    ("node_roles", ".nnlib-node >> nth=0", "h i", 50),
    ("network_builder", "input[type=range]", "ArrowRight ArrowLeft", 50),
    ("network_builder", ".nnlib-node >> nth=0", "ArrowRight ArrowLeft", 50),
    ("recurrent_pair", "[role=slider]", "ArrowUp ArrowDown", 50),
    ("recurrent_pair", "input[type=range]", "ArrowRight ArrowLeft", 50),
    ("weights_live", "[data-steps]", "Space ArrowRight", 50),
    ("weights_live", "button >> text=A test image", "Enter", 50),
    ("race", "input[type=range] >> nth=0", "ArrowRight", 50),
    ("race", "button >> text=One sample", "Enter", 50),
    ("xor_surface", "input[type=range] >> nth=0", "ArrowRight", 50),
    ("xor_surface", "select >> nth=0", "ArrowDown ArrowUp", 50),
    ("xor_surface", "button >> text=Step", "Enter", 50),
    ("train_live", "[data-steps]", "ArrowRight", 50),
    ("train_live", "button >> text=One epoch", "Enter", 50),
    ("train_live", "select >> nth=1", "ArrowUp ArrowDown", 50),
    ("differentiate", "[data-steps]", "ArrowRight ArrowLeft", 50),
    ("differentiate", "input[type=range] >> nth=0", "ArrowRight ArrowLeft", 50),
    ("differentiate", ".nnlib-typed", "1 Backspace", 50),
    ("dual_tangent", "input[type=range]", "ArrowRight", 50),
    ("step_size", "[role=slider]", "ArrowLeft ArrowRight", 50),
    ("step_size", "select >> nth=0", "ArrowDown ArrowUp", 50),
    ("mode_costs", "input[type=range] >> nth=0", "ArrowRight ArrowLeft", 50),
    ("board_game", "[role=application]", "Enter", 50),
    ("board_game", "button >> text=Network moves", "Enter", 50),
    ("breed_pictures", ".nnlib-portrait >> nth=0", "Enter", 50),
    ("play_catch", "button >> text=One step", "Enter", 50),
    ("translate", "input[type=text]", "Backspace", 50),
    ("arm", "[role=slider]", "ArrowUp ArrowDown", 50),
    ("arm", "button >> text=Step", "Enter", 50),
    ("activation_curves", "input[type=range] >> nth=0", "ArrowLeft ArrowRight", 50),
    ("activation_curves", "[role=slider]", "ArrowLeft ArrowRight", 50),
    ("dead_neuron", "button >> text=Step", "Enter", 50),
    ("dead_neuron", "input[type=range] >> nth=1", "ArrowRight ArrowLeft", 50),
    ("drag_shapes", "[role=slider] >> nth=0", "ArrowRight ArrowLeft", 50),
    ("drag_shapes", "select >> nth=0", "ArrowDown ArrowUp", 50),
    ("paint_street", "canvas[tabindex]", "ArrowRight Space", 50),
    ("mix_styles", "button >> text=More style", "Enter", 50),
    ("mix_styles", "select >> nth=0", "ArrowDown ArrowUp", 50),
    ("picture_pairs", "button >> text=Next picture", "Enter", 50),
    ("decision_surfaces", "button >> text=Step", "Enter", 50),
    ("decision_surfaces", "input[type=range]", "ArrowRight ArrowLeft", 50),
    ("deep_signals", "input[type=range] >> nth=1", "ArrowRight ArrowLeft", 50),
    ("deep_signals", "select", "ArrowUp ArrowDown", 50),
]

# From the time stamp of the key press to a message sent from the next frame: it arrives after that
# frame has been painted. Changes of the page are counted: a key that does nothing is no answer.
LISTEN = """() => {
    window.times = [];
    window.changes = 0;
    new MutationObserver(() => { window.changes += 1; })
        .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
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
        for name, control, keys, most in CONTROLS:
            page = chromium.new_page()
            path = Path(folder) / f"{name}.html"
            FIGURES[name]().save_html(path)
            page.goto(f"file://{path}")
            page.locator(control).first.focus()
            page.evaluate(LISTEN)
            for _, key in zip(range(31), itertools.cycle(keys.split()), strict=False):
                if not page.locator(control).first.is_enabled():
                    break  # a game has ended
                page.keyboard.press(key)
                page.wait_for_timeout(30)
            times, changes = page.evaluate("[window.times, window.changes]")
            page.close()
            words = f"{name}, {control.replace(' >> ', ' ')}, {keys}"
            if len(times) < 6 or changes < len(times):
                raise RuntimeError(f"{words}: of {len(times)} presses {changes} changed the page.")
            times = times[1:]
            yield Row(words, statistics.median(times), "ms", at_most=most)
        chromium.close()
