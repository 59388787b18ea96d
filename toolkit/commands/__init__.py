"""Does the work of the commands that do not run a study: init, check, list, report and search.

Start with `check.py`; the other modules have the names of their commands, except that `listing.py` is `list`.
"""
