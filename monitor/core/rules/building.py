"""The files of a rules folder, put together: lists and entities shared by all, ids unique among all.

Every mistake of every file is noted; a value is only worth using where none of them is an error.
A builder that is kept makes anew only what an edit changed (`drafts`, `joining`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import PurePosixPath

from monitor.core.rules.documents import Document, Loc, read_document
from monitor.core.rules.drafts import Draft, Name, draft_filters, draft_frame, draft_rules
from monitor.core.rules.feed_reading import read_feeds
from monitor.core.rules.filtering import Filter, Filtering, read_filters
from monitor.core.rules.joining import JoinedRule, JoinedRules, Surroundings, Uses
from monitor.core.rules.lint import Linted, LintedRule, lint
from monitor.core.rules.problems import Problem, errors_of, sorted_problems
from monitor.core.rules.recording import recorded_text
from monitor.core.rules.route_reading import read_routing
from monitor.core.rules.ruleset import RuleSet
from monitor.core.rules.shapes import RuleShape, TrialShape
from monitor.core.rules.shipped import Shipped, wanted_of
from monitor.core.types import Entity, FeedSpec, Routing, Rule


class FileKind(StrEnum):
    RULES = "rules"
    ROUTES = "routes"
    FEEDS = "feeds"
    FRAME = "frame"
    FILTER = "filter"
    SHIPPED = "shipped"


def kind_of(path: PurePosixPath) -> FileKind:
    """What a file is, by its path within the rules folder."""
    if path.as_posix() in ("routes.yml", "routes.yaml"):
        return FileKind.ROUTES
    if path.as_posix() in ("feeds.yml", "feeds.yaml"):
        return FileKind.FEEDS
    if path.as_posix() in ("shipped.yml", "shipped.yaml"):
        return FileKind.SHIPPED
    if path.parts[0] == "frames" and len(path.parts) > 1:
        return FileKind.FRAME
    if path.parts[0] == "filters" and len(path.parts) > 1:
        return FileKind.FILTER
    return FileKind.RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A test that a rule carries."""

    rule: str
    name: str
    # "title", "summary", "text", "lang", "publisher", "url", "feed" as written; absent ones empty.
    article: Mapping[str, str]
    article_tags: tuple[str, ...]
    should_match: bool
    # Entities that the match must name.
    matched: tuple[str, ...]
    # Fails without failing the run, and is counted.
    known_gap: bool
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """Everything the files say; `problems` holds all mistakes of all of them, in order."""

    rules: RuleSet
    routing: Routing
    feeds: tuple[FeedSpec, ...]
    # What lint looks at beside mistakes; nothing where only the rules were wanted.
    tests: tuple[RuleTest, ...]
    problems: tuple[Problem, ...]
    # Id of a rule → the text of its version.
    recorded_text: Callable[[str], str]
    # Hash over the rules, routes and feeds: what a process does differently has another one.
    version: str
    # Ids of what comes with the program and not from the files.
    shipped_frames: frozenset[str]
    shipped_entities: frozenset[str]


def build(documents: Mapping[PurePosixPath, Document], environ: Mapping[str, str]) -> Built:
    """Puts read documents together once, by their paths within the folder; with tests and lint's findings."""
    return Builder().build(documents, environ, linted=True)


def build_texts(texts: Mapping[str, str], environ: Mapping[str, str] | None = None) -> Built:
    """The same from texts, by their paths within a folder that reports call `rules/`."""
    documents = {PurePosixPath(path): read_document(f"rules/{path}", text) for path, text in texts.items()}
    return build(documents, environ or {})


_DRAFTS: Mapping[FileKind, Callable[[Document], Draft]] = {
    FileKind.RULES: draft_rules,
    FileKind.FILTER: draft_filters,
    FileKind.FRAME: draft_frame,
}


@dataclass(slots=True)
class Builder:
    """Builds one folder again and again; what did not change since the last time is not made anew."""

    _drafts: dict[PurePosixPath, Draft] = field(default_factory=dict)
    _joined: dict[PurePosixPath, JoinedRules] = field(default_factory=dict)
    _filtering: Filtering = field(default_factory=Filtering)
    _set: RuleSet | None = None
    _feeds: dict[PurePosixPath, tuple[Document, tuple[FeedSpec, ...], list[Problem]]] = field(
        default_factory=dict
    )

    def build(
        self,
        documents: Mapping[PurePosixPath, Document],
        environ: Mapping[str, str],
        *,
        shipped: Callable[[], Shipped] = Shipped,
        linted: bool = False,
    ) -> Built:
        """Puts documents together, by their paths within the folder, beside what comes with the program.

        The very same document object means the same text. `linted`: with tests, and with what lint finds
        in rules that can be used, which takes longer; without it nothing is compiled where files have
        errors, and `rules` is the set before.
        """
        by_kind: dict[FileKind, list[PurePosixPath]] = {kind: [] for kind in FileKind}
        for path in sorted(documents):
            by_kind[kind_of(path)].append(path)
        problems: list[Problem] = []
        routing = Routing()
        for path in by_kind[FileKind.ROUTES]:
            noted = documents[path].apart()
            routing = read_routing(noted, environ)
            problems += noted.problems
        feeds = self._read_feeds({path: documents[path] for path in by_kind[FileKind.FEEDS]}, problems)
        drafts = self._draft(documents, by_kind)
        problems += (problem for draft in drafts.values() for problem in draft.problems)
        problems += _duplicates(drafts[path] for kind in _DRAFTS for path in by_kind[kind])
        ours = {path: drafts[path] for path in by_kind[FileKind.RULES]}
        settled = by_kind[FileKind.SHIPPED]
        taken, mistakes = wanted_of(shipped, documents[settled[0]] if settled else None)
        problems += mistakes
        own = _surroundings(ours.values(), routing)
        around = taken.beside(own)
        joined = self._join(ours, around)
        problems += (problem for one in joined for problem in one.problems)
        rules = [one.rule for one in joined if one.rule is not None]
        filter_drafts = [drafts[path] for path in by_kind[FileKind.FILTER]]
        rule_ids = {name for draft in ours.values() for name in draft.rule_ids} if filter_drafts else set()
        filters, mistakes = read_filters(filter_drafts, rules, rule_ids, around)
        problems += mistakes
        if any(draft.document.value is None for draft in ours.values()):
            # While a file cannot be read at all, nobody knows what it would have defined.
            problems = [each for each in problems if each.code not in ("unknown-entity", "unknown-list")]
        tests: list[RuleTest] = []
        if linted:
            tests = _tests(self._joined.values())
            problems += _lint(self._joined.values(), around, routing)
        filtered = self._filtering.apply(filters, rules, around.entities)
        frames = {
            frame.id: frame
            for path in reversed(by_kind[FileKind.FRAME])
            if (frame := drafts[path].frame) is not None
        }
        if linted or not errors_of(problems):
            self._set = RuleSet.compile(
                filtered,
                around.entities.values(),
                taken.beside_frames(frames).values(),
                previous=self._set or taken.compiled,
            )
        rule_set = self._set or RuleSet.compile()
        beside = [documents[path].value for kind in _BESIDE for path in by_kind[kind]]
        return Built(
            version=_version(rule_set, beside),
            shipped_frames=frozenset(taken.frames.keys() - frames.keys()),
            shipped_entities=frozenset(around.entity_names) - frozenset(own.entity_names),
            rules=rule_set,
            routing=routing,
            feeds=feeds,
            tests=tuple(tests),
            problems=sorted_problems(problems),
            recorded_text=_recorded(filtered, joined, filters),
        )

    def _read_feeds(
        self, documents: Mapping[PurePosixPath, Document], problems: list[Problem]
    ) -> tuple[FeedSpec, ...]:
        read = {}
        for path, document in documents.items():
            before = self._feeds.get(path)
            if before is not None and before[0] is document:
                read[path] = before
                continue
            noted = document.apart()
            read[path] = (document, read_feeds(noted), noted.problems)
        self._feeds = read
        for _, _, mistakes in read.values():
            problems += mistakes
        return tuple(feed for _, feeds, _ in read.values() for feed in feeds)

    def _draft(
        self, documents: Mapping[PurePosixPath, Document], by_kind: Mapping[FileKind, Sequence[PurePosixPath]]
    ) -> dict[PurePosixPath, Draft]:
        drafts = {}
        for kind, make in _DRAFTS.items():
            for path in by_kind[kind]:
                before = self._drafts.get(path)
                known = before is not None and before.document is documents[path]
                drafts[path] = before if before is not None and known else make(documents[path])
        self._drafts = drafts
        return drafts

    def _join(self, drafts: Mapping[PurePosixPath, Draft], around: Surroundings) -> list[JoinedRule]:
        joined = {}
        for path, draft in drafts.items():
            before = self._joined.get(path)
            if before is None or before.draft is not draft:
                before = JoinedRules(draft, (before.rules or ()) if before is not None else ())
            joined[path] = before
        self._joined = joined
        return [rule for mine in joined.values() for rule in mine.join(around)]


# Files that the rule set knows nothing of.
_BESIDE = (FileKind.ROUTES, FileKind.FEEDS)


def _version(rule_set: RuleSet, beside: Sequence[object]) -> str:
    """Routes and feeds count as written: a receiver's secret is in no hash that is shown."""
    said = json.dumps([rule_set.version, *beside], sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def _surroundings(drafts: Iterable[Draft], routing: Routing) -> Surroundings:
    lists: dict[str, tuple[str, ...]] = {}
    entities: dict[str, Entity] = {}
    names: set[str] = set()
    for draft in drafts:
        # The first to define a name has it; the others are told.
        for name, words in draft.lists.items():
            lists.setdefault(name, words)
        for name, entity in draft.entities.items():
            entities.setdefault(name, entity)
        names.update(defined.name for defined in draft.names if defined.kind == "entity")
    return Surroundings(
        lists=lists,
        entities=entities,
        entity_names=names,
        receivers=frozenset(receiver.name for receiver in routing.receivers),
    )


def _duplicates(drafts: Iterable[Draft]) -> Iterator[Problem]:
    """What is defined twice, each with the first place."""
    drafts = list(drafts)
    if len(set().union(*(draft.keys for draft in drafts))) == sum(len(draft.names) for draft in drafts):
        return
    first: dict[tuple[str, str], tuple[Draft, Name]] = {}
    for draft in drafts:
        for name in draft.names:
            before, there = first.setdefault((name.kind, name.name), (draft, name))
            if there is name:
                continue
            line = before.document.place(there.loc, of_key=there.of_key).line
            noted = draft.document.apart(keep=False)
            noted.problem(
                name.loc,
                "duplicate-id",
                f"{name.kind} {name.name!r} is already defined in {before.document.path}:{line}",
                help="rename or remove one of the two",
                of_key=name.of_key,
            )
            yield from noted.problems


def _recorded(
    filtered: Sequence[Rule], joined: Sequence[JoinedRule], filters: Sequence[Filter]
) -> Callable[[str], str]:
    """The text of a rule's version, made when it is asked for: most are recorded already."""

    @cache
    def parts() -> dict[str, tuple[Rule, Uses]]:
        uses = {one.rule.id: one.uses for one in joined if one.rule is not None}
        return {rule.id: (rule, uses[rule.id]) for rule in filtered}

    return lambda rule_id: recorded_text(*parts()[rule_id], filters)


# ---------------------------------------------------------------- for lint and `rules test`


def _lint(files: Collection[JoinedRules], around: Surroundings, routing: Routing) -> Iterator[Problem]:
    noted = {id(mine): mine.draft.document.apart(keep=False) for mine in files}
    linted = [
        LintedRule(document=noted[id(mine)], loc=one.part.loc, shape=one.part.shape, rule=one.rule)
        for mine in files
        for one in mine.rules or ()
        if one.rule is not None and one.part.shape is not None
    ]
    lint(
        Linted(
            documents=list(noted.values()),
            entities=around.entities,
            lists=around.lists,
            routing=routing,
            rules=linted,
        )
    )
    for document in noted.values():
        yield from document.problems


def _tests(files: Iterable[JoinedRules]) -> list[RuleTest]:
    return [
        _test(mine.draft.document, (*one.part.loc, "tests", number), shape, test)
        for mine in files
        for one in mine.rules or ()
        if one.rule is not None and (shape := one.part.shape) is not None
        for number, test in enumerate(shape.tests)
    ]


def _test(document: Document, loc: Loc, rule: RuleShape, shape: TrialShape) -> RuleTest:
    article = shape.article
    return RuleTest(
        rule=rule.id,
        name=shape.name,
        article={
            "title": article.title,
            "summary": article.summary,
            "text": article.text,
            "lang": article.lang or "",
            "publisher": article.publisher,
            "url": article.url,
            "feed": article.feed,
        },
        article_tags=article.tags,
        should_match=shape.should_match,
        matched=shape.matched,
        known_gap=shape.known_gap,
        path=document.path,
        line=document.place(loc).line,
    )
