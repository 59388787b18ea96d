"""Runs the work: workers, threads, memory and progress, and the record of the machine and packages that did it.

Start with `parallel.py`.
"""
