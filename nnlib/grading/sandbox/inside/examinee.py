"""The examinee: runs the student's cells and lends the student's functions to the examiner.

A copy of the fork server inside the sandbox; without a sandbox it is started as
`python -m nnlib.grading.sandbox.inside.examinee IN OUT`, with the numbers of two pipes. The examiner
asks, the examinee answers, one message each. The first message brings the limits and the folder to
work in. Whatever the student's code does to this process, it can only change its own answers.
"""

import base64
import builtins
import importlib
import operator
import os
import resource
import signal
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

import nnlib
from nnlib.grading.sandbox.inside import objects, values, versions
from nnlib.grading.sandbox.inside.lines import line_of
from nnlib.grading.sandbox.inside.outputs import Outputs, install
from nnlib.grading.sandbox.inside.patience import PATIENCE
from nnlib.grading.sandbox.inside.shell import make_shell

OPERATORS = {
    name: getattr(operator, name)
    for name in (
        "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "neg", "pos", "abs",
        "eq", "ne", "lt", "le", "gt", "ge", "getitem", "contains",
    )
} | {
    name: getattr(builtins, name) for name in ("len", "float", "int", "bool", "str", "repr", "iter", "next")
}  # fmt: skip
"""What the examiner may do with an object by its handle, beside calling it and reading attributes."""

WATCHED = {
    "socket.connect": "network",
    "socket.getaddrinfo": "network",
    "socket.bind": "network",
    "urllib.Request": "network",
    "subprocess.Popen": "process",
    "os.system": "process",
    "os.posix_spawn": "process",
    "os.fork": "process",
    "os.exec": "process",
    "os.kill": "process",
    "ctypes.dlopen": "ctypes",
    "nnlib.withheld": "withheld",
}
"""Audit events of Python that are reported, and as what."""


class OutOfTime(KeyboardInterrupt):
    """The cell or the call took longer than it may. Not an Exception: `except Exception` lets it pass."""


class Examinee:
    """Answers the examiner's messages."""

    def __init__(self, settings):
        self.settings = settings
        self.outputs = Outputs()
        self.events = []
        self.running = False
        self.objects = []
        self.shell = make_shell(self.outputs)
        install(self.outputs)
        for kind in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(kind, self._out_of_time)
        sys.addaudithook(self._notice)

    def _out_of_time(self, *_):
        raise OutOfTime(f"This took longer than {self.seconds:g} seconds.")

    def _notice(self, event, arguments):
        if not self.running:
            return
        if event == "import" and arguments[0] in self.settings["absent"]:
            self.event("withheld", f"import {arguments[0]}")
        elif event in WATCHED:
            self.event(WATCHED[event], f"{event} {str(arguments[:1])[:100]}")

    def event(self, kind, detail):
        if len(self.events) < 20:
            self.events.append([kind, detail])

    def answer(self, message):
        """One answer to one message, as plain JSON data."""
        self.seconds = message.get("seconds", 60)
        reply = {}
        self.running = True
        # By computing time, so that a busy machine costs no points; by the clock for code that only waits.
        signal.setitimer(signal.ITIMER_PROF, self.seconds)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE * self.seconds)
        try:
            reply = getattr(self, "do_" + message["do"])(message)
        except BaseException as error:  # also SystemExit and OutOfTime: the examiner is told
            reply = {"error": self._error(error)}
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.running = False
        events, self.events = self.events, []
        return reply | {"outputs": self.outputs.end(), "events": events}

    @staticmethod
    def _error(error):
        try:
            message = str(error)[:1000]
        except BaseException:
            message = ""
        return {"kind": type(error).__name__[:80], "message": message, "line": line_of(error)}

    def do_run(self, message):
        result = self.shell.run_cell(message["code"], store_history=True)
        return {"right": bool(result.success)}

    def do_file(self, message):
        """Put a file that was handed in beside the notebook into the home, where it may be changed."""
        path = Path(self.settings["home"], message["name"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(message["data"]))
        return {}

    def do_name(self, message):
        names = self.shell.user_ns
        return (
            {"value": self._value(names[message["name"]])} if message["name"] in names else {"missing": True}
        )

    def do_call(self, message, **judged):
        """Call a function. Overflow is judged by its result, but for what `judged` says."""
        function, arguments = self.objects[message["of"]], self._arguments(message["arguments"])
        keywords = dict(zip(message["keywords"], self._arguments(message["values"]), strict=True))
        arrays = values.arrays_in([arguments, keywords])
        before = [array.copy() for array in arrays]
        with np.errstate(**{"all": "ignore"} | judged):
            result = function(*arguments, **keywords)
        changed = [
            [number, values.encode(array)]
            for number, (array, old) in enumerate(zip(arrays, before, strict=True))
            if array.tobytes() != old.tobytes()
        ]
        return {"value": self._value(result), "changed": changed}

    def do_call_strictly(self, message):
        return self.do_call(message, divide="raise", over="raise", invalid="raise")

    def do_operate(self, message):
        return {"value": self._value(OPERATORS[message["operator"]](*self._arguments(message["arguments"])))}

    def do_ufunc(self, message):
        function = getattr(np, message["name"])
        return {"value": self._value(function(*self._arguments(message["arguments"])))}

    def do_attribute(self, message):
        return {"value": self._value(getattr(self.objects[message["of"]], message["name"]))}

    def do_source(self, message):
        return {"value": values.encode(versions.source_of(self.objects[message["of"]]))}

    def do_versions(self, message):
        """What other versions of a function give, each run in a copy of this process."""
        self.running = False  # the copy is ours
        function, calls = self.objects[message["of"]], self._arguments(message["calls"])
        through = getattr(objects, message["through"]) if "through" in message else None
        by_version = versions.results_of(function, message["sources"], calls, through)
        return {"value": {"list": [{"list": results} for results in by_version]}}

    def do_release(self, message):
        """Bring back what was withheld: picture cells may use all of nnlib."""
        library, folder = Path(nnlib.__file__).parent, Path(self.settings["home"], ".released")
        for name, text in message["files"].items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        # A package is imported from one folder: the rest of it is linked.
        for package in [path for path in folder.iterdir() if path.is_dir()]:
            for path in Path(library, package.name).rglob("*"):
                link = folder / path.relative_to(library)
                if path.is_dir():
                    link.mkdir(exist_ok=True)
                elif not link.exists() and path.parent.name != "__pycache__":
                    link.symlink_to(path)
        nnlib.__path__.insert(0, str(folder))
        # Every module is imported anew: some of them hold a stand-in.
        for name in [name for name in sys.modules if _is_of_nnlib(name)]:
            del sys.modules[name]
        exec(Path(nnlib.__file__).read_text(encoding="utf-8"), vars(nnlib))
        for name, value in list(self.shell.user_ns.items()):
            if isinstance(value, ModuleType) and _is_of_nnlib(value.__name__):
                self.shell.user_ns[name] = importlib.import_module(value.__name__)
        return {}

    def _arguments(self, data):
        return values.decode({"list": data}, self._resolve)

    def _resolve(self, number, parts):
        return values.compiled(parts) if number is None else self.objects[number]

    def _value(self, value):
        return values.encode(value, self._keep)

    def _keep(self, value):
        self.objects.append(value)
        return values.Handle(len(self.objects) - 1, type(value).__name__[:80])


def _is_of_nnlib(module):
    return module.startswith("nnlib.") and not module.startswith("nnlib.grading")


def limit(limits):
    """Give up root, and bound what this process and its children may use. There is no way back."""
    if os.getuid() == 0 and limits["user"]:
        os.setgroups([])
        os.setresgid(limits["user"], limits["user"], limits["user"])
        os.setresuid(limits["user"], limits["user"], limits["user"])
    for name in ("CPU", "AS", "FSIZE", "NOFILE", "NPROC", "CORE"):
        most = limits[name]
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))


def serve(settings, asked, answers):
    """Answer until the examiner closes the pipe."""
    os.chdir(settings["home"])
    # Last, so that a file called numpy.py shadows nothing.
    sys.path.append(settings["home"])
    examinee = Examinee(settings)
    sys.modules["__main__"] = examinee.shell.user_module
    values.send(answers, {"ready": True})
    own = os.getpid()
    while True:
        try:
            message = values.receive(asked)
        except EOFError:
            return
        reply = examinee.answer(message)
        if os.getpid() != own:
            # A copy that the student's code has forked does not answer beside the original.
            os._exit(0)
        try:
            values.send(answers, reply)
        except values.NotTransferable as error:
            values.send(
                answers, {"error": {"kind": "ValueError", "message": str(error)}, "outputs": [], "events": []}
            )


def main(incoming, outgoing):
    asked, answers = open(incoming, "rb"), open(outgoing, "wb")
    settings = values.receive(asked)
    limit(settings["limits"])
    serve(settings, asked, answers)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
