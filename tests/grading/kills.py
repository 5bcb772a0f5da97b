"""Kill -9 at random moments, of the grader, a worker or a sandbox: what is graded afterwards must be the same.

`python -m tests.grading.kills sqlite 20` or `postgresql 20`, with another seed as a third argument. Each time
all are graded again, one process is killed at a random moment, and the same command goes on where the grader
was killed; then gradebook, verdicts and folders are held against those of an undisturbed run. Not a part of
`make test`: each kill takes as long as the grading of the class.
"""

import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from nnlib.grading.sandbox import processes
from tests.grading import course as courses
from tests.grading.course import FEW, Course, environment_path, solution_answers
from tests.grading.postgresql import server

UNIT = "1_regression"
VICTIMS = ("grader", "worker", "sandbox")
MEASURED = ("seconds", "student_seconds", "megabytes", "key")
"""Entries of a verdict that are another each time."""


def make(folder, database=None):
    """A class: right, in part, wrong, empty, one who ends the own process, one whose file is damaged."""
    made = Course(folder, UNIT, database, few=True)
    made.write_config()
    with (made.folder / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {made.config.CourseDirectory.db_url!r}\n")
    made.generate()
    own = solution_answers(UNIT)
    made.submit("right", own)
    made.submit("part", {question: own[question] for question in FEW[:2]})
    made.submit("wrong", own | {"gradient": "def gradient(W, X, T):\n    return X.T @ (X @ W.T - T)"})
    made.submit("empty")
    made.submit("ends", own | {"softmax": "import os\nos._exit(1)"})
    made.submit("damaged").write_text("{")
    made.submit("other", own)
    return made


def state(course):
    """What grading has written: points, verdicts, notebooks and files."""
    verdicts, notebooks = {}, {}
    for path in (course.folder / "campaigns" / UNIT / "students").glob("*.json"):
        verdict = json.loads(path.read_text())
        verdicts[path.stem] = {name: value for name, value in verdict.items() if name not in MEASURED}
    for path in sorted((course.folder / "autograded").rglob("*")):
        inside = str(path.relative_to(course.folder))
        notebooks[inside] = path.read_text() if path.is_file() else ""
    return {"points": {s: course.points(s) for s in verdicts}, "verdicts": verdicts, "files": notebooks}


def alive(pid, kind):
    """The processes of a kind below a grader: workers are those that have started bubblewrap."""
    if kind == "grader":
        return [pid]
    below = processes.tree(pid)
    # The grader's own bubblewrap, at its beginning, only tries whether there is one.
    around = [pid, *(p for p in below if _name(p) == "bwrap")]
    outermost = [p for p in around[1:] if _parent(p) not in around]
    if kind == "worker":
        return [_parent(p) for p in outermost]
    return [inner for p in outermost for inner in processes.tree(p)]


def _name(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()


def _parent(pid):
    with contextlib.suppress(OSError):
        return int(processes.status(pid)[1])


def ended(pids):
    """Wait until these processes have ended; those that have not after a minute."""
    deadline = time.monotonic() + 60
    while left := [pid for pid in pids if _parent(pid) and _state(pid) != "Z"]:
        if time.monotonic() > deadline:
            return left
        time.sleep(0.05)
    return []


def _state(pid):
    with contextlib.suppress(OSError):
        return processes.status(pid)[0]


def grade(course, *more, victim=None, after=0):
    """Run the command; kill a process of that kind after so many seconds. Returns its exit code, the id of the
    process that was killed, all that were seen below it, and what it said."""
    with course.running("nnlib.grading.command", "autograde", UNIT, "--workers", "2", *more) as process:
        seen, killed, begun = set(), None, time.monotonic()
        while victim and process.poll() is None and not killed:
            seen |= set(processes.tree(process.pid)[1:])
            if time.monotonic() - begun > after and (pids := alive(process.pid, victim)):
                killed = random.choice(pids)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(killed, signal.SIGKILL)
            time.sleep(0.01)
        code, said, errors = course.ended(process)
    return code, killed, seen, f"{said}\n{errors}"


def main(database, number, seed=0):
    random.seed(seed)
    before = set(os.listdir("/tmp"))
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nnlib-kills-")))
        courses.RELEASES = place
        stack.enter_context(_environment(place))
        url = stack.enter_context(server()) if database == "postgresql" else None
        whole = make(place / "course", url)
        begun = time.monotonic()
        code, *_, said = grade(whole)
        assert code == 0, said
        takes = time.monotonic() - begun
        expected, killed = state(whole), Counter()
        print(f"{database}: undisturbed in {takes:.1f} s, {len(expected['points'])} students", flush=True)
        while killed.total() < number:
            victim, after = VICTIMS[killed.total() % len(VICTIMS)], random.uniform(0, takes)
            code, pid, seen, said = grade(whole, "--regrade", victim=victim, after=after)
            if pid is None:
                continue  # it had ended before
            killed[victim] += 1
            left = ended(seen)
            if victim == "grader":
                code, *_, said = grade(whole)
            found = state(whole)
            wrong = [part for part in expected if found[part] != expected[part]]
            print(f"  {killed.total():2} {victim:8} after {after:5.2f} s: exit code {code}, "
                  f"{'the same' if not wrong else f'other {wrong}'}, processes left: {len(left)}", flush=True)  # fmt: skip
            if code or wrong or left:
                (place.parent / f"nnlib-kills-{os.getpid()}.json").write_text(json.dumps([expected, found]))
                raise SystemExit(said)
        stays = sorted(os.listdir(place / "tmp"))
    print(f"{dict(killed)}; left in the folder for temporary files: {stays}")
    print(f"new in /tmp: {sorted(name for name in set(os.listdir('/tmp')) - before if 'nnlib' in name)}")


@contextlib.contextmanager
def _environment(place):
    """A folder of its own for temporary files, so that what is left there is ours."""
    (place / "tmp").mkdir()
    place.chmod(0o755)
    kept = dict(os.environ)
    os.environ |= {"TMPDIR": str(place / "tmp"), "PATH": environment_path()}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= kept


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
