"""What a condition that does not hold came nearest to: the word two letters off, the terms too far apart.

Each kind of nearness is a reason that people have when they say "but it is there": the same letters from
another alphabet, a case form that nobody listed, a word that goes on, a capital, the wrong field.
Everything is asked of `match` itself or read from the stored text, so that nothing here can be at odds
with what matching does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from monitor.core.matching import match
from monitor.core.operators import NEAR_WORDS_LIMIT
from monitor.core.patterns import literals
from monitor.core.rules.likeness import Form, MissKind, TextWords, likeness, odd_letters, words_of
from monitor.core.rules.ruleset import RuleSet
from monitor.core.text import normalise, sentence_spans, word_starts
from monitor.core.types import Article, ArticleField, Condition, Entity, MatchSpan, Rule

#: Near misses of one condition that are told.
MAX_MISSES = 3
#: Words that may stand between those of a phrase to be told.
_MAX_BETWEEN = 3
# Places of one term that are compared with those of another.
_FEW_PLACES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """One thing that nearly held, in words, and where it stands in the stored text."""

    kind: MissKind
    # A sentence a person understands; the words of the text are quoted in it.
    message: str
    field: ArticleField | None = None
    start: int = 0
    end: int = 0


def places(
    conditions: Mapping[str, Condition], article: Article, entities: Mapping[str, Entity]
) -> tuple[dict[str, tuple[MatchSpan, ...]], frozenset[str]]:
    """Where each condition holds, by its name; and the names of those whose patterns ran out of time.

    A condition that does not hold has no entry.
    """
    rules = RuleSet.compile(
        [Rule(id=name, version="", title="", condition=each) for name, each in conditions.items()],
        [entities[name] for name in sorted(_entities_of(conditions.values())) if name in entities],
    )
    (reading,) = match([article], rules)
    return {found.rule_id: found.spans for found in reading.matches}, frozenset(reading.timed_out)


def near_misses(
    condition: Condition, article: Article, entities: Mapping[str, Entity]
) -> tuple[NearMiss, ...]:
    """What came nearest to a condition without conditions in it that does not hold; the surest first."""
    seeker = _Seeker(article, entities)
    match condition.operator:
        case "near":
            found = seeker.too_far(condition)
        case "same_sentence":
            found = seeker.other_sentences(condition)
        case "regex":
            found = seeker.nearly_fits(condition)
        case _:
            found = seeker.words_like(condition)
    order = list(MissKind)
    distinct = dict.fromkeys(sorted(found, key=lambda miss: (order.index(miss.kind), miss.start)))
    told: dict[object, NearMiss] = {}
    for miss in distinct:
        told.setdefault((miss.field, miss.start) if miss.field else miss.message, miss)
    return tuple(told.values())[:MAX_MISSES]


def _nearest_pair(one: Sequence[MatchSpan], other: Sequence[MatchSpan]) -> tuple[MatchSpan, ...]:
    """A place of each term with the fewest letters between, in order; empty where they share no field."""
    merged = sorted(
        [(span.field, span.start, 0, span) for span in one]
        + [(span.field, span.start, 1, span) for span in other],
        key=lambda place: place[:3],
    )
    pairs = [
        (left[3], right[3]) for left, right in pairwise(merged) if left[0] is right[0] and left[2] != right[2]
    ]
    return min(pairs, key=lambda pair: pair[1].start - pair[0].end, default=())


def _entities_of(conditions: Iterable[Condition]) -> set[str]:
    return {
        name
        for condition in conditions
        for name in (condition.terms if condition.operator == "entity" else _entities_of(condition.children))
    }


# ---------------------------------------------------------------- the search


class _Seeker:
    def __init__(self, article: Article, entities: Mapping[str, Entity]) -> None:
        self._article = article
        self._entities = entities
        self._texts = [
            words_of(field, article.field(field)) for field in ArticleField if article.field(field)
        ]

    def _places(self, condition: Condition) -> tuple[MatchSpan, ...]:
        found, _ = places({"asked": condition}, self._article, self._entities)
        return found.get("asked", ())

    def _quoted(self, span: MatchSpan | tuple[ArticleField, int, int]) -> str:
        field, start, end = (span.field, span.start, span.end) if isinstance(span, MatchSpan) else span
        return f"“{' '.join(self._article.field(field)[start:end].split())}”"

    def _miss(self, kind: MissKind, message: str, span: MatchSpan) -> NearMiss:
        return NearMiss(kind=kind, message=message, field=span.field, start=span.start, end=span.end)

    # ------------------------------------------------------------ words, phrases, entities

    def words_like(self, condition: Condition) -> Iterator[NearMiss]:
        """For keyword, phrase and entity."""
        yield from self._elsewhere(condition)
        forms = tuple(dict.fromkeys(self._forms(condition)))
        yield from self._without_capitals(condition, forms)
        for text in self._texts:
            if condition.field in (None, text.field):
                for form in forms:
                    yield from self._alike(form, text)

    def _forms(self, condition: Condition) -> Iterator[Form]:
        if condition.operator == "any":
            for child in condition.children:
                yield from self._forms(child)
        elif condition.operator != "entity":
            yield from (Form(term, False) for term in condition.terms)
        else:
            for name in condition.terms:
                for alias in self._entities[name].aliases if name in self._entities else ():
                    yield from (Form(form, alias.exact_case) for form in alias.forms or (alias.text,))

    def _elsewhere(self, condition: Condition) -> Iterator[NearMiss]:
        if condition.field is None:
            return
        for span in self._places(replace(condition, field=None)):
            message = (
                f"{self._quoted(span)} stands in the {span.field}, and only the {condition.field} counts"
            )
            yield self._miss(MissKind.FIELD, message, span)

    def _without_capitals(self, condition: Condition, forms: Sequence[Form]) -> Iterator[NearMiss]:
        exact = tuple(form.text for form in forms if form.exact)
        if not exact:
            return
        for span in self._places(Condition(operator="keyword", terms=exact, field=condition.field)):
            message = f"{self._quoted(span)} is not written {span.term!r}, whose capitals count (case: exact)"
            yield self._miss(MissKind.CAPITALS, message, span)

    def _alike(self, form: Form, text: TextWords) -> Iterator[NearMiss]:
        wanted = form.words
        if not wanted:
            return
        starred = form.text.endswith("*")
        for beginning in text.vocabulary.alike(wanted[0]):
            for first in text.at_word[beginning]:
                window = text.normal[first : first + len(wanted)]
                kinds = [likeness(there, word) for there, word in zip(window, wanted, strict=False)]
                if starred and kinds[-1] in (MissKind.LONGER, MissKind.INSIDE):
                    continue
                if len(window) == len(wanted) and None not in kinds:
                    yield from self._told(form, text, first, first + len(wanted) - 1, kinds)
        if len(wanted) > 1:
            yield from self._scattered(form, wanted, text)

    def _told(
        self, form: Form, text: TextWords, first: int, last: int, kinds: Sequence[str | None]
    ) -> Iterator[NearMiss]:
        different = [MissKind(kind) for kind in kinds if kind]
        start, end = text.at(first, last)
        if not different:
            if len(kinds) == 1:
                # The word itself: only its capitals can be wrong, and they were told.
                return
            kind = MissKind.PUNCTUATION
        else:
            kind = max(different, key=list(MissKind).index)
        message = _MESSAGES[kind].format(
            there=self._quoted((text.field, start, end)),
            form=form.text,
            stem=form.text.removesuffix("*"),
            odd=odd_letters(text.stored[start:end], form.text),
        )
        yield NearMiss(kind=kind, message=message, field=text.field, start=start, end=end)

    def _scattered(self, form: Form, wanted: Sequence[str], text: TextWords) -> Iterator[NearMiss]:
        """The words of a phrase with others between them, or in another order."""
        for word in set(wanted):
            for first in text.at_word.get(word, ()):
                window = text.normal[first : first + len(wanted)]
                if window != list(wanted) and sorted(window) == sorted(wanted):
                    yield self._of_words(MissKind.ORDER, form, text, first, first + len(wanted) - 1)
        for first in text.at_word.get(wanted[0], ()):
            last = _following(text.normal, first, wanted)
            if last is not None and last - first >= len(wanted):
                yield self._of_words(MissKind.BETWEEN, form, text, first, last)

    def _of_words(self, kind: MissKind, form: Form, text: TextWords, first: int, last: int) -> NearMiss:
        start, end = text.at(first, last)
        message = _MESSAGES[kind].format(there=self._quoted((text.field, start, end)), form=form.text)
        return NearMiss(kind=kind, message=message, field=text.field, start=start, end=end)

    # ------------------------------------------------------------ near, same_sentence

    def _by_term(self, condition: Condition) -> list[tuple[MatchSpan, ...]] | None:
        """The places of each term; None where one has none."""
        named = {str(number): child for number, child in enumerate(condition.children)}
        found, _ = places(named, self._article, self._entities)
        return [found[name] for name in named] if len(found) == len(named) else None

    def _missing_terms(self, condition: Condition) -> Iterator[NearMiss]:
        for child in condition.children:
            if not self._places(child):
                yield from self.words_like(child)

    def _apart(self, terms: Sequence[Sequence[MatchSpan]]) -> NearMiss | None:
        """The terms share no field."""
        if set.intersection(*({span.field for span in spans} for spans in terms)):
            return None
        told = " and ".join(f"{self._quoted(spans[0])} in the {spans[0].field}" for spans in terms)
        return self._miss(MissKind.FIELDS_APART, f"the terms stand in different fields: {told}", terms[0][0])

    def too_far(self, condition: Condition) -> Iterator[NearMiss]:
        """For near: the words between the terms, or their order."""
        terms = self._by_term(condition)
        if terms is None:
            yield from self._missing_terms(condition)
            return
        apart = self._apart(terms)
        if apart:
            yield apart
            return
        options = dict(condition.options)
        if options.get("ordered") == "true":
            free = replace(condition, options=(("ordered", "false"), ("within", options["within"])))
            spans = self._places(free)
            if spans:
                told = " before ".join(self._quoted(span) for span in spans)
                yield self._miss(MissKind.ORDER, f"the order counts, and the text has {told}", spans[0])
                return
        yield from self._distance(condition, terms, int(options["within"]))

    def _distance(
        self, condition: Condition, terms: Sequence[Sequence[MatchSpan]], within: int
    ) -> Iterator[NearMiss]:
        ordered = dict(condition.options).get("ordered", "false")
        widest = (("ordered", ordered), ("within", str(NEAR_WORDS_LIMIT)))
        chain = self._places(replace(condition, options=widest))
        if not chain and len(terms) == 2:
            chain = _nearest_pair(*terms)
        elif chain:
            field = chain[0].field
            chain = tuple(span for span in chain if span.field is field)
        if not chain:
            message = f"the terms stand over {NEAR_WORDS_LIMIT} words apart, {within} are allowed"
            yield NearMiss(kind=MissKind.DISTANCE, message=message)
            return
        gap = max(self._words_between(pair) for pair in pairwise(chain))
        names = " and ".join(self._quoted(span) for span in chain)
        if chain[0].start == chain[-1].start or gap <= within:
            message = f"{names}: one place cannot be two terms"
        else:
            message = f"{names} stand {gap} words apart, {within} are allowed"
        first = chain[0]
        yield NearMiss(
            kind=MissKind.DISTANCE,
            message=message,
            field=first.field,
            start=first.start,
            end=max(span.end for span in chain),
        )

    def _words_between(self, pair: Sequence[MatchSpan]) -> int:
        left, right = sorted(pair, key=lambda span: span.start)
        return len(word_starts(normalise(self._article.field(left.field)[left.end : right.start])))

    def other_sentences(self, condition: Condition) -> Iterator[NearMiss]:
        """For same_sentence: how many sentences lie between."""
        terms = self._by_term(condition)
        if terms is None:
            yield from self._missing_terms(condition)
            return
        apart = self._apart(terms)
        if apart:
            yield apart
            return
        best: tuple[int, tuple[MatchSpan, ...]] | None = None
        for text in self._texts:
            # Few of each are enough: the nearest are nearly always among them.
            few = max(1, _FEW_PLACES // len(terms) ** 2)
            here = [[span for span in spans if span.field is text.field][:few] for spans in terms]
            starts = [start for start, _ in sentence_spans(text.stored)]
            numbered = [[(bisect_right(starts, span.start), span) for span in spans] for spans in here]
            for pairs in product(*numbered):
                chosen = tuple(span for _, span in pairs)
                numbers = [number for number, _ in pairs]
                spread = max(numbers) - min(numbers)
                if best is None or spread < best[0]:
                    best = spread, chosen
        if best is not None:
            spread, chosen = best
            names = " and ".join(self._quoted(span) for span in chosen)
            where = "neighbouring sentences" if spread == 1 else f"sentences {spread} apart"
            first = min(chosen, key=lambda span: span.start)
            yield NearMiss(
                kind=MissKind.SENTENCES,
                message=f"{names} stand in {where}",
                field=first.field,
                start=first.start,
                end=max(span.end for span in chosen),
            )

    # ------------------------------------------------------------ regex

    def nearly_fits(self, condition: Condition) -> Iterator[NearMiss]:
        """For regex: another field, capitals, or the letters that it needs and the text has not."""
        yield from self._elsewhere(condition)
        (pattern,) = condition.terms
        if not pattern.startswith("(?i"):
            for span in self._places(replace(condition, terms=(f"(?i){pattern}",))):
                message = f"{self._quoted(span)} fits but for its capitals: begin the pattern with (?i)"
                yield self._miss(MissKind.CAPITALS, message, span)
        texts = [normalise(text.stored) for text in self._texts if condition.field in (None, text.field)]
        for choice in literals(pattern):
            if not any(letters in text for letters in choice for text in texts):
                shown = " or ".join(f"“{letters}”" for letters in sorted(choice))
                yield NearMiss(kind=MissKind.PATTERN, message=f"the pattern cannot fit without {shown}")
                return


_MESSAGES = {
    MissKind.ALPHABET: "{there} looks like {form!r} and has letters of another alphabet: {odd}",
    MissKind.ORDER: "{there} has the words of {form!r} in another order",
    MissKind.PUNCTUATION: "{there} has other signs between its words than {form!r}",
    MissKind.BETWEEN: "{there} has words between those of {form!r}",
    MissKind.MARKS: "{there} differs from {form!r} by its accents or other marks",
    MissKind.LONGER: "{there} goes on behind {form!r}: '{stem}*' would find it",
    MissKind.FORM: "{there} may be another form of {form!r}, which has only the forms that are listed",
    MissKind.LETTERS: "{there} is a letter or two away from {form!r}",
    MissKind.INSIDE: "{there} has {form!r} inside it, and only whole words count",
}


def _following(words: Sequence[str], first: int, wanted: Sequence[str]) -> int | None:
    """Where the last word of a phrase stands if the others follow the first with few words between."""
    at = first
    for word in wanted[1:]:
        near = words[at + 1 : at + 2 + _MAX_BETWEEN]
        if word not in near:
            return None
        at += 1 + near.index(word)
    return at
