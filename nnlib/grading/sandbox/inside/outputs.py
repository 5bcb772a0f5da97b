"""What a student's cell prints and shows, kept in order and cut at a stated size."""

import sys

MOST_TEXT = 20_000
"""Characters of text that one cell keeps."""
MOST_PICTURES = 12
"""Pictures and other displays that one cell keeps."""
LARGEST_DISPLAY = 3_000_000
"""Characters of the largest display that is kept: a picture of about 2 MB."""

KINDS = ("text/plain", "image/png", "image/jpeg", "text/html", "image/svg+xml")


class Outputs:
    """The outputs of the cell that runs now, in the form that notebooks store."""

    def __init__(self):
        self.begin()

    def begin(self):
        self.kept, self.text, self.cut, self.displays = [], 0, 0, 0

    def end(self):
        """The outputs so far, with a line about what was cut."""
        kept = self.kept
        if self.cut:
            kept.append(_stream("stdout", f"\n[cut: {self.cut} characters more were printed]\n"))
        if self.displays > MOST_PICTURES:
            kept.append(
                _stream("stdout", f"\n[cut: {self.displays - MOST_PICTURES} displays more were shown]\n")
            )
        self.begin()
        return kept

    def write(self, name, text):
        left = max(0, MOST_TEXT - self.text)
        self.text += min(left, len(text))
        self.cut += max(0, len(text) - left)
        text = text[:left]
        if text and self.kept and self.kept[-1].get("name") == name:
            self.kept[-1]["text"] += text
        elif text:
            self.kept.append(_stream(name, text))

    def show(self, data, result=False):
        self.displays += 1
        data = {kind: data[kind] for kind in KINDS if isinstance(data.get(kind), str)}
        data = {kind: value for kind, value in data.items() if len(value) <= LARGEST_DISPLAY}
        if data and self.displays <= MOST_PICTURES:
            if len(data.get("text/plain", "")) > MOST_TEXT:
                data["text/plain"] = data["text/plain"][:MOST_TEXT] + " [cut]"
            self.kept.append({"output_type": "execute_result" if result else "display_data", "data": data})

    def fail(self, name, message, lines):
        self.kept.append(
            {
                "output_type": "error",
                "ename": name,
                "evalue": message[:1000],
                "traceback": [lines[:MOST_TEXT]],
            }
        )


def _stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


class Stream:
    """Stands for sys.stdout and sys.stderr: writes to the outputs of the cell."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outputs, name):
        self.outputs, self.name = outputs, f"<{name}>"
        self._stream = name

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() takes a str, got {type(text).__name__}.")
        self.outputs.write(self._stream, text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def writable(self):
        return True

    def readable(self):
        return False

    def fileno(self):
        return {"stdout": 1, "stderr": 2}[self._stream]


def install(outputs):
    """Let everything that is printed from now on go to `outputs`."""
    sys.stdout, sys.stderr = Stream(outputs, "stdout"), Stream(outputs, "stderr")
