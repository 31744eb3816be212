"""Who is at the terminal."""

from __future__ import annotations


def login() -> str:
    """The name that this user has on this machine; empty: nobody knows."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
