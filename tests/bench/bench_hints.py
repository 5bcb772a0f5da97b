"""Hints: which share of wrong answers is explained, and how long a failed check takes.

`python -m tests.bench.bench_hints --held-out FOLDER` tries other answers: FOLDER/UNIT/QUESTION.toml has tables
[wrong.NAME] with `code` and `slip`, the slip in its author's words. For each it prints whether it is refused,
both texts, and the time, so that somebody can judge: named, part, nothing or misled.
"""

import argparse
import time
import tomllib
from pathlib import Path

from tests.bench.measure import Row
from tests.grading.catalogue import Answer, answers
from tests.grading.checks.test_catalogue import graded

PLAIN = (
    "has the right shape, but",
    " has shape ",
    " raised ",
    "do not fit",
    "is right up to",
    "NaN or infinity",
)
"""What a hint says that names no slip, only the place."""


def rows():
    wrong = [answer for answer in answers() if answer.slip]
    seconds, explained, refused = [], 0, 0
    for answer in wrong:
        begun = time.process_time()
        earned, possible, hints = graded(answer)
        seconds.append(time.process_time() - begun)
        refused += earned < possible
        explained += bool(hints) and not any(words in hints[0] for words in PLAIN)
    yield Row("wrong answers of the catalogue: refused", refused / len(wrong), "", at_least=1)
    yield Row(
        "wrong answers of the catalogue: slip named", explained / len(wrong), "", at_least=0.8, goal=0.95
    )
    seconds.sort()
    yield Row("all checks of a question, a wrong answer: median", seconds[len(seconds) // 2], "s")
    yield Row("all checks of a question, a wrong answer: longest", seconds[-1], "s")


def held_out(folder):
    """Print what each answer of the folder is told."""
    explained = 0
    for path in sorted(Path(folder).glob("*/*.toml")):
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).get("wrong", {}).items():
            answer = Answer(path.parent.name, path.stem, name, entry["code"], entry["slip"])
            begun = time.process_time()
            try:
                earned, possible, hints = graded(answer)
            except Exception as error:
                earned, possible, hints = 0, 0, [f"the code of the answer fails: {error!r}"]
            taken = time.process_time() - begun
            verdict = "refused" if earned < possible else "ACCEPTED"
            print(f"{answer}\n  {verdict}, {earned:g} of {possible:g} points, {taken:.1f} s")
            print(f"  slip: {entry['slip']}")
            for hint in dict.fromkeys(hints):
                print(f"  hint: {hint}")
            explained += 1
    print(f"{explained} answers.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=Path, required=True, help="folder of UNIT/QUESTION.toml")
    held_out(parser.parse_args().held_out)
