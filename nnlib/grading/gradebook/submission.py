"""What a student handed in: read without trust, and matched with the release.

A submission may be broken in any way. What can be graded is; the rest gets a reason.
"""

import errno
import hashlib
import json
import os
import re
import stat
from pathlib import Path

import nbformat

LARGEST_NOTEBOOK = 20 * 2**20
LARGEST_FILES = 20 * 2**20
"""Bytes of a notebook, and of all other files of a submission together, that are looked at."""
TAKEN = {".ipynb", ".csv", ".json", ".npy", ".npz", ".txt", ".png", ".jpg", ".jpeg", ".svg"}
"""Kinds of files that are taken: no programs, and no archives of them."""
MOST_CELLS = 1000
LONGEST_CELL = 200_000
"""Characters of a cell's source."""
LONGEST_SOURCES = 1_000_000
"""Characters of all cells' sources: pages are made of them."""
MOST_FILES = 200
"""Files of a submission that are looked at."""
UNFIT = re.compile(r'[<>"\\\x00-\x1f\x7f]')
"""What no name of a student's folder may hold: nbgrader's pages show it as it is."""
OF_NBGRADER = {"timestamp.txt", "submission_secret.txt"}
"""What nbgrader's exchange puts beside a notebook. Students' code does not get it."""


class Unreadable(ValueError):
    """The submission cannot be graded. The text says why, for the student and the instructor."""


def collect(folder, unit, earlier=()):
    """What lies in a submission's folder, as plain data: `notebook` (text) or `unreadable` (why),
    `files` (path -> bytes), `notes`, `events`, `hash`. Symbolic links are never followed.

    earlier: notes that `collecting` made about the submission.
    """
    folder, notes, events, files = Path(folder), list(earlier), [], {}
    collected = {"notebook": None, "unreadable": None}
    try:
        if folder.is_symlink() or not folder.is_dir():
            events.append(["link", "the folder is a symbolic link"])
            raise Unreadable("The submission is a symbolic link or a file, expected a folder.")
        files = _files(folder, notes, events)
        path = _choose(folder, unit, files, notes)
        collected["notebook"] = _text(files.pop(path))
    except Unreadable as reason:
        collected["unreadable"] = str(reason)
    except OSError as error:
        collected["unreadable"] = f"The submission cannot be read: {error.strerror}."
    digest = hashlib.sha256(json.dumps([collected, notes]).encode())
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return collected | {"files": files, "notes": notes, "events": events, "hash": digest.hexdigest()}


def contents(path, most):
    """The bytes of an ordinary file of at most `most` bytes. Raises OSError for a link, a pipe, a folder or
    a device, and ValueError for a larger file; never waits, whatever the path leads to."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not an ordinary file")
        if status.st_size > most:
            raise ValueError(f"{status.st_size / 2**20:.0f} MB are too much")
        return file.read(most)


def _files(folder, notes, events):
    files, left = {}, LARGEST_FILES + LARGEST_NOTEBOOK
    for number, path in enumerate(_paths(folder)):
        if number == MOST_FILES:
            notes.insert(0, f"There are more than {MOST_FILES} files: the others were left out.")
            events.insert(0, ["file", f"more than {MOST_FILES} files were handed in"])
            break
        inside = shown(path.relative_to(folder))
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            events.append(["link", f"{inside} is a symbolic link"])
            notes.append(f"{inside} is a symbolic link and was left out.")
        elif not stat.S_ISREG(status.st_mode):
            events.append(["file", f"{inside} is not an ordinary file"])
            notes.append(f"{inside} is not an ordinary file and was left out.")
        elif path.name.startswith(".") or path.name in OF_NBGRADER:
            continue
        elif path.suffix.lower() not in TAKEN:
            notes.append(f"{inside} was left out: beside the notebook only data and pictures are taken.")
        elif inside != path.relative_to(folder).as_posix():
            notes.append(f"{inside} was left out: its name is not UTF-8.")
        else:
            try:
                files[inside] = contents(path, min(left, LARGEST_NOTEBOOK))
                left -= len(files[inside])
            except ValueError as reason:
                notes.append(f"{inside} was left out: {reason}.")
    return files


def _paths(folder):
    """What lies in a folder and below it, but for folders; symbolic links are not followed."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in sorted([*names, *links]))


def shown(name):
    """The name of a file as it can be stored and printed: bytes that are not UTF-8 become question marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def _choose(folder, unit, files, notes):
    expected = f"{unit}.ipynb"
    if expected in files:
        return expected
    others = [name for name in files if name.endswith(".ipynb")]
    if len(others) == 1:
        notes.append(f"The notebook is called {others[0]}, expected {expected}.")
        return others[0]
    if reason := next((note for note in notes if note.startswith(expected)), None):
        raise Unreadable(reason)
    raise Unreadable(f"There is no notebook {expected}" + (", and more than one other." if others else "."))


def _text(data):
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    raise Unreadable("The notebook is not text: it is damaged, or another kind of file under its name.")


def read_cells(text):
    """The cells of a notebook's text, as plain data: cell_type, source, metadata; and notes.

    Raises Unreadable.
    """
    notes = []
    try:
        data = json.loads(text)
    except ValueError:
        empty = (
            "The notebook is empty."
            if not text.strip()
            else "The notebook is not JSON: it is damaged or cut off."
        )
        raise Unreadable(empty) from None
    except RecursionError:
        raise Unreadable("The notebook is nested too deeply to be one.") from None
    if not isinstance(data, dict):
        raise Unreadable("The notebook is JSON, but not a notebook.")
    if isinstance(data.get("nbformat"), int) and data["nbformat"] < 4:
        try:
            data = nbformat.convert(nbformat.from_dict(data), 4)
            notes.append("The notebook is of an old format and was converted.")
        except Exception:
            raise Unreadable(
                f"The notebook is of format {data['nbformat']} and cannot be converted."
            ) from None
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("The notebook has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells, at most {MOST_CELLS} are graded.")
    if _language(data) != "python":
        notes.append(f"The notebook says that it is in {_language(data)}; it was run as Python.")
    read, left = [], LONGEST_SOURCES
    for number, cell in enumerate(cells, start=1):
        if plain := _plain(cell, number, notes):
            left -= len(plain["source"])
            if left < 0:
                notes.append(f"The cells from {number} on were left out: the notebook holds too much text.")
                break
            read.append(plain)
    return read, notes


def _language(data):
    metadata = data.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = spec.get("language", "python") if isinstance(spec, dict) else "python"
    return language.lower()[:40] if isinstance(language, str) else "an unknown language"


def _plain(cell, number, notes):
    """The entries of a cell that grading uses; None, and a note, if it is not a cell. Its attachments, which
    are pasted pictures, are kept as they are."""
    if not isinstance(cell, dict):
        notes.append(f"Cell {number} is not a cell and was left out.")
        return None
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > LONGEST_CELL:
        notes.append(f"Cell {number} holds no text, or too much of it, and was left out.")
        return None
    kind = cell.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        notes.append(f"Cell {number} is of no known type and was read as text.")
        kind = "markdown"
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    # No gradebook can store half a character from a damaged file, or a zero byte.
    source = source.encode("utf-8", "replace").decode().replace("\0", "")
    return {"cell_type": kind, "source": source, "metadata": metadata, "attachments": cell.get("attachments")}


def match(cells, release):
    """The notebook to be graded: the student's answers in the release's cells.

    Returns (cells, notes, events). A cell has cell_type, source, name and nbgrader (metadata), the
    last two None for the student's own cells. Checks and texts are the release's, answers the
    student's; a missing cell is put back, and of a cell that is there twice the last counts.
    """
    released = {cell["name"]: cell for cell in release["cells"]}
    notes, events, matched, seen = [], [], [], set()
    older = []
    for cell in reversed(cells):
        meta = cell["metadata"].get("nbgrader")
        meta = meta if isinstance(meta, dict) else {}
        name = meta.get("grade_id") if isinstance(meta.get("grade_id"), str) else None
        of_release = released.get(name)
        if of_release is None or name in seen:
            if name in seen:
                notes.append(f"The cell {name} is there more than once; the last one counts.")
                events.append(["metadata", f"{name} is there more than once"])
                if of_release["nbgrader"]["locked"]:
                    continue
            elif meta.get("grade") or meta.get("locked"):
                events.append(["metadata", f"a cell named {str(name)[:40]!r} that is not in the release"])
            matched.append(_own(cell))
            continue
        seen.add(name)
        events += _tampered(cell, meta, of_release)
        locked = of_release["nbgrader"]["locked"]
        if locked and cell["source"].strip() != of_release["released"].strip():
            if _as_released(cell, meta):
                older.append(name)
            else:
                events.append(["metadata", f"{name} was changed"])
        if locked:
            matched.append(as_cell(of_release, of_release["source"]))
        else:
            matched.append(as_cell(of_release, cell["source"], cell["attachments"]))
    matched.reverse()
    events.reverse()
    notes.reverse()
    missing = [name for name in released if name not in seen]
    for name in missing:
        _put_back(matched, released, name)
    if missing:
        notes.append(
            f"Missing and put back: {', '.join(missing[:10])}{' and more' if len(missing) > 10 else ''}."
        )
    if older:
        notes.append(
            f"Made for an older release: {', '.join(sorted(older)[:10])} differ. "
            "Graded with the checks of today."
        )
    return matched, notes, events


def _own(cell):
    kept = {key: cell[key] for key in ("cell_type", "source", "attachments")}
    return kept | {"name": None, "nbgrader": None}


def as_cell(cell, source, attachments=None):
    """A cell of the release with this source."""
    return {
        "cell_type": cell["cell_type"],
        "source": source,
        "attachments": attachments,
        "name": cell["name"],
        "nbgrader": cell["nbgrader"],
    }


def _put_back(matched, released, name):
    names = list(released)
    before = names[: names.index(name)]
    place = max((n + 1 for n, cell in enumerate(matched) if cell["name"] in before), default=0)
    # After the nearest cell before it that is there, wherever the student has put that.
    for predecessor in reversed(before):
        at = [n for n, cell in enumerate(matched) if cell["name"] == predecessor]
        if at:
            place = at[0] + 1
            break
    matched.insert(place, as_cell(released[name], released[name]["source"]))


def _tampered(cell, meta, of_release):
    name, events = of_release["name"], []
    if cell["cell_type"] != of_release["cell_type"]:
        events.append(["metadata", f"{name} was turned into a {cell['cell_type']} cell"])
    for key in ("grade", "solution", "locked", "points", "schema_version"):
        if key in of_release["nbgrader"] and meta.get(key) != of_release["nbgrader"][key]:
            events.append(["metadata", f"{name}: {key} is {str(meta.get(key))[:20]}"])
    tags = cell["metadata"].get("tags")
    if isinstance(tags, list) and tags:
        events.append(["metadata", f"{name} has the tags {str(tags)[:60]}"])
    return events


def _as_released(cell, meta):
    """Whether a cell is as some release made it: its checksum is that of its own source."""
    # Rarely needed, and nbgrader takes a second and a half to load.
    from nbgrader import utils

    try:
        node = nbformat.from_dict(
            {"cell_type": cell["cell_type"], "source": cell["source"], "metadata": {"nbgrader": meta}}
        )
        return utils.compute_checksum(node) == meta.get("checksum")
    except (KeyError, TypeError, ValueError):
        return False
