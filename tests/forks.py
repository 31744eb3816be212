"""Processes that are forks of one that has imported everything: starting Python for each takes longer than
what they do.
"""

from __future__ import annotations

import multiprocessing

FORKS = multiprocessing.get_context("forkserver")
# One list for all: a process has one such server. What it cannot find on its path it leaves to the forks.
FORKS.set_forkserver_preload(
    [
        "killable",  # the kill harness puts its folder on the path
        "pytest",
        "monitor.store.ingest",
        "monitor.store.judging",
        "monitor.store.migrations",
        "monitor.store.tasks",
    ]
)
