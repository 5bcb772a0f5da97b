"""What a test does in JupyterLab, in the words of a reader: open, run all, look, press keys."""

import json
import urllib.request

import nbformat

HANGS = 300
"""Seconds after which the lab is said to hang, however busy the machine is."""


class Lab:
    """One browser page on a running JupyterLab."""

    def __init__(self, server, page):
        self.server = server
        self.page = page

    def open(self, path):
        """Open a notebook alone in the window, with a kernel that is ready."""
        # A workspace of its own: nothing another test left open.
        workspace = f"test-{abs(hash((path, id(self)))) % 10**9}"
        self.page.goto(f"{self.server}/lab/workspaces/{workspace}/tree/{path}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell")
        # The kernel must have answered once: what is run before is silently dropped.
        self._evaluate(
            """async () => {
                const context = window.jupyterapp.shell.currentWidget.sessionContext;
                await context.ready;
                await context.session.kernel.info;
                while (context.session.kernel.connectionStatus !== 'connected'
                       || context.session.kernel.status !== 'idle')
                    await new Promise((resolve) => setTimeout(resolve, 50));
            }"""
        )
        return self

    def close_kernels(self):
        """Shut down every kernel, so that the next notebook has the machine for itself."""
        with urllib.request.urlopen(f"{self.server}/api/kernels") as answer:
            kernels = json.load(answer)
        for kernel in kernels:
            address = f"{self.server}/api/kernels/{kernel['id']}"
            urllib.request.urlopen(urllib.request.Request(address, method="DELETE"))

    def run_all(self):
        """Run every cell and wait for the last."""
        self.command("notebook:run-all-cells")
        return self

    def command(self, name, **arguments):
        """Run one of JupyterLab's commands and wait until it is done."""
        call = "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => true)"
        self._evaluate(call, [name, arguments])

    def in_kernel(self, code):
        """What code prints that is run beside the notebook, in the kernel alone."""
        return self._evaluate(
            """async (code) => {
                const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
                const running = kernel.requestExecute({ code, store_history: false });
                let printed = '';
                running.onIOPub = ({ content }) => { printed += content.text ?? content.evalue ?? ''; };
                await running.done;
                return printed;
            }""",
            code,
        )

    def _evaluate(self, script, argument=None):
        """What an asynchronous function returns in the page; an error if it hangs."""
        return self.page.evaluate(
            f"""([argument, seconds]) => Promise.race([
                ({script})(argument),
                new Promise((_, fail) => setTimeout(
                    () => fail(new Error(`not done after ${{seconds}} s`)), 1000 * seconds)),
            ])""",
            [argument, HANGS],
        )

    def errors(self):
        """The text of every error that a cell shows."""
        marks = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr'], "
        marks += ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
        return [node.inner_text() for node in self.page.query_selector_all(marks)]

    def theme(self, name):
        """Switch to the "light" or "dark" theme."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name.title()}")
        wanted = "true" if name == "light" else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light='{wanted}']", state="attached")

    def figure(self, number=0):
        """The number-th live figure of the notebook, scrolled into view."""
        figure = self.page.locator(".nnlib-figure").nth(number)
        figure.scroll_into_view_if_needed()
        return figure

    def cells(self):
        """How many cells the notebook has."""
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    def write(self, path, markdown, code=()):
        """Put a notebook with one markdown cell, and cells of code, beside the course's."""
        cells = [nbformat.v4.new_markdown_cell(markdown), *map(nbformat.v4.new_code_cell, code)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        body = json.dumps({"type": "notebook", "content": notebook}).encode()
        address = f"{self.server}/api/contents/{path}"
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(address, body, headers, method="PUT"))

    def _select(self, cell):
        """Make the cell with this id the active one, and return its place in the notebook."""
        return self.page.evaluate(
            """(id) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = notebook.widgets.findIndex((c) => c.model.id === id);
                notebook.mode = 'command';
                return notebook.activeCellIndex;
            }""",
            cell,
        )

    def type_into(self, cell, code):
        """Replace the text of a cell by clicking into it and typing, as a reader does."""
        number = self._select(cell)
        self.page.locator(".jp-Notebook .jp-Cell").nth(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Escape")

    def run_cell(self, cell):
        """Run one cell and return the text that it shows."""
        self._select(cell)
        self.command("notebook:run-cell")
        return self.page.evaluate(
            """(id) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                return notebook.widgets.find((c) => c.model.id === id).outputArea.node.innerText.trim();
            }""",
            cell,
        )
