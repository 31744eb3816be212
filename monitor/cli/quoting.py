"""Claims for people: always the speaker, the exact words, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import Quotation, when

if TYPE_CHECKING:
    from monitor.store.queries import ArticleRef, ClaimRecord

_VERBS = {
    "assert": "says",
    "deny": "denies",
    "accuse": "accuses",
    "confirm": "confirms",
    "retract": "takes back",
    "question": "questions",
}
_KINDS = {"direct": "direct quote", "indirect": "indirect speech", "own_voice": "in the outlet's own voice"}


def quotation(claim: ClaimRecord) -> Quotation:
    """One claim as a side of something."""
    surface = f" (“{claim.speaker.surface}”)" if claim.speaker.surface not in {claim.speaker.name, ""} else ""
    return Quotation(
        title=f"{claim.speaker.name}{surface} {verb(claim.stance)}:",
        quote=claim.quote,
        lines=(
            manner(claim),
            f"{claim.article.publisher}, {when(claim.article.published_at or claim.first_seen_at)} UTC",
            claim.article.title,
            claim.article.url,
            f"claim {claim.id}, {spread(claim)}",
        ),
    )


def verb(stance: str) -> str:
    """The stance as people would say it."""
    return _VERBS.get(stance, stance)


def manner(claim: ClaimRecord) -> str:
    """How it was said: "indirect speech (cue “denied”), hedged"."""
    kind = _KINDS.get(claim.kind, claim.kind)
    cue = f" (cue “{claim.cue}”)" if claim.cue else ""
    return f"{kind}{cue}{', hedged' if claim.hedged else ''}"


def spread(claim: ClaimRecord) -> str:
    """How far the claim has spread: "in 3 articles, 2 independent origins"."""
    articles = "1 article" if claim.appearances == 1 else f"{claim.appearances} articles"
    origins = "1 origin" if claim.origins == 1 else f"{claim.origins} independent origins"
    return f"in {articles} of {origins}"


def article_facts(article: ArticleRef) -> list[tuple[str, str]]:
    """The article that something stands in."""
    version = f", version {article.version}" if article.version > 1 else ""
    return [
        ("article", f"{article.id}{version}: {article.title}"),
        ("publisher", article.publisher),
        ("published", f"{when(article.published_at)} UTC" if article.published_at else "not said"),
        ("address", article.url),
    ]
