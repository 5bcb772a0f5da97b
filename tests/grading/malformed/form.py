"""Notebooks in another form: formats, encodings, kernels, metadata, and files beside them."""

import zipfile

from tests.grading.malformed.entry import cell_of, edit, graded


@graded("is called renamed.ipynb")
def renamed(path):
    path.rename(path.with_name("renamed.ipynb"))


@graded()
def format_of_the_future(path):
    edit(path, lambda n: n.update(nbformat=99, nbformat_minor="x"))


@graded()
def byte_order_mark(path):
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


@graded()
def utf_16(path):
    path.write_bytes(path.read_text().encode("utf-16"))


@graded()
def windows_lines(path):
    edit(
        path,
        lambda n: [c.update(source="".join(c["source"]).replace("\n", "\r\n")) for c in n["cells"]] and None,
    )


@graded("is in r")
def kernel_of_r(path):
    edit(
        path, lambda n: n["metadata"].update(kernelspec={"name": "ir", "language": "R", "display_name": "R"})
    )


@graded()
def unknown_kernel(path):
    edit(path, lambda n: n["metadata"].update(kernelspec={"name": "nowhere", "display_name": "x"}))


@graded()
def no_metadata(path):
    edit(path, lambda n: n.pop("metadata") and None)


@graded()
def metadata_is_a_list(path):
    edit(path, lambda n: n.update(metadata=[1]))


@graded("is not a cell")
def a_cell_is_a_number(path):
    edit(path, lambda n: n["cells"].insert(0, 7))


@graded("holds no text")
def a_source_is_a_number(path):
    edit(path, lambda n: n["cells"].insert(0, {"cell_type": "code", "source": 7, "metadata": {}}))


@graded("no known type")
def unknown_type_of_cell(path):
    edit(path, lambda n: n["cells"].insert(0, {"cell_type": "video", "source": "x", "metadata": {}}))


@graded()
def half_a_character(path):
    edit(
        path, lambda n: n["cells"].insert(0, {"cell_type": "markdown", "source": "\ud800 \0", "metadata": {}})
    )


@graded()
def huge_outputs_stored(path):
    text = {"output_type": "stream", "name": "stdout", "text": "x" * 10_000_000}
    edit(path, lambda n: cell_of(n, "setup").update(outputs=[text]))


@graded()
def time_in_words(path):
    path.with_name("timestamp.txt").write_text("yesterday, I think")


@graded()
def files_of_every_name(path):
    for name in (
        "numpy.py",
        "torch.py",
        "nnlib.py",
        "sitecustomize.py",
        "ipython_config.py",
        "random.py",
        "json.py",
    ):
        path.with_name(name).write_text("raise SystemExit('INFECTED')")


@graded("programs.zip was left out: beside the notebook only data and pictures are taken")
def a_library_in_an_archive(path):
    with zipfile.ZipFile(path.with_name("programs.zip"), "w") as archive:
        archive.writestr("nnlib/__init__.py", "raise SystemExit('INFECTED')")
