"""What `claimwatch eval --baselines` shows: other ways over the same stories, beside ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from monitor.core.evaluation.baselines import ClaimRow, Comparison, PairRow
from monitor.core.evaluation.ranking import AT_PRECISION, AT_TOP
from workers.marked_news import percent

#: Heading → share of the claims' table.
CLAIM_COLUMNS = {
    "core": "core_recall",
    "any speaker": "core_recall_any_speaker",
    "precision": "claim_precision",
}
PAIR_COLUMNS = ("avg. precision", f"recall at {AT_PRECISION:.0%}", f"right of {AT_TOP}", "pairs")


def claim_cells(row: ClaimRow) -> list[str]:
    """One row of the claims' table, without its method."""
    return [percent(row.shares[name].value) for name in CLAIM_COLUMNS.values()]


def pair_cells(row: PairRow) -> list[str]:
    """One row of the pairs' table, without its method and what it is over."""
    ranking = row.ranking
    top = "–" if ranking.precision_at_top is None else f"{ranking.precision_at_top:.0%}"
    return [
        f"{ranking.average_precision:.3f}",
        f"{ranking.recall_at_precision:.0%}",
        top,
        f"{ranking.pairs:,}",
    ]


def as_lines(comparison: Comparison) -> Iterator[str]:
    """Two tables for people."""
    methods = [*(row.method for row in comparison.claims), *(row.method for row in comparison.pairs)]
    width = max(map(len, methods))
    yield "  ".join([f"{'claims found by':<{width}}", *(f"{name:>11}" for name in CLAIM_COLUMNS)])
    for claims in comparison.claims:
        yield "  ".join([f"{claims.method:<{width}}", *(f"{cell:>11}" for cell in claim_cells(claims))])
    yield ""
    over = max(len(row.over) for row in comparison.pairs)
    heads = (f"{name:>14}" for name in PAIR_COLUMNS)
    yield "  ".join([f"{'pairs ranked by':<{width}}", f"{'over':<{over}}", *heads])
    for pairs in comparison.pairs:
        cells = (f"{cell:>14}" for cell in pair_cells(pairs))
        yield "  ".join([f"{pairs.method:<{width}}", f"{pairs.over:<{over}}", *cells])


def as_object(comparison: Comparison) -> dict[str, Any]:
    """The same for programs, under one key."""
    return {
        "baselines": {
            "claims": [
                {
                    "method": row.method,
                    **{name: {"value": share.value, "of": share.of} for name, share in row.shares.items()},
                }
                for row in comparison.claims
            ],
            "pairs": [
                {
                    "method": row.method,
                    "over": row.over,
                    "average_precision": row.ranking.average_precision,
                    "recall_at_precision_80": row.ranking.recall_at_precision,
                    "precision_at_50": row.ranking.precision_at_top,
                    "pairs": row.ranking.pairs,
                    "listed": row.ranking.listed,
                }
                for row in comparison.pairs
            ],
        }
    }
