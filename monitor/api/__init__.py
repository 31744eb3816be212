"""JSON over HTTP: everything stored, readable by programs, under `/api/v1` (docs/web.md)."""
