"""`claimwatch articles`: what was read, with every version kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, when, write_facts, write_heading, write_text
from monitor.cli.reading import IdArgument, JsonOption, Noun, add_list, write_one

if TYPE_CHECKING:
    from monitor.store.database import Database
    from monitor.store.queries import ArticleRecord, Filters


def _rows(db: Database, filters: Filters) -> Iterable[ArticleRecord]:
    from monitor.store.queries import list_articles

    return list_articles(db, filters)


def _find(db: Database, id: int) -> ArticleRecord | None:
    from monitor.store.queries import get_article

    return get_article(db, id)


def _language(article: ArticleRecord) -> str:
    """The language, and whether claims are read in it."""
    from monitor.core.claims.languages import LANGUAGES, language_read

    if language_read(article.lang, article.title, article.text):
        return article.lang
    known = " and ".join(LANGUAGES)
    return f"{article.lang or 'not said'}: matched and stored, without claims (they are read in {known})"


def _sheet(article: ArticleRecord) -> None:
    write_heading(article.title or "(no title)")
    write_facts(
        [
            ("id", f"{article.id}, version {article.version} of {article.versions}"),
            ("publisher", article.publisher),
            ("published", f"{when(article.published_at)} UTC" if article.published_at else "not said"),
            ("first seen", f"{when(article.first_seen_at)} UTC"),
            ("language", _language(article)),
            ("address", article.url),
            ("feed", article.feed or "imported"),
            ("state", article.state + (f": {article.error}" if article.error else "")),
            ("origin", article.origin or ""),
            ("rules", ", ".join(article.rules)),
        ]
    )
    write_text(article.text)


NOUN: Noun[ArticleRecord] = Noun(
    one="article",
    many="articles",
    rows=_rows,
    find=_find,
    columns=(
        Column(title="id", cell=lambda article: str(article.id), right=True),
        Column(
            title="published (UTC)", cell=lambda article: when(article.published_at or article.first_seen_at)
        ),
        Column(title="publisher", cell=lambda article: article.publisher, ratio=2),
        Column(title="title", cell=lambda article: article.title, ratio=5, style="bold"),
        Column(title="version", cell=lambda article: str(article.version), right=True),
        Column(title="state", cell=lambda article: article.state),
        Column(title="rules", cell=lambda article: ", ".join(article.rules), ratio=2),
    ),
    sheet=_sheet,
)

app = typer.Typer(
    name=NOUN.many, help="The articles that were read, with every version kept.", no_args_is_help=True
)
add_list(app, NOUN)


@app.command("show")
def show(
    id: IdArgument,
    version: Annotated[
        int | None, typer.Option(min=1, help="An older version; else the current one.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show one article in full. Exit code 1 where there is none with this number."""
    with open_ledger() as db:
        from monitor.store.queries import get_article

        write_one(NOUN, id, get_article(db, id, version=version), json=json)
