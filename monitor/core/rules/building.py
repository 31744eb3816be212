"""The files of a rules folder, put together: lists and entities shared by all, ids unique among all.

Every mistake of every file is noted; a value is only worth using where none of them is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath

from monitor.core.claims.frames import FrameMistakes, parse_frame
from monitor.core.rules.conditions import ConditionReader
from monitor.core.rules.documents import Document, Loc, as_mapping, read_document
from monitor.core.rules.expand import LANGUAGES, case_forms
from monitor.core.rules.lint import Linted, LintedRule, lint
from monitor.core.rules.problems import Level, Problem, did_you_mean, sorted_problems
from monitor.core.rules.routing import read_feeds, read_routing
from monitor.core.rules.ruleset import RuleSet, rule_version
from monitor.core.rules.shapes import (
    AliasShape,
    EntityShape,
    FilterFileShape,
    RuleFileShape,
    RuleShape,
    TrialShape,
    dotted,
    read_shape,
)
from monitor.core.rules.words import complaints
from monitor.core.types import (
    AlertSettings,
    Alias,
    Condition,
    Entity,
    EntityType,
    FeedSpec,
    Frame,
    Routing,
    Rule,
    Where,
)


class FileKind(StrEnum):
    RULES = "rules"
    ROUTES = "routes"
    FEEDS = "feeds"
    FRAME = "frame"
    FILTER = "filter"


def kind_of(path: PurePosixPath) -> FileKind:
    """What a file is, by its path within the rules folder."""
    if path.as_posix() in ("routes.yml", "routes.yaml"):
        return FileKind.ROUTES
    if path.as_posix() in ("feeds.yml", "feeds.yaml"):
        return FileKind.FEEDS
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
    tests: tuple[RuleTest, ...]
    problems: tuple[Problem, ...]


def build(documents: Mapping[PurePosixPath, Document], environ: Mapping[str, str]) -> Built:
    """Puts read documents together, by their paths within the folder; notes more problems in them."""
    by_kind: dict[FileKind, list[Document]] = {kind: [] for kind in FileKind}
    for path in sorted(documents):
        by_kind[kind_of(path)].append(documents[path])
    routing = Routing()
    feeds: list[FeedSpec] = []
    for document in by_kind[FileKind.ROUTES]:
        routing = read_routing(document, environ)
    for document in by_kind[FileKind.FEEDS]:
        feeds += read_feeds(document)
    frames = _read_frames(by_kind[FileKind.FRAME])
    folder = _Folder(by_kind[FileKind.RULES], {receiver.name for receiver in routing.receivers})
    rules = folder.read()
    lint(
        Linted(
            documents=folder.documents,
            entities=folder.entities,
            lists=folder.lists,
            routing=routing,
            rules=folder.linted,
        )
    )
    rules = folder.filtered(rules, by_kind[FileKind.FILTER])
    return Built(
        rules=RuleSet.compile(rules, folder.entities.values(), frames),
        routing=routing,
        feeds=tuple(feeds),
        tests=tuple(folder.tests),
        problems=sorted_problems(problem for document in documents.values() for problem in document.problems),
    )


def build_texts(texts: Mapping[str, str], environ: Mapping[str, str] | None = None) -> Built:
    """The same from texts, by their paths within a folder that reports call `rules/`."""
    documents = {PurePosixPath(path): read_document(f"rules/{path}", text) for path, text in texts.items()}
    return build(documents, environ or {})


# ---------------------------------------------------------------- frames


def _read_frames(documents: Iterable[Document]) -> list[Frame]:
    frames: dict[str, tuple[Frame, Document]] = {}
    for document in documents:
        if not isinstance(document.typed, dict):
            if not document.problems:
                document.problem((), "wrong-type", "a frame file must be a mapping")
            continue
        try:
            frame = parse_frame(document.typed, path=document.path)
        except FrameMistakes as error:
            for mistake in error.mistakes:
                document.problem(mistake.at, "bad-frame", mistake.message, help=mistake.hint)
            continue
        if frame.id in frames:
            other = frames[frame.id][1].where(("id",))
            document.problem(("id",), "duplicate-id", f"frame {frame.id!r} is also in {other}", help=_RENAME)
        frames.setdefault(frame.id, (frame, document))
    return [frame for frame, _ in frames.values()]


_RENAME = "rename or remove one of the two"


# ---------------------------------------------------------------- lists, entities, rules


@dataclass(slots=True)
class _Folder:
    """The rule files of one folder while they are read."""

    documents: Sequence[Document]
    receivers: set[str]
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    tests: list[RuleTest] = field(default_factory=list)
    linted: list[LintedRule] = field(default_factory=list)
    # (kind, id) → the first place that defines it.
    _defined: dict[tuple[str, str], str] = field(default_factory=dict)
    # Every entity anybody tries to define, broken ones included.
    _entity_names: set[str] = field(default_factory=set)

    def read(self) -> list[Rule]:
        shapes = [(document, read_shape(document, RuleFileShape)) for document in self.documents]
        for document in self.documents:
            self._define_names(document)
        for document, shape in shapes:
            for name, entity in (shape.entities if shape else {}).items():
                self.entities.setdefault(name, _entity(document, name, entity))
        rules = [
            rule
            for document, shape in shapes
            for rule in self._read_rules(document, shape.rules if shape else ())
        ]
        self._forgive_unknown_names()
        return rules

    def filtered(self, rules: Sequence[Rule], documents: Iterable[Document]) -> list[Rule]:
        """The rules with the exclusions of filters/*.yml, which are part of their versions."""
        rule_ids = {name for kind, name in self._defined if kind == "rule"}
        added: dict[str, list[Condition]] = {}
        for document in documents:
            shape = read_shape(document, FilterFileShape)
            reader = ConditionReader(document, self.lists, self._entity_names)
            for number, each in enumerate(shape.filters if shape else ()):
                loc: Loc = ("filters", number)
                self._define(document, "filter", each.id, (*loc, "id"))
                condition = reader.read_none(each.none, (*loc, "none"))
                for index, wanted in enumerate(each.rules):
                    names = _filtered_rules(wanted, rules, rule_ids)
                    if not names and wanted != "*":
                        message = f"no rule is meant by {wanted!r}"
                        help = did_you_mean(wanted, rule_ids) or "write ids of rules, tag:…, or '*'"
                        document.problem((*loc, "rules", index), "unknown-rule", message, help=help)
                    if condition is not None:
                        named = replace(condition, options=(("filter", each.id),))
                        for name in names:
                            added.setdefault(name, []).append(named)
        return [_with_filters(rule, added.get(rule.id, ()), self.entities) for rule in rules]

    def _define_names(self, document: Document) -> None:
        """Lists and entities of one file, also of one with mistakes elsewhere."""
        content = as_mapping(document.value)
        for name, words in as_mapping(content.get("lists")).items():
            self._define(document, "list", name, ("lists", name))
            read = [word for word in words if isinstance(word, str)] if isinstance(words, list) else []
            self.lists.setdefault(name, tuple(read))
            for index, word in enumerate(words if isinstance(words, list) else ()):
                if isinstance(word, str):
                    _check_word(document, ("lists", name, index), word, in_list=True)
        for name, entity in as_mapping(content.get("entities")).items():
            self._define(document, "entity", name, ("entities", name))
            self._entity_names.add(name)
            _check_aliases(document, ("entities", name, "aliases"), as_mapping(entity).get("aliases"))

    def _define(self, document: Document, kind: str, name: str, loc: Loc) -> None:
        # The name of a rule or filter is a value, the others' are keys.
        of_key = kind not in ("rule", "filter")
        place = document.place(loc, of_key=of_key)
        first = self._defined.setdefault((kind, name), f"{document.path}:{place.line}")
        if first != f"{document.path}:{place.line}":
            message = f"{kind} {name!r} is already defined in {first}"
            document.problem(loc, "duplicate-id", message, help=_RENAME, of_key=of_key)

    def _read_rules(self, document: Document, shapes: Sequence[RuleShape]) -> Iterator[Rule]:
        """The file's rules; of a file without its shape only the mistakes."""
        reader = ConditionReader(document, self.lists, self._entity_names)
        written = as_mapping(document.value).get("rules")
        for number, rule in enumerate(written if isinstance(written, list) else ()):
            loc: Loc = ("rules", number)
            rule_id = as_mapping(rule).get("id")
            if isinstance(rule_id, str):
                self._define(document, "rule", rule_id, (*loc, "id"))
            condition = _whole_condition(reader, document, as_mapping(rule), loc)
            if number < len(shapes) and condition is not None:
                shape = shapes[number]
                self._check_rule(document, loc, shape)
                read = _rule(document, loc, shape, condition, self.entities)
                self.linted.append(LintedRule(document=document, loc=loc, shape=shape, rule=read))
                yield read

    def _check_rule(self, document: Document, loc: Loc, shape: RuleShape) -> None:
        for index, receiver in enumerate(shape.alert.routes):
            if receiver not in self.receivers:
                message = f"no receiver is called {receiver!r}"
                help = did_you_mean(receiver, self.receivers) or "define it in routes.yml"
                document.problem((*loc, "alert", "routes", index), "unknown-receiver", message, help=help)
        for number, test in enumerate(shape.tests):
            here = (*loc, "tests", number)
            for index, entity in enumerate(test.matched):
                if entity not in self._entity_names:
                    message = f"no file defines an entity {entity!r}"
                    hint = did_you_mean(entity, self._entity_names)
                    document.problem((*here, "matched", index), "unknown-entity", message, help=hint)
            self.tests.append(_test(document, here, shape.id, test))

    def _forgive_unknown_names(self) -> None:
        """While a file cannot be read at all, nobody knows what it would have defined."""
        if all(document.value is not None for document in self.documents):
            return
        for document in self.documents:
            document.problems[:] = [
                problem
                for problem in document.problems
                if problem.code not in ("unknown-entity", "unknown-list")
            ]


def _whole_condition(
    reader: ConditionReader, document: Document, rule: Mapping[str, object], loc: Loc
) -> Condition | None:
    """What stands under `match` or `query`; a rule has one of them."""
    if "match" in rule and "query" in rule:
        help = "put it beside the others: match: {all: [{query: …}, {…}]}"
        document.problem(
            (*loc, "query"), "one-condition", "the rule has both 'match' and 'query'", help=help, of_key=True
        )
        return None
    if "query" in rule:
        return reader.read_query(rule["query"], (*loc, "query"))
    if "match" in rule:
        return reader.read_match(rule["match"], (*loc, "match"))
    if rule:
        document.problem(loc, "missing-key", f"{dotted(loc)}missing required key 'match', or 'query'")
    return None


def _check_aliases(document: Document, loc: Loc, aliases: object) -> None:
    for index, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        if isinstance(alias, str):
            _check_word(document, (*loc, index), alias)
            continue
        text = as_mapping(alias).get("text")
        if isinstance(text, str):
            _check_word(document, (*loc, index, "text"), text)
        forms = as_mapping(alias).get("forms")
        for number, form in enumerate(forms if isinstance(forms, list) else ()):
            if isinstance(form, str):
                _check_word(document, (*loc, index, "forms", number), form)


def _check_word(document: Document, loc: Loc, word: str, *, in_list: bool = False) -> None:
    if in_list and word.startswith("$"):
        document.problem(
            loc, "bad-value", "a list cannot hold another list", help="name both where they are used"
        )
    for code, level, message, help in complaints(word):
        document.problem(loc, code, message, help=help, level=level)


# ---------------------------------------------------------------- shapes → nouns


def _entity(document: Document, name: str, shape: EntityShape) -> Entity:
    person = shape.type is EntityType.PERSON
    return Entity(
        id=name,
        type=shape.type,
        name=shape.name,
        aliases=tuple(
            _alias(document, ("entities", name, "aliases", index), alias, person=person)
            for index, alias in enumerate(shape.aliases)
        ),
        roles=shape.roles,
        side=shape.side or "",
        context=shape.context,
    )


def _alias(document: Document, loc: Loc, shape: AliasShape, *, person: bool) -> Alias:
    forms = [shape.text]
    if shape.inflect:
        forms += _case_forms(document, (*loc, "inflect"), shape, person=person)
    return Alias(
        text=shape.text,
        lang=shape.lang or "",
        forms=tuple(dict.fromkeys([*forms, *shape.forms])),
        exact_case=shape.case == "exact",
    )


def _case_forms(document: Document, loc: Loc, shape: AliasShape, *, person: bool) -> Sequence[str]:
    if shape.lang not in LANGUAGES:
        known = ", ".join(sorted(LANGUAGES))
        message = f"no case forms for {shape.lang!r}" if shape.lang else "'inflect' needs a language"
        help = f"'lang' may be: {known}; for others write forms: [one, two]"
        document.problem(loc, "no-case-forms", message, help=help, of_key=True)
        return ()
    if "*" in shape.text:
        document.problem(
            loc,
            "wildcard",
            "a name with a star has no case forms",
            help="leave out one of the two",
            of_key=True,
        )
        return ()
    forms = case_forms(shape.text, shape.lang, person=person)
    if len(forms) == 1:
        message = f"{shape.text!r} has one form in all cases"
        document.problem(
            loc, "nothing-to-inflect", message, help="leave 'inflect' out", of_key=True, level=Level.WARNING
        )
    return forms


def _rule(
    document: Document, loc: Loc, shape: RuleShape, condition: Condition, entities: Mapping[str, Entity]
) -> Rule:
    where, alert = shape.where, shape.alert
    unversioned = Rule(
        id=shape.id,
        version="",
        title=shape.title,
        condition=condition,
        where=Where(
            languages=where.languages,
            include_publishers=where.publishers.include,
            exclude_publishers=where.publishers.exclude,
            published_within=where.published_within,
        ),
        alert=AlertSettings(
            on=alert.on,
            min_score=alert.min_score,
            routes=alert.routes,
            min_origins=alert.min_origins,
            group_by=alert.group_by,
            group_wait=alert.group_wait,
            repeat_every=alert.repeat_every,
            max_per_hour=alert.max_per_hour,
        ),
        status=shape.status,
        severity=shape.severity,
        owner=shape.owner,
        tags=shape.tags,
        runbook=shape.runbook,
        source_text=document.source_of(loc),
    )
    return replace(unversioned, version=rule_version(unversioned, entities))


def _filtered_rules(wanted: str, rules: Sequence[Rule], rule_ids: Collection[str]) -> set[str]:
    """Ids of the rules that a filter means: an id, `tag:…`, or `*`."""
    if wanted == "*":
        return set(rule_ids)
    kind, _, tag = wanted.partition(":")
    if kind == "tag" and tag:
        return {rule.id for rule in rules if tag in rule.tags}
    return {wanted} & set(rule_ids)


def _with_filters(rule: Rule, filters: Iterable[Condition], entities: Mapping[str, Entity]) -> Rule:
    # A rule that two filters name in two ways is filtered once by each.
    children = tuple(dict.fromkeys(filters))
    if not children:
        return rule
    condition = Condition(operator="all", children=(rule.condition, *children))
    changed = replace(rule, condition=condition)
    return replace(changed, version=rule_version(changed, entities))


def _test(document: Document, loc: Loc, rule_id: str, shape: TrialShape) -> RuleTest:
    article = shape.article
    return RuleTest(
        rule=rule_id,
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
