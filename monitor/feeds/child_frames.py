"""What a parse child answers, as bytes on a pipe.

That is JSON, and behind it the texts of a snapshot's entries with NULs between them: as JSON, writing and
reading them would cost as much as reading the document. No text that a child gives holds a NUL; one that
did would make their number wrong, and the answer nonsense.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

#: Of an entry, in the order in which they are sent. An empty text is the summary again, an empty time none.
FIELDS = ("guid", "url", "title", "summary", "text", "author", "lang", "published_at", "updated_at")
_END = "\x00"


def packed(frame: Mapping[str, Any]) -> bytes:
    """An answer as it is sent; of a snapshot the entries are taken apart."""
    snapshot, texts = frame.get("snapshot"), []
    if snapshot is not None:
        entries = snapshot["entries"]
        for entry in entries:
            again = entry["text"] == entry["summary"]
            sent = entry | {"text": ""} if again else entry
            texts += [sent[name] or "" for name in FIELDS]
        frame = {**frame, "snapshot": {**snapshot, "entries": len(entries)}}
    told = json.dumps(frame, ensure_ascii=False)
    return _END.join((told, *texts)).encode("utf-8", "replace")


def unpacked(raw: bytes) -> dict[str, Any]:
    """The answer; the entries of a snapshot are rows of texts, in the order of FIELDS.

    Raises ValueError for anything else.
    """
    told, *texts = raw.decode().split(_END)
    frame = json.loads(told)
    if not isinstance(frame, dict):
        raise ValueError("the answer is no object")
    snapshot = frame.get("snapshot")
    if isinstance(snapshot, dict):
        snapshot["entries"] = _rows(texts, snapshot.get("entries"))
    return frame


def _rows(texts: Sequence[str], entries: object) -> list[Sequence[str]]:
    width = len(FIELDS)
    if not isinstance(entries, int) or len(texts) != width * entries:
        raise ValueError("another number of texts than the entries have")
    return [texts[at : at + width] for at in range(0, len(texts), width)]
