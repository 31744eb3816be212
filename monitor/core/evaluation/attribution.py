"""Attribution against a corpus of marked news: whose words, and which (PolNeAR's dev half, if there).

The corpus marks far more than claims (beliefs, plans, questions), so recall is of all of that. A stretch is
counted in word tokens; who speaks is right where the words of one name hold all words of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.core.evaluation.locating import folded_name
from monitor.core.evaluation.scoring import Share
from monitor.errors import InputError

#: Of the shorter of two stretches, the share that both have where they are one attribution.
MIN_SHARED = 0.5
#: Everything together, and what was found where the corpus marks nothing.
ALL = "all"
_TOKEN = re.compile(r"\w+")

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedAttribution:
    """One attribution as people marked it; spans are half-open code-point offsets into the text."""

    # As the corpus calls it: "direct" | "indirect" | "mixed".
    kind: str
    content: Spans
    # Who is said to speak, in the text's words; empty: nobody is named.
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedArticle:
    name: str
    title: str
    text: str
    lang: str
    attributions: tuple[MarkedAttribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAttribution:
    """What we found: offsets as in the marked text, and the speaker as written there."""

    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionScore:
    """Counts of one kind."""

    # Marked attributions, and those that something found stands on.
    found: Share = field(default_factory=Share)
    # Of the marked tokens those that were found, and of the found tokens those that are marked.
    recall: Share = field(default_factory=Share)
    precision: Share = field(default_factory=Share)
    # Of what was found and has a source, those with the right speaker.
    speakers: Share = field(default_factory=Share)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of token precision and recall; None: nothing to count."""
        if self.precision.value is None or self.recall.value is None:
            return None
        both = self.precision.value + self.recall.value
        return 2 * self.precision.value * self.recall.value / both if both else 0.0

    def __add__(self, other: AttributionScore) -> AttributionScore:
        return AttributionScore(
            found=self.found + other.found,
            recall=self.recall + other.recall,
            precision=self.precision + other.precision,
            speakers=self.speakers + other.speakers,
        )


def read_marked(row: object, where: str) -> MarkedArticle:
    """One line of the corpus, parsed as JSON. Raises InputError that names the place and what is missing.

    Attributions without a content (an annotator's slip) are left out.
    """
    try:
        if not isinstance(row, Mapping):
            raise TypeError("an object is expected")
        text = str(row["text"])
        marked = tuple(
            MarkedAttribution(
                kind=str(one["quoted"]),
                content=tuple((int(start), int(end)) for start, end, *_ in one["content"]),
                source=" ".join(str(words) for _, _, words in one.get("source") or ()),
            )
            for one in row["attributions"]
            if one.get("content")
        )
        return MarkedArticle(
            name=str(row["doc"]),
            title=str(row.get("title", "")),
            text=text,
            lang=str(row.get("lang", "en")),
            attributions=marked,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{where}: no article with marked attributions ({type(error).__name__}: {error})",
            remedy="each line holds doc, text and attributions with quoted, content and source",
        ) from error


def score_article(article: MarkedArticle, found: Sequence[FoundAttribution]) -> dict[str, AttributionScore]:
    """The counts of one article by kind of attribution, and of all together under ALL.

    What was found belongs to the marked attribution that it shares most tokens with; where it shares none,
    it counts against precision under ALL only, because no kind can be blamed.
    """
    tokens = [match.span() for match in _TOKEN.finditer(article.text)]
    marked = [_within(tokens, one.content) for one in article.attributions]
    owned: dict[int, list[tuple[FoundAttribution, frozenset[int]]]] = {}
    every: set[int] = set()
    for one in found:
        mine = _within(tokens, ((one.start, one.end),))
        every |= mine
        best = max(range(len(marked)), key=lambda n: len(marked[n] & mine), default=None)
        if best is not None and marked[best] & mine:
            owned.setdefault(best, []).append((one, mine))
    scores: dict[str, AttributionScore] = {}
    for n, attribution in enumerate(article.attributions):
        one_score = _score(attribution, marked[n], owned.get(n, []))
        scores[attribution.kind] = scores.get(attribution.kind, AttributionScore()) + one_score
    all_marked = frozenset().union(*marked)
    whole = sum(scores.values(), start=AttributionScore())
    scores[ALL] = AttributionScore(
        found=whole.found,
        recall=Share(hits=len(all_marked & every), of=len(all_marked)),
        precision=Share(hits=len(all_marked & every), of=len(every)),
        speakers=whole.speakers,
    )
    return scores


def _score(
    attribution: MarkedAttribution,
    marked: frozenset[int],
    owned: Sequence[tuple[FoundAttribution, frozenset[int]]],
) -> AttributionScore:
    covered = frozenset().union(*(mine for _, mine in owned))
    standing = [
        one for one, mine in owned if len(marked & mine) >= MIN_SHARED * max(1, min(len(marked), len(mine)))
    ]
    named = bool(attribution.source and standing)
    right = named and any(is_source(one.surface, attribution.source) for one in standing)
    return AttributionScore(
        found=Share(hits=int(bool(standing)), of=1),
        recall=Share(hits=len(marked & covered), of=len(marked)),
        precision=Share(hits=len(marked & covered), of=len(covered)),
        speakers=Share(hits=int(right), of=int(named)),
    )


def is_source(surface: str, source: str) -> bool:
    """Whether two wordings name one speaker: all words of the one stand in the other."""
    mine, theirs = (set(folded_name(name).split()) for name in (surface, source))
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def total_of(scores: Iterable[Mapping[str, AttributionScore]]) -> dict[str, AttributionScore]:
    """Several articles as one, by kind; ALL comes last."""
    whole: dict[str, AttributionScore] = {}
    for one in scores:
        for kind, score in one.items():
            whole[kind] = whole.get(kind, AttributionScore()) + score
    return {kind: whole[kind] for kind in sorted(whole, key=lambda kind: (kind == ALL, kind))}


def _within(tokens: Sequence[tuple[int, int]], spans: Spans) -> frozenset[int]:
    """The places of the tokens that lie inside one of the spans."""
    return frozenset(
        n for n, (start, end) in enumerate(tokens) for low, high in spans if low <= start and end <= high
    )
