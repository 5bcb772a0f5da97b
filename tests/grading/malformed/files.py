"""Files beside the notebook that would stop a program that opens them: pipes, links, too many, too large."""

import os
import socket
from pathlib import Path

from tests.grading.malformed.entry import graded


@graded("timestamp.txt holds no time")
def time_is_a_pipe(path):
    os.mkfifo(path.with_name("timestamp.txt"))


@graded("timestamp.txt holds no time")
def time_is_a_folder(path):
    path.with_name("timestamp.txt").mkdir()


@graded("timestamp.txt holds no time")
def time_is_a_link(path):
    path.with_name("timestamp.txt").symlink_to("/etc/hostname")


@graded("timestamp.txt holds no time")
def time_in_a_zone_that_is_a_file(path):
    path.with_name("timestamp.txt").write_text("2026-01-01 00:00:00 /etc/hostname")


@graded("timestamp.txt holds no time")
def time_is_long(path):
    path.with_name("timestamp.txt").write_text("2026-01-01 00:00:00 UTC" * 100_000)


@graded("timestamp.txt holds no time")
def time_is_no_text(path):
    path.with_name("timestamp.txt").write_bytes(b"\xff\xfe\x00")


@graded("data.csv is not an ordinary file")
def pipe_beside_the_notebook(path):
    os.mkfifo(path.with_name("data.csv"))


@graded("server.txt is not an ordinary file")
def socket_beside_the_notebook(path):
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("server.txt")
    finally:
        os.chdir(here)


@graded("its name is not UTF-8")
def file_with_a_name_of_other_bytes(path):
    Path(os.fsdecode(os.fsencode(path.parent) + b"/na\xffme.csv")).write_text("1")


@graded("more than 200 files")
def thousands_of_links(path):
    for number in range(2000):
        path.with_name(f"link-{number}").symlink_to("/etc/passwd")


@graded("more than 200 files")
def hundreds_of_files(path):
    for number in range(500):
        path.with_name(f"z{number}.txt").write_text("x")


@graded()
def folders_in_folders(path):
    place = path.parent.joinpath(*["d"] * 60)
    place.mkdir(parents=True)
    (place / "data.csv").write_text("1")


@graded("data.csv was left out: 21 MB are too much")
def file_beside_is_too_large(path):
    with open(path.with_name("data.csv"), "wb") as file:
        file.truncate(21 * 2**20 + 1)


@graded()
def secret_of_the_exchange(path):
    path.with_name("submission_secret.txt").write_text("secret")


@graded()
def secret_is_a_pipe(path):
    os.mkfifo(path.with_name("submission_secret.txt"))
