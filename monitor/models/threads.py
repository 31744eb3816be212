"""One thread of linear algebra: a process reads sentences, and more processes read more of them."""

from __future__ import annotations

import os

_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def use_one_thread() -> None:
    """To be called before numpy is imported; what the environment says already stays.

    The matrices of a sentence are so small that threads cost several times what they compute: they wait for
    each other by spinning, which on a busy machine took nine tenths of the processor time.
    """
    for name in _VARIABLES:
        os.environ.setdefault(name, "1")
