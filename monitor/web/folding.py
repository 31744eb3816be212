"""What the first page shows of alerts: conflicts as cards, what is merely new folded by story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.lines import unquoted
from monitor.core.terminal import clean
from monitor.core.types import AlertKind
from monitor.store.alert_kinds import LateKinds, Telling
from monitor.store.queries import AlertRecord
from monitor.web.views import STANCES, Moment, moment

#: Kinds that say that something is there, not that accounts differ: a day has dozens.
FOLDED = (AlertKind.NEW_CLAIM, AlertKind.CORROBORATION, AlertKind.MATCH)
#: Kinds that are shown one by one.
SHOWN = tuple(kind for kind in AlertKind if kind not in FOLDED)
#: Folded alerts on one page.
MOST_FOLDED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One kind of alert to choose."""

    name: str
    count: int
    # Its address.
    at: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One alert in a line: who says what, or its headline."""

    id: int
    speaker: str
    stance: str
    words: str
    lang: str
    publisher: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The alerts of one story; of no story those that have none."""

    title: str
    lines: tuple[Line, ...]


def facets(kinds: LateKinds, chosen: str) -> tuple[Facet, ...]:
    """All of them, then each kind that there is, conflicts first."""
    every = Facet(name="all", count=sum(kinds.counts.values()), at="/", chosen=not chosen)
    order = [
        AlertKind.CONTRADICTION,
        *(kind for kind in (*SHOWN, *FOLDED) if kind != AlertKind.CONTRADICTION),
    ]
    return (
        every,
        *(
            Facet(
                name=kind.value.replace("_", " "),
                count=kinds.counts.get(kind, 0),
                at=f"/?kind={kind.value}",
                chosen=kind == chosen,
            )
            for kind in order
            if kind in kinds.counts or kind == chosen
        ),
    )


def folds(
    alerts: Iterable[AlertRecord], tellings: Mapping[tuple[int, int], Telling], now: datetime
) -> tuple[Fold, ...]:
    """Newest first, stories and alerts in them."""
    stories: dict[str, list[Line]] = {}
    titles: dict[str, str] = {}
    for alert in alerts:
        claim = alert.claims[0] if alert.claims else None
        told = None if claim is None else tellings.get((claim.article.id, claim.article.version))
        known = "" if told is None or told.story is None else str(told.story)
        titles.setdefault(known, clean(told.title) if told is not None and known else "Other")
        stories.setdefault(known, []).append(
            Line(
                id=alert.id,
                speaker="" if claim is None else clean(claim.speaker.name),
                stance="" if claim is None else STANCES.get(claim.stance, claim.stance),
                words=clean(alert.headline) if claim is None else unquoted(clean(claim.quote)),
                lang="" if told is None else told.lang,
                publisher="" if claim is None else clean(claim.article.publisher),
                at=moment(alert.created_at, now),
            )
        )
    return tuple(Fold(title=titles[known], lines=tuple(lines)) for known, lines in stories.items())
