"""The line of a student's cell in which an error was raised."""

import linecache


def line_of(error):
    """[number of the line in its cell, its text] of the innermost line of a cell; None if there is none."""
    line, step = None, error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if "ipykernel" in name or name.startswith("<ipython-input"):
            text = linecache.getline(name, step.tb_lineno).strip()
            line = [step.tb_lineno, text[:120]] if text else line
        step = step.tb_next
    return line
