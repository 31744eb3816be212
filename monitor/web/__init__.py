"""The dashboard: what happened, both sides of it, and whether the service is alive (docs/web.md)."""
