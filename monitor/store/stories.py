"""Stories in the ledger: the ones that share names with an article, and the one that it joins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, case, func, select, update

from monitor.core.stories import KNOWN_BY, KnownStories
from monitor.core.types import Article, ClaimKind, Speaker
from monitor.store import tables as t
from monitor.store.bulk import chunks, insert_new
from monitor.store.columns import UtcDateTime, index_key
from monitor.store.records import ArticleRef, StoryRecord
from monitor.store.story_tables import story, story_article, story_name

#: A story that nothing was told of for so long is over.
STORY_WINDOW = timedelta(days=10)
#: A name of more stories than this finds none: it only weighs.
_MOST_STORIES = 300
#: Stories are counted up to here; more make no difference to what a name weighs.
_COUNTED = 20_000
#: Articles of a story that are read for who speaks in it, and wordings of speakers.
_READ, _WORDINGS = 60, 600
#: Articles that a story's record names.
_SHOWN = 20


# The statements of every judgement are made once; making one costs about what asking it does.
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_ARTICLES: BindParameter[Any] = bindparam("articles", expanding=True)
_SINCE: BindParameter[Any] = bindparam("since")
_UNTIL: BindParameter[Any] = bindparam("until")
_STORY: BindParameter[Any] = bindparam("its_story")
_AROUND = story_name.c.last_at.between(_SINCE, _UNTIL)
_HAVING = (
    select(story_name.c.name, func.count().label("stories"))
    .where(story_name.c.name.in_(_NAMES), _AROUND)
    .group_by(story_name.c.name)
)
_HELD = (
    select(story_name.c.story_id, story_name.c.name)
    .join(story, story.c.id == story_name.c.story_id)
    .where(story_name.c.name.in_(_NAMES), _AROUND, story_name.c.articles >= story.c.articles * KNOWN_BY)
)
_RECENT = select(func.count()).select_from(
    select(story.c.id).where(story.c.last_at.between(_SINCE, _UNTIL)).limit(_COUNTED).subquery()
)
_OF_ARTICLE = select(story_article.c.story_id).where(story_article.c.article_id == bindparam("its_article"))
_IN_STORY = select(story_article.c.article_id).where(
    story_article.c.article_id.in_(_ARTICLES), story_article.c.story_id == _STORY
)


def known_stories(connection: Connection, keys: Sequence[str], at: datetime) -> KnownStories:
    """The stories of the days around `at` that share names with an article, of each the names that stand in
    half of its articles; what it costs does not grow with the stories there are.
    """
    names = {index_key(key): key for key in keys}
    if not names:
        return KnownStories()
    around = {"since": at - STORY_WINDOW, "until": at + STORY_WINDOW}
    having = connection.execute(_HAVING, around | {"names": list(names)})
    common = {row.name: row.stories for row in having}
    telling = [name for name, stories in common.items() if stories <= _MOST_STORIES]
    shared: dict[int, set[str]] = {}
    if telling:
        for row in connection.execute(_HELD, around | {"names": telling}):
            shared.setdefault(row.story_id, set()).add(names[row.name])
    total = connection.scalar(_RECENT, around)
    return KnownStories(
        shared={id: frozenset(found) for id, found in shared.items()},
        common={names[name]: stories for name, stories in common.items()},
        total=total or 0,
    )


def story_of_article(connection: Connection, article_id: int) -> int | None:
    """The story that an article was put into; None: none yet."""
    return connection.scalar(_OF_ARTICLE, {"its_article": article_id})


def articles_in_story(connection: Connection, joined: int, articles: Iterable[int]) -> frozenset[int]:
    """Those of these articles that are in the story."""
    found: set[int] = set()
    for some in chunks(set(articles)):
        found |= set(connection.scalars(_IN_STORY, {"articles": some, "its_story": joined}))
    return frozenset(found)


def _speakers() -> Select[Any]:
    articles = (
        select(story_article.c.article_id)
        .where(story_article.c.story_id == _STORY)
        .order_by(story_article.c.article_id.desc())
        .limit(_READ)
        .subquery()
    )
    versions = t.article_version.join(articles, articles.c.article_id == t.article_version.c.article_id)
    c = t.claim.c
    wording = (c.speaker, c.speaker_surface, c.speaker_entity, c.speaker_side)
    return (
        select(*wording)
        .select_from(versions.join(t.claim, c.version_id == t.article_version.c.id))
        .where(c.kind != ClaimKind.OWN_VOICE.value, c.version_id != bindparam("but"))
        .group_by(*wording)
        .order_by(func.min(c.id))
        .limit(_WORDINGS)
    )


_SPEAKERS = _speakers()


def speakers_of_story(connection: Connection, joined: int, *, but: int) -> tuple[Speaker, ...]:
    """Who spoke in the newest articles of a story, each wording once, first ones first; own voice and the
    article version `but` are left out.
    """
    rows = connection.execute(_SPEAKERS, {"its_story": joined, "but": but})
    return tuple(Speaker(name=name, surface=said, entity=id, side=side) for name, said, id, side in rows)


_AT: BindParameter[Any] = bindparam("its_at", type_=UtcDateTime)
_NEW: BindParameter[Any] = bindparam("new")
_LONGER = (
    update(story)
    .where(story.c.id == _STORY)
    .values(
        first_at=case((story.c.first_at > _AT, _AT), else_=story.c.first_at),
        last_at=case((story.c.last_at < _AT, _AT), else_=story.c.last_at),
        articles=story.c.articles + _NEW,
    )
)
_NAMED_AGAIN = (
    update(story_name)
    .where(story_name.c.story_id == _STORY, story_name.c.name.in_(_NAMES))
    .values(
        last_at=case((story_name.c.last_at < _AT, _AT), else_=story_name.c.last_at),
        articles=story_name.c.articles + _NEW,
    )
)


def save_story(connection: Connection, article: Article, joined: int, keys: Sequence[str]) -> None:
    """Put an article into the story it joins (its own id: it opens one), and give the story its names.

    A later version of an article that is in it already brings names, and counts once.
    """
    at = article.at
    opened = {"id": joined, "title": article.title, "first_at": at, "last_at": at, "articles": 0}
    insert_new(connection, story, [opened])
    new = insert_new(connection, story_article, [{"article_id": article.id, "story_id": joined}])
    brought = {"its_story": joined, "its_at": at, "new": new}
    connection.execute(_LONGER, brought)
    names = sorted({index_key(key) for key in keys})
    if names:
        connection.execute(_NAMED_AGAIN, brought | {"names": names})
    rows = [{"story_id": joined, "name": name, "last_at": at, "articles": 1} for name in names]
    insert_new(connection, story_name, rows)


def stories_of(connection: Connection, article_ids: Iterable[int]) -> Mapping[int, str]:
    """Article id → its story, as lists and JSON name it; articles without one are left out."""
    found: dict[int, str] = {}
    for some in chunks(set(article_ids)):
        rows = connection.execute(select(story_article).where(story_article.c.article_id.in_(some)))
        found |= {row.article_id: str(row.story_id) for row in rows}
    return found


def stories(connection: Connection, ids: Iterable[int]) -> dict[int, StoryRecord]:
    """By story id."""
    found: dict[int, StoryRecord] = {}
    for some in chunks(set(ids)):
        articles = _articles(connection, some)
        claims, pairs = _claims(connection, some), _contradictions(connection, some)
        for row in connection.execute(select(story).where(story.c.id.in_(some))):
            told = articles[row.id]
            found[row.id] = StoryRecord(
                id=row.id,
                title=row.title,
                first_at=row.first_at,
                last_at=row.last_at,
                articles=len(told),
                origins=len({article.origin or article.id for article in told}),
                publishers=tuple(sorted({article.publisher for article in told})),
                claims=claims.get(row.id, 0),
                contradictions=pairs.get(row.id, 0),
                latest=tuple(map(_reference, told[:_SHOWN])),
            )
    return found


def _articles(connection: Connection, ids: Collection[int]) -> Mapping[int, list[Any]]:
    """The current versions of each story's articles, newest first."""
    a, v, held = t.article, t.article_version, story_article
    wanted = select(
        held.c.story_id, a.c.id, v.c.url, v.c.title, v.c.publisher, v.c.published_at, v.c.version, v.c.origin
    )
    wanted = wanted.join(a, a.c.id == held.c.article_id).join(v, v.c.id == a.c.current_id)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(
        wanted.where(held.c.story_id.in_(ids)).order_by(a.c.at.desc(), a.c.id.desc())
    ):
        found[row.story_id].append(row)
    return found


def _claims(connection: Connection, ids: Collection[int]) -> Mapping[int, int]:
    """How many claims each story's articles make."""
    held, said = story_article, t.claim
    counted = select(held.c.story_id, func.count().label("claims"))
    counted = counted.join(said, said.c.article_id == held.c.article_id)
    rows = connection.execute(counted.where(held.c.story_id.in_(ids)).group_by(held.c.story_id))
    return {row.story_id: row.claims for row in rows}


def _contradictions(connection: Connection, ids: Collection[int]) -> Mapping[int, int]:
    """How many contradictions each story's articles brought."""
    held, said, pair = story_article, t.claim, t.contradiction
    counted = select(held.c.story_id, func.count().label("pairs"))
    counted = counted.join(said, said.c.article_id == held.c.article_id).join(
        pair, pair.c.right_id == said.c.id
    )
    counted = counted.where(held.c.story_id.in_(ids), pair.c.relation == "contradiction")
    return {row.story_id: row.pairs for row in connection.execute(counted.group_by(held.c.story_id))}


def _reference(row: Row[Any]) -> ArticleRef:
    return ArticleRef(
        id=row.id,
        url=row.url,
        title=row.title,
        publisher=row.publisher,
        published_at=row.published_at,
        version=row.version,
    )
