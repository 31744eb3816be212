"""Articles × rules → readings: which rules match, where, and which entities are named.

One pass over each field finds every written form of every rule and entity at once.
Only rules whose required words occurred are looked at, cheap filters first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from monitor.core.operators import Evidence, Occurrence, evaluate
from monitor.core.patterns import find_pattern
from monitor.core.rules.compiled import CompiledRule
from monitor.core.rules.ruleset import RuleSet
from monitor.core.text import Normalised, Span, sentence_spans, word_starts
from monitor.core.types import Article, ArticleField, Match, MatchSpan, Mention, Reading, Where

#: Patterns that may run out of time in one article before the rest are given up.
MAX_TIMEOUTS = 10

_FIELDS = tuple(ArticleField)
_ORDER = {field: number for number, field in enumerate(_FIELDS)}


def match(articles: Sequence[Article], rules: RuleSet) -> tuple[Reading, ...]:
    """One reading for each article, in the same order.

    A reading has a match for each rule that holds (in order of the rule ids) and every mention
    of every entity, asked for by a rule or not. Spans lie in the stored text.
    """
    # All are scanned before the first is judged: the automaton and the rules are each larger than the
    # processor's cache, and taking turns they would push each other out.
    return tuple([_read(scanned) for scanned in [ScannedArticle(article, rules) for article in articles]])


def _read(scanned: ScannedArticle) -> Reading:
    article = scanned.article
    matches = []
    timed_out = []
    for compiled in sorted(scanned.candidates, key=_rule_id):
        rule = compiled.rule
        if compiled.filtered and not passes(rule.where, article):
            continue
        scanned.ran_out = False
        places = evaluate(compiled.condition, scanned)
        if scanned.ran_out:
            timed_out.append(rule.id)
        if places:
            matches.append(
                Match(
                    article_id=article.id,
                    version_id=article.version_id,
                    rule_id=rule.id,
                    rule_version=rule.version,
                    spans=scanned.spans(places),
                )
            )
    return Reading(
        article=article,
        matches=tuple(matches),
        mentions=scanned.mentions(),
        timed_out=tuple(timed_out),
    )


def _rule_id(compiled: CompiledRule) -> str:
    return compiled.rule.id


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

    def __init__(self, article: Article, rules: RuleSet) -> None:
        #: The article it is of.
        self.article = article
        self._texts: dict[ArticleField, Normalised] = {}
        # By written form, by entity, and by the letters that patterns need; in order of field and place.
        self._words: dict[str, list[Occurrence]] = {}
        self._named: dict[str, list[Occurrence]] = {}
        self._letters: dict[str, set[ArticleField]] = {}
        self._sentences: dict[ArticleField, tuple[Span, ...]] = {}
        self._word_starts: dict[ArticleField, tuple[int, ...]] = {}
        #: Rules that can match at all.
        self.candidates: set[CompiledRule] = {rules.compiled_rules[id] for id in rules.costly}
        #: Set as soon as a pattern runs out of time, or is given up because others did.
        self.ran_out = False
        # (pattern, field) → its places; None: it ran out of time.
        self._patterns: dict[tuple[str, ArticleField], tuple[Occurrence, ...] | None] = {}
        for field in _FIELDS:
            stored = article.field(field)
            if stored:
                self._scan(field, stored, rules)

    def _scan(self, field: ArticleField, stored: str, rules: RuleSet) -> None:
        text = self._texts[field] = Normalised(stored)
        # Entity → where longer names stand that are something else.
        hiding: dict[str, list[Span]] = {}
        for start, end, asker in rules.lexicon.scan(text):
            _, form, entity, _, _, anywhere, leads, hides, _, _, _, _ = asker
            if anywhere:
                self._letters.setdefault(form, set()).add(field)
            elif hides:
                hiding.setdefault(entity, []).append((start, end))
            elif entity:
                self._named.setdefault(entity, []).append(Occurrence(field, start, end, form, entity))
            else:
                self._words.setdefault(form, []).append(Occurrence(field, start, end, form))
            self.candidates.update(leads)
        for entity, spans in hiding.items():
            places = self._named.get(entity, ())
            self._named[entity] = [p for p in places if p.field is not field or not _inside(p, spans)]

    def words(self, forms: Sequence[str], field: ArticleField | None) -> Sequence[Occurrence]:
        return _places(forms, self._words, field)

    def entities(self, ids: Sequence[str], field: ArticleField | None) -> Sequence[Occurrence]:
        return _places(ids, self._named, field)

    def letters(self, literal: str, field: ArticleField | None) -> bool:
        fields = self._letters.get(literal, ())
        return field in fields if field is not None else bool(fields)

    def pattern(self, pattern: str, field: ArticleField | None) -> Sequence[Occurrence]:
        fields = [each for each in self._texts if field is None or each is field]
        return [place for each in fields for place in self._places_of_pattern(pattern, each)]

    def _places_of_pattern(self, pattern: str, field: ArticleField) -> tuple[Occurrence, ...]:
        if (pattern, field) not in self._patterns:
            self._patterns[pattern, field] = self._run_pattern(pattern, field)
        places = self._patterns[pattern, field]
        if places is None:
            self.ran_out = True
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
        start, end = self._stored_span(place)
        return MatchSpan(field=place.field, start=start, end=end, term=place.term, entity=place.entity)

    def _stored_span(self, place: Occurrence) -> Span:
        if place.stored:
            return place.start, place.end
        return self._texts[place.field].stored_span(place.start, place.end)

    def mentions(self) -> tuple[Mention, ...]:
        """Every place where an entity is named, in order, by its longest name there."""
        named = [place for places in self._named.values() for place in places]
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


def _inside(place: Occurrence, spans: Iterable[Span]) -> bool:
    """In a longer stretch, not the same one."""
    return any(
        start <= place.start and place.end <= end and (start, end) != (place.start, place.end)
        for start, end in spans
    )


def _places(
    names: Sequence[str], found: Mapping[str, Sequence[Occurrence]], field: ArticleField | None
) -> Sequence[Occurrence]:
    places = [place for name in names if name in found for place in found[name]]
    return places if field is None else [place for place in places if place.field is field]


def _reading_order(place: Occurrence) -> tuple[int, int, int, str, str]:
    """By field and place, the longer first; by name where both are the same."""
    return _ORDER[place.field], place.start, -place.end, place.term, place.entity


def _span_order(span: MatchSpan) -> tuple[int, int, int, str, str]:
    return _ORDER[span.field], span.start, -span.end, span.term, span.entity
