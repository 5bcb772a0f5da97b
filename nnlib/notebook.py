"""What a notebook needs around it besides nnlib: said in one sentence where it is missing."""

import json

from IPython.display import HTML, display

NEEDED = {"anywidget": "anywidget", "@jupyter-widgets/jupyterlab-manager": "jupyterlab-widgets"}
"""Extensions of JupyterLab that live figures need, and the packages that bring them."""

OLDEST = 4
"""The first version of JupyterLab that the course works in."""

QUESTION = """<p class="nnlib-missing"></p>
<script>
(() => {
  const settings = document.getElementById("jupyter-config-data");
  if (!settings) return;
  const { appVersion, federated_extensions } = JSON.parse(settings.textContent);
  const there = (federated_extensions ?? []).map(({ name }) => name);
  const missing = Object.entries(NEEDED).filter(([name]) => !there.includes(name)).map(([, pack]) => pack);
  if (parseInt(appVersion) < OLDEST) missing.unshift(`version OLDEST (it is ${appVersion})`);
  if (!missing.length) return;
  const words =
    `Figures will stand still: this JupyterLab has no ${missing.join(" and no ")}. Stop it and start it ` +
    "in the course's environment: make lab, or conda activate neural-networks and jupyter lab.";
  for (const place of document.querySelectorAll(".nnlib-missing")) place.textContent = words;
})();
</script>"""
"""Only the page knows: the kernel may run in another environment than JupyterLab."""


def say_what_is_missing():
    """Ask the page whether its JupyterLab can show live figures; if not, say what it lacks and the cure.

    Outside JupyterLab (Colab, VS Code, exported pages) there is nothing to ask, and nothing is said.
    """
    script = QUESTION.replace("NEEDED", json.dumps(NEEDED)).replace("OLDEST", str(OLDEST))
    display(HTML(script))
