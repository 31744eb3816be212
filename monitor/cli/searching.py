"""`claimwatch search`: one search over articles, claims and contradictions."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.filters import takes_filters
from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, is_terminal, note, when, write_json, write_rows
from monitor.cli.reading import FILLING, JsonOption

if TYPE_CHECKING:
    from monitor.store.queries import Filters
    from monitor.store.searching import FoundRecord


#: Said before words that are nobody's quotation.
_NAMES = {
    "proposition": "read as: ",
    "speaker.name": "speaker: ",
    "article.title": "headline: ",
    "reason": "why: ",
}


class KindChoice(StrEnum):
    """What --kind takes."""

    ARTICLE = "article"
    CLAIM = "claim"
    CONTRADICTION = "contradiction"


def _words(found: FoundRecord) -> str:
    """What was found, in brackets, readable without colour."""
    from monitor.core.searching import marked

    return " / ".join(
        _NAMES.get(snippet.field.removeprefix("left.").removeprefix("right."), "") + marked(snippet)
        for snippet in found.snippets
    )


_COLUMNS: tuple[Column[FoundRecord], ...] = (
    Column(title="kind", cell=lambda found: found.kind),
    Column(title="id", cell=lambda found: str(found.id), right=True),
    Column(title="time (UTC)", cell=lambda found: when(found.at)),
    Column(title="speaker", cell=lambda found: " / ".join(found.speakers), ratio=2, style="bold"),
    Column(title="found", cell=_words, ratio=6),
    Column(
        title="publisher",
        cell=lambda found: " / ".join(dict.fromkeys(one.publisher for one in found.articles)),
        ratio=2,
    ),
)


def search(
    filters: Filters,
    words: Annotated[
        list[str],
        typer.Argument(metavar="QUERY", help="Words that must all stand there: 'dam \"it held\" -flood'."),
    ],
    kind: Annotated[
        list[KindChoice] | None, typer.Option(help="Only these; may be given several times. Else all.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Search articles, claims and contradictions, newest first; the words found stand in [brackets].

    Phrases and words that must not stand there want single quotation marks around the whole query.
    What was marked as noise or outdated is left out. Finding nothing is no error.
    """
    from monitor.store.searching import SearchKind
    from monitor.store.searching import search as find

    asked = replace(filters, query=" ".join([*words, filters.query]).strip())
    kinds = [SearchKind(one.value) for one in kind or KindChoice]
    with open_ledger() as db:
        found = find(db, asked, kinds)
        if json:
            from monitor.store.records import ready

            write_json(ready(one) for one in found)
            return
        count = write_rows(_COLUMNS, found)
        if not count:
            from monitor.store.queries import Filters, list_articles

            empty = not any(True for _ in list_articles(db, Filters(limit=1)))
            note(FILLING if empty else f"nothing stored has {asked.query!r} with these filters")
    if count and count == asked.limit and is_terminal():
        note(f"the newest {count} are shown; --limit {count * 2} shows more")


def register(root: typer.Typer) -> None:
    """Add `search`."""
    root.command("search")(takes_filters(search))
