"""The fixtures of this folder live in modules whose names are unique, and so can be imported."""

from cli_process import claimwatch, entry_points_path, filled
from feedback_desk import desk

__all__ = ["claimwatch", "desk", "entry_points_path", "filled"]
