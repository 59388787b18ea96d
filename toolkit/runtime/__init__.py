"""How work is run: workers, threads, memory, progress, and what machine and packages did it."""
