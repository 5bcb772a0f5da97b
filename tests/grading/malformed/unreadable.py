"""Submissions without a notebook that can be read: empty, cut off, binary, links, pipes, too large."""

import os
import shutil

from tests.grading.malformed.entry import edit, refused


@refused("is empty")
def empty_file(path):
    path.write_text("")


@refused("is not JSON")
def cut_off(path):
    path.write_text(path.read_text()[:5000])


@refused("is not text")
def binary(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10)


@refused("is not JSON")
def merge_conflict(path):
    path.write_text("<<<<<<< HEAD\n" + path.read_text() + "\n=======\n>>>>>>> mine\n")


@refused("not a notebook")
def json_number(path):
    path.write_text("7")


@refused("not a notebook")
def json_list(path):
    path.write_text("[]")


@refused("no list of cells")
def empty_table(path):
    path.write_text("{}")


@refused("no list of cells")
def cells_are_a_table(path):
    edit(path, lambda n: n.update(cells={"a": 1}))


@refused("nested too deeply")
def deep_json(path):
    path.write_text("[" * 200_000)


@refused("There is no notebook")
def no_file(path):
    path.unlink()


@refused("There is no notebook")
def a_folder_of_its_name(path):
    path.unlink()
    path.mkdir()


@refused("more than one other")
def two_other_notebooks(path):
    shutil.copy(path, path.with_name("a.ipynb"))
    path.rename(path.with_name("b.ipynb"))


@refused("symbolic link")
def link_to_the_solution(path):
    solution = path.parents[3] / "solutions" / path.stem / path.name
    path.unlink()
    path.symlink_to(solution)


@refused("symbolic link")
def folder_is_a_link(path):
    shutil.rmtree(path.parent)
    path.parent.symlink_to(path.parents[3] / "solutions" / path.stem)


@refused("not an ordinary file")
def named_pipe(path):
    path.unlink()
    os.mkfifo(path)


@refused("500 MB are too much")
def five_hundred_megabytes(path):
    with open(path, "ab") as file:
        file.truncate(500 * 2**20)


@refused("at most 1000")
def many_cells(path):
    def change(notebook):
        notebook["cells"] += [{"cell_type": "markdown", "source": "x", "metadata": {}}] * 5000

    edit(path, change)


@refused("cannot be converted")
def format_one(path):
    edit(path, lambda n: n.update(nbformat=1, cells=7))
