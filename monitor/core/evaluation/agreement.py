"""Whether the labels of a story agree with each other and with the articles' dates.

A story with such problems can be scored, but what is scored may not be what its author meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from monitor.core.evaluation.gold import KNOWN_WORDS, GoldContradiction, Story, StoryArticle, StoryProblem
from monitor.core.evaluation.references import PAIR_TABLES, articles_path, gold_path, pair_rows

#: Two tables that may not hold the same pair of claims.
_EXCLUSIVE = [(one, other) for place, one in enumerate(PAIR_TABLES) for other in PAIR_TABLES[place + 1 :]]


def agreement_problems(story: Story) -> Iterator[StoryProblem]:
    """All disagreements; expects a story whose references exist."""
    yield from _unknown_words(story)
    yield from _threads(story)
    yield from _pairs(story)
    yield from _scopes(story)
    yield from _groups(story)
    yield from _dates(story)
    yield from _copies(story)
    yield from _implied(story)


def _in_gold(story: Story, row: str, message: str, remedy: str) -> StoryProblem:
    return StoryProblem(path=gold_path(story), row=row, message=message, remedy=remedy)


def _in_articles(story: Story, article: StoryArticle, message: str, remedy: str) -> StoryProblem:
    row = f'articles "{article.id}"'
    return StoryProblem(path=articles_path(story), row=row, message=message, remedy=remedy)


def _unknown_words(story: Story) -> Iterator[StoryProblem]:
    words = [
        (f'claims "{c.id}"', column, getattr(c, column))
        for c in story.claims
        for column in ("kind", "polarity")
    ]
    words += [(f'contradictions "{c.id}"', "type", c.type) for c in story.contradictions]
    words += [
        (f'expected_alert_groups "{g.id}"', "severity", g.severity) for g in story.expected_alert_groups
    ]
    for row, column, word in words:
        if word not in KNOWN_WORDS[column]:
            known = ", ".join(sorted(KNOWN_WORDS[column]))
            yield _in_gold(story, f"{row}, {column}", f'"{word}" is not in the format', f"known: {known}")


def _threads(story: Story) -> Iterator[StoryProblem]:
    claims = story.claims_by_id()
    published = {article.id: article.published_at for article in story.articles}
    homes: dict[str, list[str]] = defaultdict(list)
    for thread in story.threads:
        row = f'threads "{thread.id}"'
        for name in thread.claims:
            homes[name].append(thread.id)
        if not thread.claims:
            yield _in_gold(story, row, "it has no claims", "remove it, or list its claims")
            continue
        if thread.first_claim not in thread.claims:
            yield _in_gold(story, row, "its first claim is not among its claims", "name one of them")
            continue
        first = min(published[claims[name].article] for name in thread.claims)
        if published[claims[thread.first_claim].article] > first:
            yield _in_gold(
                story, row, "a claim of it was published before its first claim", "name the earliest"
            )
    for claim in story.claims:
        listed = homes[claim.id]
        if listed != ([claim.thread] if claim.thread else []):
            where = ", ".join(listed) or "none"
            message = f'its thread is "{claim.thread}", and it is listed in: {where}'
            yield _in_gold(
                story, f'claims "{claim.id}", thread', message, "list each claim in its thread, once"
            )


def _pairs(story: Story) -> Iterator[StoryProblem]:
    threads = story.thread_of()
    tables = {table: {frozenset(ids): row for row, *ids in pair_rows(story, table)} for table in PAIR_TABLES}
    for table, pairs in tables.items():
        rows = list(pair_rows(story, table))
        if len(rows) > len(pairs):
            yield _in_gold(story, table, "a pair is listed twice", "list it once")
        for row, left, right in rows:
            if left == right:
                yield _in_gold(story, row, "a claim is paired with itself", "name two claims")
            elif table in {"contradictions", "updates"} and threads[left] == threads[right]:
                message = "both claims are of one thread, so they say the same"
                yield _in_gold(story, row, message, "split the thread, or drop the pair")
    for one, other in _EXCLUSIVE:
        for pair in tables[one].keys() & tables[other].keys():
            message = f"the same two claims are {tables[other][pair]}"
            yield _in_gold(story, tables[one][pair], message, "keep one of the two")


def _scopes(story: Story) -> Iterator[StoryProblem]:
    claims = story.claims_by_id()
    articles = story.articles_by_id()
    for pair in story.contradictions:
        left, right = claims[pair.left], claims[pair.right]
        row = f'contradictions "{pair.id}", scope'
        if pair.scope == "self" and left.speaker != right.speaker:
            message = f'"{left.speaker}" and "{right.speaker}" are not one speaker'
            yield _in_gold(story, row, message, "use cross, or give both one name")
        if pair.scope == "cross" and left.speaker == right.speaker:
            yield _in_gold(story, row, f'both are by "{left.speaker}"', "use self or revision")
        if pair.scope == "revision" and articles[left.article].url != articles[right.article].url:
            yield _in_gold(story, row, "the articles are not versions of one", "use cross or self")


def _groups(story: Story) -> Iterator[StoryProblem]:
    pairs = {pair.id: pair for pair in story.contradictions}
    homes: dict[str, list[str]] = defaultdict(list)
    for group in story.expected_alert_groups:
        row = f'expected_alert_groups "{group.id}"'
        if not group.contradictions:
            yield _in_gold(story, row, "it has no contradictions", "remove it, or list its pairs")
        for name in dict.fromkeys(group.contradictions):
            homes[name].append(group.id)
        if len({pairs[name].group for name in group.contradictions}) > 1:
            yield _in_gold(
                story, row, "its pairs name different groups", "split it, or mend the pairs' group"
            )
    for pair in story.contradictions:
        if pair.grade != "soft" and len(homes[pair.id]) != 1:
            message = f"a {pair.grade} pair is in {len(homes[pair.id])} groups"
            yield _in_gold(story, f'contradictions "{pair.id}"', message, "list it in one group")
    yield from _split_groups(story, story.contradictions, homes)


def _split_groups(
    story: Story, pairs: Iterable[GoldContradiction], homes: dict[str, list[str]]
) -> Iterator[StoryProblem]:
    groups: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        groups[pair.group].update(homes[pair.id])
    for name, ids in groups.items():
        if name and len(ids) > 1:
            message = f'pairs of "{name}" are in {", ".join(sorted(ids))}'
            yield _in_gold(story, "expected_alert_groups", message, "keep one conflict in one group")


def _dates(story: Story) -> Iterator[StoryProblem]:
    claims = story.claims_by_id()
    published = {article.id: article.published_at for article in story.articles}
    for before, after in zip(story.articles, story.articles[1:], strict=False):
        if after.published_at < before.published_at:
            message = f'it is older than "{before.id}" above it'
            yield _in_articles(story, after, message, "list articles in order of time")
    for table in ("updates", "implied_updates"):
        for row, left, right in pair_rows(story, table):
            if published[claims[left].article] > published[claims[right].article]:
                yield _in_gold(story, row, "the later claim was published first", "swap the two")


def _copies(story: Story) -> Iterator[StoryProblem]:
    articles = story.articles_by_id()
    for article in story.articles:
        older = articles.get(article.version_of)
        if older is not None and (older.url, older.outlet) != (article.url, article.outlet):
            message = f'it has not the URL and outlet of "{older.id}", whose version it is'
            yield _in_articles(story, article, message, "give versions one URL and outlet")
        original = articles.get(article.syndicated_from)
        if original is not None and original.outlet == article.outlet:
            yield _in_articles(story, article, "it copies an article of its own outlet", "use version_of")
        for other in (older, original):
            if other is not None and other.published_at >= article.published_at:
                message = f'it is not newer than "{other.id}", which it follows'
                yield _in_articles(story, article, message, "mend published_at")
        if original is not None and not any(
            {article.id, original.id} <= set(row) for row in story.syndication
        ):
            yield _in_gold(
                story, "syndication", f'"{article.id}" and "{original.id}" are missing', "list the copies"
            )
    for number, row in enumerate(story.syndication):
        if sum(1 for one in row if articles[one].syndicated_from not in row) != 1:
            message = "all but one of a row must be syndicated_from another of the row"
            yield _in_gold(story, f"syndication row {number + 1}", message, "mend it, or the articles")


def _implied(story: Story) -> Iterator[StoryProblem]:
    threads = story.thread_of()
    clashes = {(threads[left], threads[right]) for _, left, right in pair_rows(story, "contradictions")}
    clashes |= {(right, left) for left, right in clashes}
    steps = {(threads[left], threads[right]) for _, left, right in pair_rows(story, "updates")}
    for listed, implied, known in (
        ("contradictions", "implied_contradictions", clashes),
        # 11, then 18, then 24: the last takes the place of the first too.
        ("updates", "implied_updates", _chains(steps)),
    ):
        for row, left, right in pair_rows(story, implied):
            if (threads[left], threads[right]) not in known:
                message = f"no {listed} lead from the one claim's thread to the other's"
                yield _in_gold(story, row, message, "list the pair itself, or drop it")


def _chains(steps: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The transitive closure: each start with everything that can be reached from it."""
    reached = set(steps)
    while True:
        further = {(start, end) for start, middle in reached for other, end in steps if other == middle}
        if further <= reached:
            return reached
        reached |= further
