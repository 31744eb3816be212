"""`claimwatch eval --live`: how often people called our contradictions real, by what found them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.config import Settings, sqlite_file
from monitor.core.evaluation.live import LivePrecision, SpokenOf, live_precision
from monitor.errors import UnavailableError
from monitor.store.database import open_database
from monitor.store.marked_pairs import MarkedPair, marked_pairs
from monitor.store.migrations import require_current


def read_live(settings: Settings) -> tuple[LivePrecision, ...]:
    """The precision of the ledger's pairs that people spoke about.

    Raises UnavailableError where there is no ledger, DatabaseVersionError where it is of another program.
    """
    file = sqlite_file(settings.database)
    if file is not None and not file.exists():
        raise UnavailableError(
            f"nothing is stored yet: there is no database at {file}",
            remedy="--live measures a ledger in which people gave feedback (`claimwatch feedback`)",
        )
    db = open_database(settings.database)
    try:
        require_current(db)
        return live_precision(_spoken_of(one) for one in marked_pairs(db))
    finally:
        db.close()


def _spoken_of(one: MarkedPair) -> SpokenOf:
    pair = one.pair
    extractors = {side.versions.get("extractor", "") for side in (pair.left, pair.right)}
    return SpokenOf(
        word=one.word,
        traits={
            "comparator": (pair.comparator,),
            "kind": (pair.kind,),
            "grade": (pair.grade,),
            "scope": (pair.scope,),
            "frame": one.frames,
            "rule": tuple(dict.fromkeys([*pair.left.rules, *pair.right.rules])),
            "extractor": tuple(sorted(extractors - {""})),
        },
    )


def as_lines(rows: Sequence[LivePrecision]) -> Iterator[str]:
    """A table for people; what nobody spoke about is not in it."""
    spoken = rows[0].real + rows[0].noise + rows[0].outdated
    if not spoken:
        yield "nobody has said anything about a contradiction yet (`claimwatch feedback ID real`)"
        return
    yield f"contradictions that people spoke about: {spoken}; outdated ones count neither way"
    width = max(len(row.name) for row in rows)
    yield f"{'by':<10}  {'':<{width}}  {'real':>5}  {'noise':>5}  {'outdated':>8}  precision (95 %)"
    for row in rows:
        yield (
            f"{row.grouping:<10}  {row.name:<{width}}  {row.real:>5}  {row.noise:>5}  {row.outdated:>8}  "
            f"{_interval(row)}"
        )


def _interval(row: LivePrecision) -> str:
    share = row.precision
    return "–" if share is None else f"{share.share:.0%} ({share.low:.0%} to {share.high:.0%})"


def as_objects(rows: Sequence[LivePrecision]) -> Iterator[dict[str, Any]]:
    """The same for programs, one object a row."""
    for row in rows:
        share = row.precision
        yield {
            "by": row.grouping or None,
            "name": row.name,
            "real": row.real,
            "noise": row.noise,
            "outdated": row.outdated,
            "precision": None if share is None else round(share.share, 4),
            "low": None if share is None else round(share.low, 4),
            "high": None if share is None else round(share.high, 4),
        }
