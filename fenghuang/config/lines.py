"""The work lines switched on. A line is added or removed by one string, here."""

import os

LINES = [
    "fenghuang.lines.requests.line.Requests",
]

# Only for the proof that no line is needed by the others: codes of lines to leave out, by comma.
_without = {code for code in os.environ.get("FENGHUANG_WITHOUT", "").split(",") if code}
LINES = [line for line in LINES if line.split(".")[2] not in _without]
