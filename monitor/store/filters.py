"""What all reading commands can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

#: The statuses that lists of contradictions and claims show unless somebody asks for others.
CURRENT = ("open", "real")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What all reading commands share; empty means any. All that are given must hold."""

    # A rule's id.
    rule: str = ""
    # A feed's URL, old or new.
    feed: str = ""
    # A publisher's name, as written.
    publisher: str = ""
    # An entity's id: the speaker's, or of something that a rule's match names in the article.
    entity: str = ""
    # Part of a speaker's canonical name (case aside), or a speaker's entity id.
    speaker: str = ""
    lang: str = ""
    # The first moment, and the first moment after.
    since: datetime | None = None
    until: datetime | None = None
    # Words that must all stand in the text shown (case aside).
    query: str = ""
    # Contradictions: "contradiction" (default of the command) or "update"; empty: both.
    relation: str = ""
    # Alerts: a value of `AlertKind`; empty: any.
    kind: str = ""
    # Alerts: several of them; empty: any.
    kinds: tuple[str, ...] = ()
    # What people said of contradictions, claims and matches ("open": nothing); empty: any.
    statuses: tuple[str, ...] = ()
    # At most so many; 0: all.
    limit: int = 50
