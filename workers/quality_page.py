"""docs/quality.md: the figures of one run beside the goals, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.core.evaluation.baselines import Comparison
from monitor.core.evaluation.mistakes import KINDS, Mistake, mistakes
from monitor.core.evaluation.scoring import SHARES, StoryScore
from monitor.core.lines import shorten
from workers import baseline_report, evaluation_report
from workers.evaluation_report import Scored
from workers.marked_news import MarkedNews, percent

#: How the page is made.
COMMAND = "python scripts/write_quality.py"
_EXAMPLES_EACH = 2
_LONGEST_QUOTE = 180
_ESCAPES = {ord(sign): f"\\{sign}" for sign in "*_`<>[]|"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One figure that was promised."""

    words: str
    # A name of SHARES, or "threads_f1".
    figure: str
    # 0 to 1.
    bound: float
    # The figure is to stay under the bound; else at it or over.
    is_most: bool = False

    def line(self, whole: StoryScore) -> str:
        """A row of the table."""
        value = whole.threads_f1 if self.figure == "threads_f1" else whole.shares[self.figure].value
        reached = value is not None and (value <= self.bound if self.is_most else value >= self.bound)
        sign = "at most" if self.is_most else "at least"
        verdict = "nothing to count" if value is None else "reached" if reached else "not reached"
        return f"| {self.words} | {sign} {self.bound:.0%} | {percent(value)} | {verdict} |"


#: What the design asks of unread stories, end to end.
GOALS = (
    Goal(words="core claims found, with the right speaker", figure="core_recall", bound=0.85),
    Goal(words="strong contradictions found", figure="strong_recall", bound=0.85),
    Goal(words="reported contradictions that are right", figure="precision", bound=0.85),
    Goal(words="look-alikes reported", figure="look_alikes_fired", bound=0.02, is_most=True),
    Goal(words="threads, B-cubed F1", figure="threads_f1", bound=0.85),
)


def page(
    scored: Sequence[Scored],
    whole: StoryScore,
    compared: Comparison | None,
    news: MarkedNews | None,
    examples: Sequence[Scored],
    *,
    versions: Mapping[str, str],
) -> str:
    """The whole page; parts that were not measured say so."""
    lines = [
        *_head(scored, whole, versions),
        *_goals(whole),
        *_beside(compared),
        *_by_story(scored, whole),
        *_corpus(news),
        *_mistakes(examples),
    ]
    return "\n".join(lines)


def _head(scored: Sequence[Scored], whole: StoryScore, versions: Mapping[str, str]) -> Iterator[str]:
    yield "# Quality"
    yield ""
    yield f"Written by `{COMMAND}`, which runs `claimwatch eval`: do not edit it by hand."
    named = ", ".join(f"{name} `{version}`" for name, version in versions.items())
    yield f"Measured with: {named}."
    yield ""
    yield (
        f"All figures but the last section's are of our own stories that nobody who mends the program reads, "
        f"the *check* half and the *fresh* ones: {len(scored)} stories, {whole.articles} articles, "
        f"{whole.words:,} words, from the raw article to the alert group."
    )
    yield (
        "The figures of the check half were looked at some thirty times while changes were chosen, those of "
        "the fresh ones a dozen times: stories that nobody has measured come out worse.\n"
        "Of the last twenty-six, in which most sides contradict each other in words of their own, each "
        "measured before anybody read it, 74 % of the core claims were found, and 48 % of the reported "
        "contradictions were right; of fourteen written as plainly as everyday agency copy 82 % and 72 %; of "
        "nine days of wire, each of 24 short dispatches on as many events, 72 % and 69 % "
        "(docs/design-notes.md says what was mended since)."
    )
    yield "[Labelled stories](stories.md) says what is counted, and how."
    yield ""


def _goals(whole: StoryScore) -> Iterator[str]:
    yield "## Goals"
    yield ""
    yield "| figure | goal | now | |"
    yield "|---|--:|--:|---|"
    yield from (goal.line(whole) for goal in GOALS)
    yield ""


def _beside(compared: Comparison | None) -> Iterator[str]:
    yield "## Beside other ways"
    yield ""
    if compared is None:
        yield "Not measured in this run (`--baselines`)."
        yield ""
        return
    yield "The same stories, the same arithmetic, in the same run."
    yield ""
    yield from _row("claims found by", *baseline_report.CLAIM_COLUMNS)
    yield "|---|" + "--:|" * len(baseline_report.CLAIM_COLUMNS)
    for claims in compared.claims:
        yield from _row(claims.method, *baseline_report.claim_cells(claims))
    yield ""
    yield "Pairs: ours are those that we report; every other way ranks all pairs of claims of a story."
    yield "Over *our claims* it starts from what our own extraction gave."
    yield "Over *labelled propositions* it starts from claims without a fault, which no program has."
    yield ""
    yield from _row("pairs ranked by", "over", *baseline_report.PAIR_COLUMNS)
    yield "|---|---|" + "--:|" * len(baseline_report.PAIR_COLUMNS)
    for pairs in compared.pairs:
        yield from _row(pairs.method, pairs.over, *baseline_report.pair_cells(pairs))
    yield ""


def _by_story(scored: Sequence[Scored], whole: StoryScore) -> Iterator[str]:
    yield "## Story by story"
    yield ""
    yield from _row("story", *evaluation_report.COLUMNS, "threads")
    yield "|---|" + "--:|" * (len(evaluation_report.COLUMNS) + 1)
    for name, score in [*((_last(story.name), score) for story, _, score in scored), ("all", whole)]:
        cells = [percent(score.shares[share].value) for share in evaluation_report.COLUMNS.values()]
        yield from _row(name, *cells, percent(score.threads_f1))
    yield ""
    yield from _row("figure", "share", "of")
    yield "|---|--:|--:|"
    for name, share in whole.shares.items():
        yield from _row(SHARES[name], percent(share.value), f"{share.of:g}")
    yield from _row("threads, B-cubed F1", percent(whole.threads_f1), "")
    yield ""


def _corpus(news: MarkedNews | None) -> Iterator[str]:
    yield "## Attribution in PolNeAR"
    yield ""
    if news is None:
        yield "Not measured in this run: the corpus was not there."
        yield ""
        return
    yield (
        f"The dev half of PolNeAR, political news with attributions marked by people: {news.articles} "
        f"articles, {news.words:,} words."
    )
    yield (
        "It marks far more than claims (beliefs, plans, questions, whatever is ascribed to anybody), so "
        "recall is of all of that."
    )
    yield "Found: attributions on whose words something of ours stands."
    yield "Precision, recall and F1 count word tokens of the content."
    yield "What stands where the corpus marks nothing counts against the precision of all, not of a kind."
    yield "Speaker: of those found that name a source, the ones where ours is the same."
    yield ""
    yield from _row("kind", "marked", "found", "precision", "recall", "F1", "speaker")
    yield "|---|" + "--:|" * 6
    for kind, score in news.scores.items():
        tokens = (score.precision.value, score.recall.value, score.f1)
        shares = map(percent, (score.found.value, *tokens, score.speakers.value))
        yield from _row(kind, f"{score.found.of:g}", *shares)
    yield ""
    yield from _ordinary(news)


def _ordinary(news: MarkedNews) -> Iterator[str]:
    yield "## Alerts on ordinary news"
    yield ""
    yield (
        f"The same {news.articles} articles, read as one day's stream in which a rule matches every one of "
        f"them: {news.told} contradictions would be told, with a side in {news.told_in} articles."
    )
    yield (
        "Nobody has labelled them: some are rivals of a campaign who do contradict each other, so this is "
        "what noise there is at the most."
    )
    yield ""


def _mistakes(examples: Sequence[Scored]) -> Iterator[str]:
    yield "## The mistakes that are left"
    yield ""
    if not examples:
        yield "No stories were given to take examples from (`--examples`)."
        return
    found = [one for scored in examples for one in mistakes(*scored)]
    counts = Counter(one.kind for one in found)
    yield (
        f"Counted and shown on the *tune* half, {len(examples)} other stories of ours, because the check "
        "half stays unread."
    )
    yield ""
    yield from _row("kind", "times", "what it is")
    yield "|---|--:|---|"
    ordered = sorted(counts, key=lambda kind: -counts[kind])
    for kind in ordered:
        yield from _row(kind, f"{counts[kind]}", KINDS[kind])
    for kind in ordered:
        yield ""
        yield f"### {kind}"
        yield ""
        yield from _row("story", "whose words", "detail")
        yield "|---|---|---|"
        for one in islice(_spread(one for one in found if one.kind == kind), _EXAMPLES_EACH):
            sides = " — ".join(f"{_plain(side.speaker)}: “{_plain(side.quote)}”" for side in one.sides)
            yield from _row(_last(one.story), sides, _plain(one.detail))


def _spread(found: Iterator[Mistake]) -> Iterator[Mistake]:
    """Those of different stories first."""
    rest, seen = [], set()
    for one in found:
        if one.story in seen:
            rest.append(one)
        else:
            seen.add(one.story)
            yield one
    yield from rest


def _last(name: str) -> str:
    """The story's own folder."""
    return name.rstrip("/").rpartition("/")[2]


def _plain(text: str) -> str:
    """One line that Markdown takes for words; sentence ends inside are kept."""
    return shorten(text, _LONGEST_QUOTE).translate(_ESCAPES)


def _row(*cells: str) -> Iterator[str]:
    yield "| " + " | ".join(cells) + " |"
