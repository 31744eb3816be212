"""Whether the rows of a story point at things that exist: without this a story cannot be scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from monitor.core.evaluation.gold import GoldClaim, Story, StoryArticle, StoryProblem

#: Tables of pairs of claims, by name.
PAIR_TABLES = (
    "contradictions",
    "updates",
    "non_contradictions",
    "unjudged",
    "implied_contradictions",
    "implied_updates",
)


def reference_problems(story: Story) -> Iterator[StoryProblem]:
    """Ids given twice, ids that nothing has, quotes that are not at their offsets; all fatal."""
    yield from _doubles(story)
    yield from _missing(story)
    yield from _misplaced(story)


def articles_path(story: Story) -> str:
    return f"{story.name}/articles.json"


def gold_path(story: Story) -> str:
    return f"{story.name}/gold.json"


def pair_rows(story: Story, table: str) -> Iterator[tuple[str, str, str]]:
    """(name of the row, left, right) of each pair in a table of PAIR_TABLES."""
    for number, pair in enumerate(getattr(story, table)):
        name = f'"{pair.id}"' if pair.id else f"row {number + 1}"
        yield f"{table} {name}", pair.left, pair.right


def _fatal(path: str, row: str, message: str, remedy: str) -> StoryProblem:
    return StoryProblem(path=path, row=row, message=message, remedy=remedy, fatal=True)


def _doubles(story: Story) -> Iterator[StoryProblem]:
    tables: tuple[tuple[str, Sequence[str]], ...] = (
        ("articles", [a.id for a in story.articles]),
        ("claims", [c.id for c in story.claims]),
        ("threads", [t.id for t in story.threads]),
        ("contradictions", [c.id for c in story.contradictions]),
        ("updates", [p.id for p in story.updates if p.id]),
        ("non_contradictions", [p.id for p in story.non_contradictions if p.id]),
        ("expected_alert_groups", [g.id for g in story.expected_alert_groups]),
    )
    for table, ids in tables:
        path = articles_path(story) if table == "articles" else gold_path(story)
        for found, times in Counter(ids).items():
            if times > 1:
                message = f"{times} rows have this id"
                yield _fatal(path, f'{table} "{found}"', message, "give each an id of its own")


def _references(story: Story) -> Iterator[tuple[str, str, str, str]]:
    """(path, row and column, table pointed at, id) of every reference."""
    gold = gold_path(story)
    for a in story.articles:
        for column, other in (("version_of", a.version_of), ("syndicated_from", a.syndicated_from)):
            if other:
                yield articles_path(story), f'articles "{a.id}", {column}', "articles", other
    for c in story.claims:
        yield gold, f'claims "{c.id}", article', "articles", c.article
        if c.thread:
            yield gold, f'claims "{c.id}", thread', "threads", c.thread
    for t in story.threads:
        for claim in (*t.claims, t.first_claim):
            if claim:
                yield gold, f'threads "{t.id}"', "claims", claim
    for table in PAIR_TABLES:
        for name, left, right in pair_rows(story, table):
            yield gold, f"{name}, left", "claims", left
            yield gold, f"{name}, right", "claims", right
    for number, copies in enumerate(story.syndication):
        for article in copies:
            yield gold, f"syndication row {number + 1}", "articles", article
    for g in story.expected_alert_groups:
        for pair in g.contradictions:
            yield gold, f'expected_alert_groups "{g.id}"', "contradictions", pair


def _missing(story: Story) -> Iterator[StoryProblem]:
    known: dict[str, set[str]] = {
        "articles": _ids(story.articles),
        "claims": _ids(story.claims),
        "threads": {t.id for t in story.threads},
        "contradictions": {c.id for c in story.contradictions},
    }
    for path, row, table, other in dict.fromkeys(_references(story)):
        # A gold file without threads speaks of them in its claims only.
        if other not in known[table] and (table != "threads" or story.threads):
            yield _fatal(path, row, f'there is no "{other}" in {table}', "mend the id, or add the row")


def _ids(rows: Iterable[StoryArticle | GoldClaim]) -> set[str]:
    return {row.id for row in rows}


def _misplaced(story: Story) -> Iterator[StoryProblem]:
    articles = story.articles_by_id()
    for claim in story.claims:
        article = articles.get(claim.article)
        if article is None:
            continue
        text = article.title if claim.where == "title" else article.body
        # A negative start would count from the end and might even fit.
        if 0 <= claim.start < claim.end and text[claim.start : claim.end] == claim.quote:
            continue
        row = f'claims "{claim.id}", start'
        message = f"{claim.start}–{claim.end} of the {claim.where} is not the quote"
        yield _fatal(gold_path(story), row, message, _whereabouts(text, claim.quote))


def _whereabouts(text: str, quote: str) -> str:
    times = text.count(quote) if quote else 0
    if times == 1:
        start = text.index(quote)
        return f"it stands at {start}–{start + len(quote)}"
    if times:
        return f"it stands there {times} times: take the offsets of the one that is meant"
    return "it does not stand there: copy it from the article"
