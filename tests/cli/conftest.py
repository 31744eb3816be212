"""The fixtures of this folder live in cli_process.py, whose name is unique and so can be imported."""

from cli_process import claimwatch, entry_points_path, filled

__all__ = ["claimwatch", "entry_points_path", "filled"]
