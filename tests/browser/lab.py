"""What a test does in JupyterLab, in the words of a reader: open, run all, look, press keys."""

import json
import urllib.request

import nbformat


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
        self.page.evaluate(
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

    def run_all(self, seconds=90):
        """Run every cell and wait for the last."""
        self.command("notebook:run-all-cells")
        self.page.wait_for_function(
            """() => {
                const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
                    .filter((cell) => cell.querySelector('.cm-content')?.textContent.trim());
                const prompts = cells.map((cell) => cell.querySelector('.jp-InputPrompt').textContent);
                const stopped = document.querySelector('[data-mime-type$="error"]');
                return stopped || prompts.every((prompt) => /[0-9]/.test(prompt));
            }""",
            timeout=seconds * 1000,
        )
        return self

    def command(self, name, **arguments):
        """Run one of JupyterLab's commands and wait until it is done."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args)",
            [name, arguments],
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

    def show_every_cell(self):
        """Scroll through the notebook once: JupyterLab draws a cell when it comes into view."""
        for cell in self.page.locator(".jp-Notebook .jp-Cell").all():
            cell.scroll_into_view_if_needed()

    def write(self, path, markdown):
        """Put a notebook with one markdown cell beside the course's."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(markdown)])
        body = json.dumps({"type": "notebook", "content": notebook}).encode()
        address = f"{self.server}/api/contents/{path}"
        headers = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(address, body, headers, method="PUT"))

    def _select(self, cell):
        """Make the cell with this id the active one."""
        self.page.evaluate(
            """(id) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.activeCellIndex = notebook.widgets.findIndex((c) => c.model.id === id);
                notebook.mode = 'command';
            }""",
            cell,
        )

    def type_into(self, cell, code):
        """Replace the text of a cell by typing, as a reader does."""
        self._select(cell)
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Escape")

    def run_cell(self, cell, seconds=30):
        """Run one cell by Ctrl+Enter and return the text that it shows."""
        self._select(cell)
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            """(id) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                const cell = notebook.widgets.find((c) => c.model.id === id);
                return cell.model.executionState === 'idle' && cell.model.executionCount > 0;
            }""",
            arg=cell,
            timeout=seconds * 1000,
        )
        return self.page.evaluate(
            """(id) => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                return notebook.widgets.find((c) => c.model.id === id).outputArea.node.innerText.trim();
            }""",
            cell,
        )
