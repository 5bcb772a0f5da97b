"""Archives of Moodle and Canvas, taken apart: a damaged file of one student does not stop the others.

nbgrader's `zip_collect` calls both plugins: `Extractor` writes `extracted/STUDENT/FILE`, `Collector` names
the student of each file.
"""

import io
import re
import zipfile
from pathlib import Path, PurePosixPath

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

from nnlib.grading.gradebook import collected
from nnlib.grading.gradebook.submission import (
    LARGEST_FILES,
    LARGEST_NOTEBOOK,
    MOST_FILES,
    TAKEN,
    UNFIT,
    contents,
    shown,
)

MOODLE = re.compile(
    r"(?:.*/)?(?P<origin>(?P<student>[^/_]+)_(?P<number>\d+)_assignsubmission_file)_?/?(?P<file>.+)", re.S
)
"""Ada Lovelace_17_assignsubmission_file/1_regression.ipynb. The number is another one in each assignment,
so the name tells the student; the number tells two students of one name apart."""
CANVAS = re.compile(r"(?:.*/)?(?P<origin>[^/_]+_(?P<late>LATE_)?(?P<student>\d+)_\d+)_(?P<file>[^/]+)", re.S)
"""lovelaceada_LATE_4711_99_1_regression-1.ipynb. The first number tells the student."""

LARGEST_ARCHIVE = 20 * LARGEST_NOTEBOOK


class Extractor(ExtractorPlugin):
    """Takes archives apart by student."""

    def extract(self, archive_path, extracted_path):
        self.place = Path(extracted_path)
        self.entries, self.files = {}, {}
        for path in sorted(Path(archive_path).rglob("*")):
            try:
                if path.suffix.lower() == ".zip" and not _origin(path.name):
                    self._archive(path)
                elif path.is_file():
                    self._sort(path.relative_to(archive_path).as_posix(), contents(path, LARGEST_ARCHIVE))
            except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                self.log.error("%s cannot be collected: %s", shown(path.name), error)
        names = _told_apart(self.files)
        for (system, student, number), files in self.files.items():
            self._write(names[system, student, number], files)
        app = self.parent
        kept = {names[key]: entry for key, entry in self.entries.items()}
        collected.keep(app.coursedir, app.coursedir.assignment_id, kept)
        for student in kept:
            # Also who handed in nothing that can be graded gets a verdict.
            place = app.coursedir.format_path(
                app.coursedir.submitted_directory, student, app.coursedir.assignment_id
            )
            Path(place).mkdir(parents=True, exist_ok=True)

    def _archive(self, path):
        """The archive that the system made of all submissions."""
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.is_dir() or _of_a_system(member.filename):
                    continue
                try:
                    self._sort(member.filename, _read(archive, member))
                except (ValueError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
                    self._note(member.filename, f"could not be read: {error}")

    def _sort(self, name, data):
        """Give one file to its student. An archive of the student's own is taken apart."""
        parts = _origin(name)
        if not parts:
            self.log.warning("Left out, as its name tells no student: %s", shown(name))
            return
        key, file = self._entry(parts), PurePosixPath(parts["file"])
        if file.suffix.lower() != ".zip":
            self._add(key, file.name, data)
            return
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [m for m in archive.infolist() if not m.is_dir() and not _of_a_system(m.filename)]
                for member in members[:MOST_FILES]:
                    if PurePosixPath(member.filename).suffix.lower() in TAKEN:
                        self._add(key, PurePosixPath(member.filename).name, _read(archive, member))
        except (ValueError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            self._note(name, f"is an archive that cannot be read: {error}")

    def _entry(self, parts):
        """The key of the student of a file. An entry is made for a student who has none yet."""
        name = UNFIT.sub("_", parts["student"].strip())
        key = (parts["system"], name, parts.get("number") or "")
        if key not in self.entries:
            notes = [collected.LATE] if parts.get("late") else []
            self.entries[key] = {"system": key[0], "origin": parts["origin"], "notes": notes}
            self.files[key] = {}
        return key

    def _note(self, name, text):
        if parts := _origin(name):
            key = self._entry(parts)
            self.entries[key]["notes"].append(f"{shown(PurePosixPath(name).name)[:100]} {text}."[:300])

    def _add(self, key, name, data):
        # Canvas numbers what is handed in again: 1_regression-2.ipynb.
        name = re.sub(r"-\d+(?=\.ipynb$)", "", name) if key[0] == "canvas" else name
        if name.startswith(".") or PurePosixPath(name).suffix.lower() not in TAKEN:
            return
        files, notes = self.files[key], self.entries[key]["notes"]
        if name in files:
            notes.append(f"{name} was there more than once; the last one counts.")
        # A small archive may hold more than memory does.
        if sum(map(len, files.values())) + len(data) > LARGEST_NOTEBOOK + LARGEST_FILES:
            most = (LARGEST_NOTEBOOK + LARGEST_FILES) // 2**20
            notes.append(f"{name[:100]} was left out: more than {most} MB were handed in.")
        else:
            files[name] = data

    def _write(self, student, files):
        folder = self.place / student
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / name.replace("\0", "")).write_bytes(data)


class Collector(FileNameCollectorPlugin):
    """Names the student of each file that `Extractor` has written: the folder has the student's name."""

    def collect(self, submitted_file):
        path = Path(submitted_file)
        return {"student_id": path.parent.name, "file_id": path.stem}


def _origin(name):
    """The parts of the name of a file in an archive: system, student, number, origin, late, file; or None."""
    name = shown(name).replace("\\", "/")
    for system, pattern in (("moodle", MOODLE), ("canvas", CANVAS)):
        matched = pattern.fullmatch(name)
        student = matched["student"].strip() if matched else ""
        if student and not student.startswith(".") and "\0" not in name:
            return matched.groupdict() | {"system": system}
    return None


def _of_a_system(name):
    """Whether macOS or Windows, not a student, put this file into an archive."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part in (".DS_Store", "Thumbs.db", "desktop.ini") for part in parts)


def _read(archive, member):
    """The data of a file in an archive. Its stated size is not trusted: reading stops at the limit."""
    with archive.open(member) as file:
        data = file.read(LARGEST_NOTEBOOK + 1)
    if len(data) > LARGEST_NOTEBOOK:
        raise ValueError(f"more than {LARGEST_NOTEBOOK // 2**20} MB are too much")
    return data


def _told_apart(keys):
    """(system, name, number) -> the name of the student's folder: with the number where two have one name."""
    names = [name for _, name, _ in keys]
    return {key: key[1] if names.count(key[1]) == 1 else f"{key[1]} ({key[2] or key[0]})" for key in keys}
