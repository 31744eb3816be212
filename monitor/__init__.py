"""What Claimwatch knows, decides and shows. docs/architecture.md is the map."""

__version__ = "0.1.0"
