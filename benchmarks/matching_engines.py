"""The engines that `benchmarks/matching.py` compares: each is given the same rules and the same raw texts.

An engine answers with the ids of the rules that match, for a batch of texts, as workers get them. The others
give no more; ours is here twice, once doing the same and once with every match and its spans in the text.
Engines that only find terms get the same few lines for `any`, `all` and `none` (`Terms`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Protocol

from matching_texts import Spec

from monitor.core.text import normalise
from monitor.core.types import Article

Ids = set[str]


class Engine(Protocol):
    #: Its name in the table.
    name: ClassVar[str]
    #: The most rules it is tried with: beyond it takes minutes to build, or to match one article.
    limit: ClassVar[int]

    def __init__(self, specs: Sequence[Spec]) -> None: ...
    def match(self, texts: Sequence[str]) -> list[Ids]: ...


class Terms:
    """Terms by number; from the numbers that were found to the rules that match."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.terms: dict[str, int] = {}
        self._plain: dict[int, list[str]] = {}
        self._tried: dict[int, list[tuple[str, list[int], list[int], list[int]]]] = {}
        for spec in specs:
            any_, all_, none = (list(map(self._number, terms)) for terms in (spec.any, spec.all, spec.none))
            if not all_ and not none:
                for number in any_:
                    self._plain.setdefault(number, []).append(spec.id)
                continue
            # Reached through one needed term, or through any of the alternatives.
            for number in all_[:1] or set(any_):
                self._tried.setdefault(number, []).append((spec.id, any_, all_, none))

    def _number(self, term: str) -> int:
        return self.terms.setdefault(term, len(self.terms))

    def rules(self, found: set[int]) -> Ids:
        ids: Ids = set()
        for number in found:
            ids.update(self._plain.get(number, ()))
            for id, any_, all_, none in self._tried.get(number, ()):
                if (
                    found.issuperset(all_)
                    and (not any_ or not found.isdisjoint(any_))
                    and found.isdisjoint(none)
                ):
                    ids.add(id)
        return ids


def _is_word(character: str) -> bool:
    return character.isalnum()


def is_whole(text: str, start: int, end: int) -> bool:
    """Neither neighbour is a letter or digit."""
    return not (start and _is_word(text[start - 1])) and not (end < len(text) and _is_word(text[end]))


class Reference:
    """Exact and slow: every term is looked for by itself, in the normal form."""

    name: ClassVar[str] = "reference"
    limit: ClassVar[int] = 1_000_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        self._terms = Terms(specs)

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        normal = normalise(text)
        return self._terms.rules(
            {number for term, number in self._terms.terms.items() if _stands(term, normal)}
        )


def _stands(term: str, text: str) -> bool:
    at = text.find(term)
    while at >= 0:
        if is_whole(text, at, at + len(term)):
            return True
        at = text.find(term, at + 1)
    return False


class Claimwatch:
    """Which rules match: the same work as the peers do."""

    name: ClassVar[str] = "claimwatch"
    limit: ClassVar[int] = 1_000_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        from monitor.core.rules import RuleSet

        self.rules = RuleSet.compile(spec.rule() for spec in specs)

    def match(self, texts: Sequence[str]) -> list[Ids]:
        from monitor.core.matching import scan

        return [each.matching() for each in scan(list(map(article, texts)), self.rules)]


class ClaimwatchMatches(Claimwatch):
    """What a worker stores: every match, with every span in the stored text."""

    name: ClassVar[str] = "claimwatch with spans"

    def match(self, texts: Sequence[str]) -> list[Ids]:
        from monitor.core.matching import match

        readings = match(list(map(article, texts)), self.rules)
        return [{one.rule_id for one in reading.matches} for reading in readings]


_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def article(text: str) -> Article:
    return Article(
        id=1,
        version=1,
        version_id=1,
        feed_id=None,
        url="",
        publisher="",
        tags=(),
        title="",
        summary="",
        text=text,
        lang="",
        published_at=_MOMENT,
        fetched_at=_MOMENT,
    )


class AhoCorasickRs:
    """The bare automaton that ours stands on: case folding, a boundary check, no normal form, no spans."""

    name: ClassVar[str] = "ahocorasick_rs bare"
    limit: ClassVar[int] = 1_000_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        from ahocorasick_rs import AhoCorasick

        self._terms = Terms(specs)
        self._automaton = AhoCorasick(list(self._terms.terms))

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        folded = text.casefold()
        places = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return self._terms.rules({number for number, start, end in places if is_whole(folded, start, end)})


class RegexLoop:
    """One compiled expression for each term: what one writes first."""

    name: ClassVar[str] = "one re per term"
    limit: ClassVar[int] = 1_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        self._terms = Terms(specs)
        self._searches: list[Callable[[str], object]] = [
            re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE).search for term in self._terms.terms
        ]

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        return self._terms.rules({number for number, search in enumerate(self._searches) if search(text)})


class YaraX:
    """A whole rule engine: its own conditions too."""

    name: ClassVar[str] = "yara-x"
    limit: ClassVar[int] = 100_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        import yara_x

        self._scanner = yara_x.Scanner(yara_x.compile("\n".join(map(_yara, specs))))

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        return {rule.identifier for rule in self._scanner.scan(text.encode()).matching_rules}


def _yara(spec: Spec) -> str:
    strings, conditions = [], []
    for name, terms, wanted in (("o", spec.any, "any"), ("a", spec.all, "all"), ("n", spec.none, "none")):
        distinct = list(dict.fromkeys(terms))
        strings += [f'${name}{number} = "{term}" nocase fullword' for number, term in enumerate(distinct)]
        conditions += [f"{wanted} of (${name}*)"] if distinct else []
    return f"rule {spec.id} {{ strings: {' '.join(strings)} condition: {' and '.join(conditions)} }}"


class Hyperscan:
    r"""`\bterm\b`, caseless, UTF-8, each reported once; at 10,000 rules it takes a minute to build."""

    name: ClassVar[str] = "hyperscan"
    limit: ClassVar[int] = 1_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        import hyperscan

        self._terms = Terms(specs)
        flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_UTF8
        expressions = [rf"\b{term}\b".encode() for term in self._terms.terms]
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=expressions,
            ids=list(range(len(expressions))),
            elements=len(expressions),
            flags=[flags] * len(expressions),
        )
        self._scratch = hyperscan.Scratch(self._database)

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        found: set[int] = set()

        def note(number: int, start: int, end: int, flags: int, context: object) -> None:
            found.add(number)

        self._database.scan(text.encode(), match_event_handler=note, scratch=self._scratch)
        return self._terms.rules(found)


class Re2Set:
    r"""`\bterm\b` without regard to case; beyond 10,000 rules it does not build in two minutes."""

    name: ClassVar[str] = "google-re2 Set"
    limit: ClassVar[int] = 10_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        import re2

        self._terms = Terms(specs)
        options = re2.Options()
        options.max_mem = 4 << 30
        options.case_sensitive = False
        self._set = re2.Set.SearchSet(options)
        for term in self._terms.terms:
            self._set.Add(rf"\b{term}\b")
        self._set.Compile()

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        return self._terms.rules(set(self._set.Match(text) or ()))


class SpacyPhrases:
    """A blank English pipeline and PhraseMatcher over small letters; cutting the text into words included."""

    name: ClassVar[str] = "spaCy PhraseMatcher"
    limit: ClassVar[int] = 10_000

    def __init__(self, specs: Sequence[Spec]) -> None:
        import spacy
        from spacy.matcher import PhraseMatcher

        self._terms = Terms(specs)
        self._make = spacy.blank("en").make_doc
        vocabulary = self._make("").vocab
        self._matcher = PhraseMatcher(vocabulary, attr="LOWER")
        self._numbers: dict[int, int] = {}
        for term, number in self._terms.terms.items():
            self._matcher.add(term, [self._make(term)])
            self._numbers[vocabulary.strings[term]] = number

    def match(self, texts: Sequence[str]) -> list[Ids]:
        return [self._match(text) for text in texts]

    def _match(self, text: str) -> Ids:
        return self._terms.rules({self._numbers[key] for key, *_ in self._matcher(self._make(text))})


ENGINES: Sequence[type[Engine]] = (
    Claimwatch,
    ClaimwatchMatches,
    AhoCorasickRs,
    YaraX,
    Hyperscan,
    Re2Set,
    SpacyPhrases,
    RegexLoop,
)


def named(names: Iterable[str]) -> list[type[Engine]]:
    """The engines of these names; all where there are none. Raises SystemExit for a name that none has."""
    wanted = list(names)
    unknown = set(wanted) - {engine.name for engine in ENGINES}
    if unknown:
        known = ", ".join(repr(engine.name) for engine in ENGINES)
        raise SystemExit(f"no such engine: {', '.join(sorted(unknown))}; there are {known}")
    return [engine for engine in ENGINES if not wanted or engine.name in wanted]
