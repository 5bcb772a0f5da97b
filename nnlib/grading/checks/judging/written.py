"""What the student wrote: the source of a function or class, from the process in which it is."""

from nnlib.grading.sandbox.inside import versions
from nnlib.grading.sandbox.remote import Remote


def written(thing):
    """(number of the first line in its cell, source); (1, "") where there is none."""
    try:
        found = thing._source() if isinstance(thing, Remote) else versions.source_of(thing)
    except OSError:
        found = None
    match found:
        case [int(begins), str(source)]:
            return begins, source
    return 1, ""
