"""What the commands do that are no run: init, check, list, report, search."""
