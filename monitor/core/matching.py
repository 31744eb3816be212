"""Articles × rules → readings: which rules match, where, and which entities are named.

One pass over each field finds every written form of every rule and entity at once.
Only rules whose required words occurred are looked at, cheap filters first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from urllib.parse import urlsplit

from monitor.core.operators import Evidence, Occurrence, evaluate
from monitor.core.patterns import find_pattern
from monitor.core.rules.compiled import LETTERS, NAMED, Clauses, CompiledRule
from monitor.core.rules.lexicon import Found
from monitor.core.rules.ruleset import RuleSet
from monitor.core.text import Normalised, Span, sentence_spans, word_starts
from monitor.core.types import Article, ArticleField, Match, MatchSpan, Mention, Reading, Rule, Where

#: Patterns that may run out of time in one article before the rest are given up.
MAX_TIMEOUTS = 10

_FIELDS = tuple(ArticleField)
_ORDER = {field: number for number, field in enumerate(_FIELDS)}


def match(articles: Sequence[Article], rules: RuleSet) -> tuple[Reading, ...]:
    """One reading for each article, in the same order.

    A reading has a match for each rule that holds (in order of the rule ids) and every mention
    of every entity, asked for by a rule or not. Spans lie in the stored text.
    """
    return tuple(map(_read, scan(articles, rules)))


def scan(articles: Sequence[Article], rules: RuleSet) -> list[ScannedArticle]:
    """The evidence of each article, in the same order.

    Texts, automaton and rules are each larger than the processor's cache; so a stage is done for all
    articles before the next begins.
    """
    texts = [_texts_of(article) for article in articles]
    found = [{text: rules.lexicon.scan(text) for text in set(each.values())} for each in texts]
    always = [rules.compiled_rules[id] for id in rules.costly]
    return [ScannedArticle(*each, always) for each in zip(articles, texts, found, strict=True)]


def _texts_of(article: Article) -> dict[ArticleField, Normalised]:
    """The fields that say anything; a summary that is the text again is the same value."""
    stored = {field: text for field in _FIELDS if (text := article.field(field))}
    normalised = {text: Normalised(text) for text in stored.values()}
    return {field: normalised[text] for field, text in stored.items()}


def _read(scanned: ScannedArticle) -> Reading:
    article = scanned.article
    matches = [
        Match(
            article_id=article.id,
            version_id=article.version_id,
            rule_id=rule.id,
            rule_version=rule.version,
            spans=scanned.spans(places),
        )
        for rule, places in scanned.holding()
    ]
    return Reading(
        article=article,
        matches=tuple(matches),
        mentions=scanned.mentions(),
        timed_out=tuple(scanned.timed_out),
    )


# ---------------------------------------------------------------- where


def passes(where: Where, article: Article) -> bool:
    """Do the filters let the article through? One that does not say its language passes any."""
    if where.languages and article.lang and _primary(article.lang) not in where.languages:
        return False
    if any(_is_from(article, publisher) for publisher in where.exclude_publishers):
        return False
    included = where.include_publishers
    return not included or any(_is_from(article, publisher) for publisher in included)


def _primary(lang: str) -> str:
    return lang.replace("_", "-").split("-")[0].casefold()


def _is_from(article: Article, publisher: str) -> bool:
    """Does the article come from there?

    `tag:…` is a tag of the feed, `feed:…` its address, `domain:…` the article's host or one above it;
    anything else a publisher's name.
    """
    kind, _, value = publisher.partition(":")
    if kind == "tag":
        return value in article.tags
    if kind == "feed":
        return value == article.feed_url
    if kind == "domain":
        host = _host(article.url)
        return host == value.casefold() or host.endswith("." + value.casefold())
    return publisher.casefold() == article.publisher.casefold()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


# ---------------------------------------------------------------- what one scan found


class ScannedArticle(Evidence):
    """The evidence of one article: what one pass over its fields found."""

    def __init__(
        self,
        article: Article,
        texts: Mapping[ArticleField, Normalised],
        found: Mapping[Normalised, Sequence[Found]],
        always: Iterable[CompiledRule],
    ) -> None:
        #: The article it is of.
        self.article = article
        self._texts = texts
        self._found = [(field, found[text]) for field, text in texts.items()]
        self._always = always
        self._spans: dict[Occurrence, MatchSpan] = {}
        self._sentences: dict[ArticleField, tuple[Span, ...]] = {}
        self._word_starts: dict[ArticleField, tuple[int, ...]] = {}
        #: Ids of the rules that a pattern ran out of time for, as far as they were tried.
        self.timed_out: list[str] = []
        # Set as soon as a pattern runs out of time, or is given up because others did.
        self._ran_out = False
        # (pattern, field) → its places; None: it ran out of time.
        self._patterns: dict[tuple[str, ArticleField], tuple[Occurrence, ...] | None] = {}

    @cached_property
    def candidates(self) -> set[CompiledRule]:
        """The rules that can match at all."""
        return set(self._always).union(*(asker.leads for _, found in self._found for _, _, asker in found))

    @cached_property
    def _names(self) -> set[str]:
        """What stands anywhere, by name (`Asker.name`)."""
        return {asker.name for _, found in self._found for _, _, asker in found}

    @cached_property
    def _standing(self) -> Mapping[str, Sequence[Occurrence]]:
        """By name (`Asker.name`), in order of field and place."""
        standing: dict[str, list[Occurrence]] = {}
        for field, found in self._found:
            for start, end, asker in found:
                place = _occurrence((field, start, end, asker.form, asker.entity, False))
                places = standing.get(asker.name)
                if places is None:
                    standing[asker.name] = [place]
                else:
                    places.append(place)
        return standing

    def holding(self) -> Iterator[tuple[Rule, Sequence[Occurrence]]]:
        """The rules that match, in order of their ids, each with the places that make it hold."""
        for compiled in sorted(self.candidates, key=_rule_id):
            places = self.places(compiled)
            if places:
                yield compiled.rule, places

    def places(self, compiled: CompiledRule) -> Sequence[Occurrence] | None:
        """The places that make a candidate hold; None where it does not match."""
        if compiled.filtered and not passes(compiled.rule.where, self.article):
            return None
        if compiled.clauses is None:
            places = evaluate(compiled.condition, self)
            self._note_time(compiled)
            return places
        return _places(compiled.names, self._standing, None) if _hold(compiled.clauses, self._names) else None

    def matching(self) -> set[str]:
        """The ids of the rules that match: cheaper where nobody asks for the places."""
        ids: set[str] = set()
        for compiled in self.candidates:
            if compiled.filtered and not passes(compiled.rule.where, self.article):
                continue
            if compiled.clauses is None:
                if evaluate(compiled.condition, self) is not None:
                    ids.add(compiled.id)
                self._note_time(compiled)
            elif _hold(compiled.clauses, self._names):
                ids.add(compiled.id)
        return ids

    def _note_time(self, compiled: CompiledRule) -> None:
        if self._ran_out:
            self.timed_out.append(compiled.id)
            self._ran_out = False

    def words(self, forms: Sequence[str], field: ArticleField | None) -> Sequence[Occurrence]:
        return _places(forms, self._standing, field)

    def entities(self, ids: Sequence[str], field: ArticleField | None) -> Sequence[Occurrence]:
        return _places([NAMED + id for id in ids], self._standing, field)

    def letters(self, literal: str, field: ArticleField | None) -> bool:
        return bool(_places([LETTERS + literal], self._standing, field))

    def pattern(self, pattern: str, field: ArticleField | None) -> Sequence[Occurrence]:
        fields = [each for each in self._texts if field is None or each is field]
        return [place for each in fields for place in self._places_of_pattern(pattern, each)]

    def _places_of_pattern(self, pattern: str, field: ArticleField) -> tuple[Occurrence, ...]:
        if (pattern, field) not in self._patterns:
            self._patterns[pattern, field] = self._run_pattern(pattern, field)
        places = self._patterns[pattern, field]
        if places is None:
            self._ran_out = True
        return places or ()

    def _run_pattern(self, pattern: str, field: ArticleField) -> tuple[Occurrence, ...] | None:
        if sum(places is None for places in self._patterns.values()) >= MAX_TIMEOUTS:
            return None
        spans = find_pattern(pattern, self._texts[field].stored)
        if spans is None:
            return None
        return tuple(Occurrence(field, start, end, pattern, stored=True) for start, end in spans)

    def word_starts(self, field: ArticleField) -> Sequence[int]:
        if field not in self._word_starts:
            self._word_starts[field] = word_starts(self._texts[field].text)
        return self._word_starts[field]

    def sentence(self, occurrence: Occurrence) -> int:
        field = occurrence.field
        if field not in self._sentences:
            self._sentences[field] = sentence_spans(self._texts[field].stored)
        start, _ = self._stored_span(occurrence)
        return bisect_right(self._sentences[field], start, key=lambda span: span[0])

    def spans(self, places: Sequence[Occurrence]) -> tuple[MatchSpan, ...]:
        """The places in the stored text, in order, each once."""
        if len(places) == 1:
            return (self._span(places[0]),)
        return tuple(sorted(map(self._span, self._shown(places)), key=_span_order))

    def _span(self, place: Occurrence) -> MatchSpan:
        # Many rules share a word, so each place is worked out once.
        span = self._spans.get(place)
        if span is None:
            start, end = self._stored_span(place)
            span = MatchSpan(field=place.field, start=start, end=end, term=place.term, entity=place.entity)
            self._spans[place] = span
        return span

    def _stored_span(self, place: Occurrence) -> Span:
        if place.stored:
            return place.start, place.end
        return self._texts[place.field].stored_span(place.start, place.end)

    def mentions(self) -> tuple[Mention, ...]:
        """Every place where an entity is named, in order, by its longest name there."""
        named = [
            place for name, places in self._standing.items() if name.startswith(NAMED) for place in places
        ]
        return tuple(
            Mention(entity=place.entity, field=place.field, start=start, end=end)
            for place in self._shown(named)
            for start, end in [self._stored_span(place)]
        )

    def _shown(self, places: Sequence[Occurrence]) -> Sequence[Occurrence]:
        """In order, each once, without names inside a longer name of the same entity.

        Where the text only repeats the summary, the summary's places are left out.
        """
        if len(places) < 2:
            return places
        distinct = set(places)
        if self.article.summary == self.article.text:
            elsewhere = {place for place in distinct if place.field is not ArticleField.SUMMARY}
            # A condition may have asked for the summary alone.
            distinct = elsewhere or distinct
        ordered = sorted(distinct, key=_reading_order)
        shown: list[Occurrence] = []
        # End of the longest name so far, by entity and field.
        covered: dict[tuple[str, ArticleField], int] = {}
        for place in ordered:
            if place.entity:
                key = (place.entity, place.field)
                if covered.get(key, -1) >= place.end:
                    continue
                covered[key] = place.end
            shown.append(place)
        return shown


#: An occurrence from all of its fields: half as long as by their names.
_occurrence = partial(tuple.__new__, Occurrence)


def _hold(clauses: Clauses, names: Collection[str]) -> bool:
    for wanted, any_of in clauses:  # noqa: SIM110  # a generator for each rule costs more than the answer
        if any_of.isdisjoint(names) is wanted:
            return False
    return True


def _rule_id(compiled: CompiledRule) -> str:
    return compiled.id


def _places(
    names: Sequence[str], found: Mapping[str, Sequence[Occurrence]], field: ArticleField | None
) -> Sequence[Occurrence]:
    standing = [found[name] for name in names if name in found]
    places = standing[0] if len(standing) == 1 else list(chain.from_iterable(standing))
    return places if field is None else [place for place in places if place.field is field]


def _reading_order(place: Occurrence) -> tuple[int, int, int, str, str]:
    """By field and place, the longer first; by name where both are the same."""
    return _ORDER[place.field], place.start, -place.end, place.term, place.entity


def _span_order(span: MatchSpan) -> tuple[int, int, int, str, str]:
    return _ORDER[span.field], span.start, -span.end, span.term, span.entity
