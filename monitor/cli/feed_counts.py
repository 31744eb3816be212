"""What became of a feed's entries, in words and as JSON: seen before, listed twice, copied, left out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from monitor.cli.output import when

if TYPE_CHECKING:
    from monitor.store.feed_tallies import Copies, FeedTally


def count_facts(tally: FeedTally | None, copies: Copies) -> list[tuple[str, str]]:
    """Rows of `feeds show`; those that are empty say nothing."""
    if tally is None:
        return []
    documents = "1 document" if tally.documents == 1 else f"{tally.documents:,} documents"
    return [
        ("counted", f"in {documents} read since {when(tally.since)} UTC"),
        ("entries", f"{tally.new:,} new, {tally.edited:,} edited, {tally.known:,} seen before"),
        ("listed twice", f"{tally.repeated:,}, under one guid or address" if tally.repeated else ""),
        ("copies", _copies(copies)),
        ("left out", "; ".join(map(str, tally.dropped)) or "nothing"),
        ("faults", tally.complaint),
    ]


def _copies(copies: Copies) -> str:
    if not copies.copies:
        return ""
    return f"{copies.copies} of the last {copies.articles} articles have a text that another one had before"


def count_json(tally: FeedTally | None, copies: Copies) -> dict[str, Any] | None:
    """A field of `feeds show --json`; None: no document was read since there is a count."""
    if tally is None:
        return None
    return {
        "since": tally.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "documents": tally.documents,
        "new": tally.new,
        "edited": tally.edited,
        "known": tally.known,
        "repeated": tally.repeated,
        "copies": asdict(copies),
        "dropped": {one.what: one.count for one in tally.dropped},
        "complaint": tally.complaint,
    }
