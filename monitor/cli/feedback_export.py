"""`claimwatch feedback export`: pairs that people spoke about as labelled stories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger
from monitor.cli.output import note, write, write_json
from monitor.cli.reading import JsonOption
from monitor.errors import EXIT_FINDINGS, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.core.evaluation.exporting import (
        ExportedArticle,
        ExportedClaim,
        ExportedPair,
        ExportedStory,
    )
    from monitor.store.marked_pairs import MarkedPair
    from monitor.store.records import ArticleRecord, ClaimRecord


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder to write into.")],
    json: JsonOption = False,
) -> None:
    """Write the contradictions that people spoke about as labelled stories, for `claimwatch eval DIR`.

    Real pairs are contradictions to be found, noise are look-alikes that must not be reported.
    Outdated ones, and what nobody spoke about in the same articles, count neither way.
    Exit code 1 where nobody has spoken about a contradiction.
    """
    from monitor.core.evaluation.exporting import export_stories
    from monitor.store.marked_pairs import marked_pairs, pairs_between, versions_of

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder", remedy="name a new one: nothing is overwritten")
    with open_ledger() as db:
        marked = marked_pairs(db)
        near = {side.article.id for one in marked for side in (one.pair.left, one.pair.right)}
        every = pairs_between(db, near)
        texts = versions_of(db, every)
    stories = export_stories(
        [_pair(one) for one in every], {f"a{id}v{n}": _article(one) for (id, n), one in texts.items()}
    )
    if not stories:
        note(
            "error: nobody has said anything about a contradiction yet\n"
            "  help: `claimwatch feedback ID real|noise|outdated` does; `contradictions list` shows the ids"
        )
        raise typer.Exit(EXIT_FINDINGS)
    try:
        _write(folder, stories)
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror}", remedy="name a folder that can be written") from error
    counts = [_counts(story) for story in stories]
    if json:
        write_json(counts)
        return
    for one in counts:
        write(
            f"{folder / str(one['story'])}: {one['articles']} articles, "
            f"{one['contradictions']} contradictions, {one['non_contradictions']} look-alikes, "
            f"{one['unjudged']} not judged"
        )


def _write(folder: Path, stories: tuple[ExportedStory, ...]) -> None:
    import json

    for story in stories:
        home = folder / story.name
        home.mkdir(parents=True)
        for name, value in (("articles.json", story.articles), ("gold.json", story.gold)):
            text = json.dumps(value, ensure_ascii=False, indent=1)
            (home / name).write_text(text + "\n", encoding="utf-8")


def _counts(story: ExportedStory) -> Mapping[str, object]:
    tables = ("claims", "contradictions", "non_contradictions", "unjudged")
    return {"story": story.name, "articles": len(story.articles)} | {
        name: len(story.gold[name]) for name in tables
    }


def _pair(one: MarkedPair) -> ExportedPair:
    from monitor.core.evaluation.exporting import ExportedPair

    pair = one.pair
    return ExportedPair(
        id=f"x{pair.id}",
        word=one.word,
        left=_claim(pair.left),
        right=_claim(pair.right),
        kind=pair.kind,
        grade=pair.grade,
        scope=pair.scope,
        group=pair.group,
        disputed=one.disputed,
        why=pair.reason,
    )


def _claim(claim: ClaimRecord) -> ExportedClaim:
    from monitor.core.evaluation.exporting import ExportedClaim

    return ExportedClaim(
        id=f"c{claim.id}",
        article=f"a{claim.article.id}v{claim.article.version}",
        speaker=claim.speaker.name,
        surface=claim.speaker.surface,
        kind=claim.kind,
        stance=claim.stance,
        proposition=claim.proposition,
        quote=claim.quote,
        in_title=claim.field == "title",
        start=claim.start,
        end=claim.end,
        thread=claim.thread,
    )


def _article(one: ArticleRecord) -> ExportedArticle:
    from monitor.core.evaluation.exporting import ExportedArticle

    return ExportedArticle(
        id=f"a{one.id}v{one.version}",
        outlet=one.publisher,
        url=one.url,
        title=one.title,
        body=one.text,
        lang=one.lang,
        published_at=one.published_at or one.first_seen_at,
        article=one.id,
        version=one.version,
        origin=one.origin or "",
    )
