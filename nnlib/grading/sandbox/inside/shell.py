"""The shell that runs a student's cells: IPython as a kernel has it, with its outputs collected."""

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type


class _Results(DisplayHook):
    """The value of a cell's last line."""

    def __call__(self, result=None):
        if result is None or self.quiet():
            return
        self.update_user_ns(result)
        data, _ = self.compute_format_data(result)
        self.shell.outputs.show(data, result=True)


class _Displays(DisplayPublisher):
    """What `display` and matplotlib show."""

    def publish(self, data, metadata=None, **rest):
        self.shell.outputs.show(data)

    def clear_output(self, wait=False):
        pass


class Shell(InteractiveShell):
    """IPython without a terminal and without a history file. `outputs` collects what cells show."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)

    def __init__(self, outputs, **rest):
        self.outputs = outputs
        super().__init__(**rest)

    def init_history(self):
        super().init_history()
        self.history_manager.enabled = False

    def _showtraceback(self, kind, error, lines):
        self.outputs.fail(kind.__name__, str(error), "\n".join(lines))

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        """`exit` in a cell ends nothing, as in a notebook."""


def make_shell(outputs):
    """A new shell. Its pictures are drawn inline, as in a notebook."""
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "NoColor"
    shell = Shell(outputs, config=config)
    InteractiveShell._instance = Shell._instance = shell
    # Importing the backend does this where there is a shell, but it was imported before there was one.
    activate_matplotlib("module://matplotlib_inline.backend_inline")
    configure_inline_support(shell, "inline")
    return shell
