"""`nnlib-grade`: grade a unit in parallel, and report on the class.

nbgrader takes a second and a half to load. So it is loaded inside of functions: workers, which load
this file too, do without it, and get ready meanwhile.
"""

import argparse
import sys

from nnlib.grading import workers


def parser():
    top = argparse.ArgumentParser(
        "nnlib-grade", description="Grade a unit in the sandbox, and report on the class."
    )
    commands = top.add_subparsers(dest="command", required=True)
    auto = commands.add_parser("autograde", help="grade the submissions of a unit that are not graded yet")
    auto.add_argument("unit", help="such as 1_regression")
    auto.add_argument("--student", default="*", help="one student, or a pattern such as 'a*'")
    auto.add_argument("--workers", type=int, help="processes that grade (one for each core if not given)")
    auto.add_argument("--scheduler", metavar="ADDRESS", help="let the workers of a Dask scheduler grade")
    auto.add_argument(
        "--regrade",
        nargs="?",
        const="*",
        metavar="QUESTION",
        help="grade again what is finished: all of it, or the points of one question",
    )
    auto.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run students' code without a sandbox; for your own notebooks on a laptop",
    )
    report = commands.add_parser(
        "report", help="write reports/UNIT.html and .csv: points, hints, times, events"
    )
    report.add_argument("unit")
    lms = commands.add_parser("export", help="write grades and feedback as Moodle or Canvas imports them")
    lms.add_argument("unit")
    lms.add_argument("system", choices=("moodle", "canvas"))
    fresh = commands.add_parser(
        "campaign", help="show the seed of the hidden checks, or begin anew with another"
    )
    fresh.add_argument("unit")
    fresh.add_argument("--new", action="store_true", help="the next grading draws a fresh seed, for everyone")
    return top


def main(arguments=None):
    """The command. Exit code 0: all graded; 1: some could not be; 2: it did not begin; 130: Ctrl-C."""
    asked = parser().parse_args(arguments)
    if getattr(asked, "workers", None) is not None and asked.workers < 1:
        return _say(f"--workers must be at least 1, got {asked.workers}.")
    try:
        return _do(asked)
    except KeyboardInterrupt:
        return _say("Stopped. Who was graded stays graded; the same command goes on with the rest.", 130)


def _do(asked):
    """What was asked for, from the loading of nbgrader on."""
    if asked.command == "autograde" and not asked.scheduler:
        workers.get_ready()
    from nbgrader.apps import NbGrader
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import OperationalError

    from nnlib.grading.autograde import NoSubmissions
    from nnlib.grading.gradebook import campaign
    from nnlib.grading.gradebook.release import ReleaseError
    from nnlib.grading.sandbox.bubblewrap import SandboxUnavailable

    app = NbGrader()
    app.initialize([])
    try:
        match asked.command:
            case "autograde":
                return _autograde(app, asked)
            case "report":
                from nnlib.grading.gradebook.report import write_report

                print("\n".join(str(path) for path in write_report(app.coursedir, asked.unit)))
            case "export":
                from nnlib.grading.gradebook.export import export

                paths, pending = export(app.coursedir, asked.unit, asked.system)
                print("\n".join(str(path) for path in paths))
                if pending:
                    print(f"Pending, so without a grade: {', '.join(pending)}.")
            case "campaign":
                if asked.new:
                    campaign.begin(app.coursedir, asked.unit)
                seed = campaign.Campaign(app.coursedir, asked.unit).seed
                print(f"{asked.unit}: the hidden checks use seed {seed}.")
    except (
        NoSubmissions,
        ReleaseError,
        SandboxUnavailable,
        workers.SchedulerUnreachable,
        ValueError,
    ) as reason:
        return _say(str(reason))
    except OperationalError as reason:
        error = str(reason.orig).strip().splitlines()[0]
        place = repr(make_url(app.coursedir.db_url))  # without the password
        return _say(f"The gradebook at {place} cannot be used: {error}. Does its server run?")
    return 0


def _say(text, code=2):
    print(text, file=sys.stderr)
    return code


def _autograde(app, asked):
    from nnlib.grading.autograde import Run, grade
    from nnlib.grading.gradebook.release import StaleRelease

    run = Run(
        student=asked.student,
        workers=asked.workers,
        scheduler=asked.scheduler,
        regrade=asked.regrade,
        unsafe=asked.unsafe_no_sandbox,
        log=app.log,
        parent=app,
    )
    try:
        verdicts = grade(app.coursedir, asked.unit, run)
    except StaleRelease as reason:
        if not _generate(app, asked.unit, reason):
            raise
        verdicts = grade(app.coursedir, asked.unit, run)
    print(table(verdicts))
    return 1 if any(verdict["verdict"] == "failed" for verdict in verdicts.values()) else 0


def _generate(app, unit, reason):
    """Offer to make the release, where somebody can answer."""
    if not sys.stdin.isatty():
        return False
    print(reason)
    if input("Generate it now? [y/N] ").strip().lower() not in ("y", "yes"):
        return False
    from nbgrader.apps import NbGraderAPI

    from nnlib.grading.gradebook.release import ReleaseError

    made = NbGraderAPI(app.coursedir).generate_assignment(unit, force=True, create=True)
    if not made["success"]:
        raise ReleaseError(made.get("error") or made.get("log", "The release could not be generated."))
    return True


def table(verdicts):
    """The closing table: one line a student, then how their memory was bounded, then the sums."""
    from nnlib.grading.gradebook.campaign import counted
    from nnlib.grading.gradebook.submission import shown

    verdicts = {shown(student): verdict for student, verdict in verdicts.items()}
    width = max(map(len, verdicts), default=0)
    lines = []
    for student, verdict in sorted(verdicts.items()):
        points = sum(p or 0 for p in verdict.get("scores", {}).values())
        said = verdict["reasons"][0].strip().splitlines()[-1] if verdict["reasons"] else ""
        kept = " (kept)" if verdict.get("kept") else ""
        seconds = f"{verdict.get('seconds', 0):6.1f} s"
        lines.append(
            f"{student:<{width}}  {points:6g}  {seconds}  {verdict['verdict']}{kept}  {said[:90]}".rstrip()
        )
    if ways := sorted({verdict["memory"] for verdict in verdicts.values() if verdict.get("memory")}):
        lines.append(f"Memory: {' or '.join(ways)}.")
    failed = sum(verdict["verdict"] == "failed" for verdict in verdicts.values())
    events = sum(bool(verdict.get("events")) for verdict in verdicts.values())
    lines.append(f"{counted(verdicts)}, {failed} failed; {events} with events to look at.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
