"""`claimwatch articles`: what was read, with every version kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.ledger import open_ledger
from monitor.cli.output import Column, note, when, write, write_facts, write_heading, write_json, write_text
from monitor.cli.reading import IdArgument, JsonOption, Noun, add_list, write_one
from monitor.errors import EXIT_FINDINGS

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


@app.command("retry")
def retry(
    ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="[ID]...", help="Numbers of articles; without them all that are stuck."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list them, with their errors.")] = False,
    json: JsonOption = False,
) -> None:
    """Give articles that are stuck three new attempts. Exit code 1 where one that is named is not stuck."""
    with open_ledger() as db:
        from monitor.store.stuck import retry_stuck, stuck_articles

        found = (stuck_articles if dry_run else retry_stuck)(db, ids or ())
    if json:
        from monitor.store.records import ready

        write_json(ready(one) for one in found)
    else:
        for one in found:
            write(f"article {one.article}, version {one.version}: {one.title}")
            write(f"  {one.publisher}: {one.error or 'no error was recorded'}")
        how = "are stuck" if dry_run else "will be tried again, as soon as a worker or `claimwatch once` runs"
        note(f"{len(found)} of them {how}" if found else "nothing is stuck")
    missing = sorted(set(ids or ()) - {one.article for one in found})
    if missing:
        note(
            f"error: not stuck: article {', '.join(map(str, missing))}\n"
            "  help: `claimwatch articles retry --dry-run` lists those that are"
        )
        raise typer.Exit(EXIT_FINDINGS)


@app.command("diff")
def diff(
    id: IdArgument,
    earlier: Annotated[
        int | None, typer.Option("--from", min=1, help="The earlier version; else the one before.")
    ] = None,
    later: Annotated[
        int | None, typer.Option("--to", min=1, help="The later version; else the current one.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show what an edit changed: [-taken out-] and {+put in+}. Exit code 1 where there is no such version."""
    from monitor.core.word_diff import excerpt, marked

    with open_ledger() as db:
        from monitor.store.changes import article_changes, changes_json

        found = article_changes(db, id, earlier=earlier, later=later)
    if found is None:
        note(
            f"error: there are no two such versions of article {id}\n"
            f"  help: `claimwatch articles show {id}` says how many versions it has"
        )
        raise typer.Exit(EXIT_FINDINGS)
    if json:
        write_json([changes_json(found)])
        return
    write_heading(found.later.title or "(no title)")
    write_facts([("versions", f"{found.earlier.version} → {found.later.version}")])
    for field, pieces in found.fields:
        write_facts([("changed", field.value)])
        write_text(marked(excerpt(pieces)))
    if not found.fields:
        write_text("the words of title and text are the same")
