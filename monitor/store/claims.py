"""Claims as rows, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from monitor.core.types import (
    Article,
    ArticleField,
    Claim,
    ClaimKind,
    ClaimPlace,
    ClaimTime,
    FrameUse,
    PriorClaim,
    Quantity,
    Speaker,
    Stance,
    ThreadedClaim,
)


def claim_row(
    threaded: ThreadedClaim,
    article: Article,
    *,
    origin: str,
    extractor: str,
    versions: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """A row of `claim`."""
    one = threaded.claim
    return {
        "fingerprint": one.fingerprint,
        "article_id": one.article_id,
        "version_id": one.version_id,
        "field": one.field.value,
        "span_start": one.start,
        "span_end": one.end,
        "quote": one.quote,
        "kind": one.kind.value,
        "speaker": one.speaker.name,
        "speaker_folded": one.speaker.name.casefold(),
        "speaker_surface": one.speaker.surface,
        "speaker_entity": one.speaker.entity,
        "speaker_side": one.speaker.side,
        "stance": one.stance.value,
        "hedged": one.hedged,
        "cue": one.cue,
        "proposition": one.proposition,
        "quantities": [
            {
                "value": quantity.value,
                "bound": quantity.bound,
                "unit": quantity.unit,
                "surface": quantity.surface,
            }
            for quantity in one.quantities
        ],
        "frames": [
            {"frame": use.frame, "affirmed": use.affirmed, "roles": [list(role) for role in use.roles]}
            for use in one.frames
        ],
        "times": [
            {
                "begins_at": when.begins_at.isoformat(),
                "ends_at": when.ends_at.isoformat(),
                "bound": when.bound,
                "surface": when.surface,
            }
            for when in one.times
        ],
        "places": [
            {"name": at.name, "entity": at.entity, "relation": at.relation, "surface": at.surface}
            for at in one.places
        ],
        "keys": list(one.keys),
        "rules": list(one.rules),
        "said_at": one.said_at,
        "thread": threaded.thread,
        "origin": origin,
        "publisher": article.publisher,
        "extractor": extractor,
        "versions": dict(versions),
        "created_at": now,
    }


def prior_claim(row: Row[*tuple[Any, ...]]) -> PriorClaim:
    """A row of `claim` as judges see it."""
    return PriorClaim(
        id=row.id,
        claim=_claim(row),
        thread=row.thread,
        origin=row.origin,
        publisher=row.publisher,
    )


def _claim(row: Row[*tuple[Any, ...]]) -> Claim:
    return Claim(
        fingerprint=row.fingerprint,
        article_id=row.article_id,
        version_id=row.version_id,
        field=ArticleField(row.field),
        start=row.span_start,
        end=row.span_end,
        quote=row.quote,
        kind=ClaimKind(row.kind),
        speaker=Speaker(
            name=row.speaker, surface=row.speaker_surface, entity=row.speaker_entity, side=row.speaker_side
        ),
        stance=Stance(row.stance),
        hedged=row.hedged,
        cue=row.cue,
        proposition=row.proposition,
        quantities=tuple(Quantity(**quantity) for quantity in row.quantities),
        frames=tuple(
            FrameUse(
                frame=use["frame"],
                affirmed=use["affirmed"],
                roles=tuple((role, filler) for role, filler in use["roles"]),
            )
            for use in row.frames
        ),
        keys=tuple(row.keys),
        said_at=row.said_at,
        rules=tuple(row.rules),
        times=tuple(
            ClaimTime(
                begins_at=datetime.fromisoformat(when["begins_at"]),
                ends_at=datetime.fromisoformat(when["ends_at"]),
                bound=when["bound"],
                surface=when["surface"],
            )
            for when in row.times
        ),
        places=tuple(ClaimPlace(**at) for at in row.places),
    )
