"""The command line: parse, call one function, print.

Start with `program.py` (the commands in their order) and `options.py` (what several commands share); `console.py`
reports faults of the user's with exit code 2 and one line each.
"""

from toolkit.cli.program import main

__all__ = ["main"]
