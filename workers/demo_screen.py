"""What the demo shows: progress while it works, and then what was found, in the words of the articles."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from monitor.core.terminal import clean
from monitor.store.queries import ArticleRecord, ClaimRecord, ContradictionRecord, MatchRecord

#: Width where nobody looks at a terminal: two quotes fit next to each other.
PLAIN_WIDTH = 100
CLAIMS_SHOWN = 8
CONFLICTS_SHOWN = 6
ALERTS_SHOWN = 8

_VERBS = {
    "assert": "says",
    "deny": "denies",
    "accuse": "accuses",
    "confirm": "confirms",
    "retract": "takes back",
    "question": "questions",
}
_GRADES = {"strong": 0, "medium": 1, "soft": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything the demo found, as the queries give it; newest first."""

    articles: tuple[ArticleRecord, ...]
    matches: tuple[MatchRecord, ...]
    claims: tuple[ClaimRecord, ...]
    contradictions: tuple[ContradictionRecord, ...]
    updates: tuple[ContradictionRecord, ...]
    # Bodies that the receiver got.
    delivered: tuple[dict[str, Any], ...]
    # HTTP status → answers that the publishers gave.
    answers: Counter[int]
    # The feed formats, in words.
    formats: str
    seconds: float

    def copies(self) -> tuple[tuple[ArticleRecord, ...], ...]:
        """Articles that share an origin, oldest first; only sets of two and more."""
        by_origin: dict[str, list[ArticleRecord]] = {}
        for article in reversed(self.articles):
            if article.origin:
                by_origin.setdefault(article.origin, []).append(article)
        return tuple(tuple(shared) for shared in by_origin.values() if len(shared) > 1)

    def edited(self) -> tuple[ArticleRecord, ...]:
        """Articles that have more than one version."""
        return tuple(article for article in self.articles if article.versions > 1)

    def repeated(self) -> int:
        """How many claims were made before."""
        return len(self.claims) - len({claim.thread for claim in self.claims})

    def conflicts(self) -> tuple[ContradictionRecord, ...]:
        """The clearest pair of every conflict: the clearest conflict of each sort first, then the others."""
        ranked = sorted(
            self.contradictions,
            key=lambda pair: (
                _GRADES.get(pair.grade, 3),
                pair.left.article.publisher == pair.right.article.publisher,
                -pair.score,
                pair.id,
            ),
        )
        first: dict[str, ContradictionRecord] = {}
        for pair in ranked:
            first.setdefault(pair.group, pair)
        sorts = {(pair.kind, pair.scope): pair for pair in reversed(first.values())}
        return tuple(sorted(first.values(), key=lambda pair: sorts[pair.kind, pair.scope] is not pair))


#: The stages of the path, in words.
STAGES = {
    "fetched": "feeds fetched",
    "stored": "articles stored",
    "judged": "matched, claims compared",
    "delivered": "alerts delivered",
}


class ProgressBars:
    """How far the path is: bars on a terminal's standard error, else one plain line a change of stage."""

    def __init__(self, totals: dict[str, int]) -> None:
        self._totals = totals
        self._progress: Progress | None = None
        self._bars: dict[str, TaskID] = {}
        self._said: set[str] = set()
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._progress = Progress(
                TextColumn("{task.description:<26}", markup=False),
                BarColumn(bar_width=32),
                MofNCompleteColumn(),
                console=Console(stderr=True),
                transient=False,
            )
            self._progress.start()
            for stage, words in STAGES.items():
                self._bars[stage] = self._progress.add_task(words, total=self._totals.get(stage))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, counts: dict[str, int], totals: dict[str, int] | None = None) -> None:
        """The counts so far, by stage; `totals` where they are known only now."""
        self._totals |= totals or {}
        for stage, count in counts.items():
            total = self._totals.get(stage)
            if self._progress is not None:
                self._progress.update(self._bars[stage], completed=count, total=total)
            elif total is not None and count >= total and f"{stage}{total}" not in self._said:
                self._said.add(f"{stage}{total}")
                at = time.monotonic() - self._started
                sys.stderr.write(f"{at:5.1f} s  {STAGES[stage]}: {count}\n")
                sys.stderr.flush()


class Screen:
    """Standard output for people."""

    def __init__(self) -> None:
        width = None if sys.stdout.isatty() else PLAIN_WIDTH
        self._console = Console(markup=False, emoji=False, highlight=False, width=width)

    def say(self, text: str, style: str = "") -> None:
        """One paragraph; made safe."""
        self._show(Text(clean(text), style=style))

    def heading(self, text: str) -> None:
        self._show()
        self.say(text, style="bold")

    def results(self, found: Found) -> None:
        """Matches, claims, contradictions, alerts, summary."""
        self._matches(found.matches)
        self._claims(found.claims)
        self._contradictions(found)
        self._alerts(found.delivered)
        self._summary(found)

    def _matches(self, matches: Sequence[MatchRecord]) -> None:
        self.heading(f"Matches: {len(matches)}")
        table = _grid("bold", "")
        for rule, count in Counter(match.rule for match in matches).most_common():
            entities = Counter(
                str(span["entity"])
                for match in matches
                if match.rule == rule
                for span in match.spans
                if span.get("entity")
            )
            named = ", ".join(entity for entity, _ in entities.most_common(4))
            table.add_row(
                _text(rule), _text(_many(count, "article version") + (f": {named}" if named else ""))
            )
        self._print(table)

    def _claims(self, claims: Sequence[ClaimRecord]) -> None:
        speakers = {claim.speaker.name for claim in claims}
        self.heading(f"Claims: {len(claims)} by {_many(len(speakers), 'speaker')}; some of them")
        table = _grid("bold", "", "", "dim")
        for claim in _varied(claims, CLAIMS_SHOWN):
            table.add_row(
                _text(claim.speaker.name),
                _text(_VERBS.get(claim.stance, claim.stance)),
                _text(f"“{claim.quote}”"),
                _text(claim.article.publisher),
            )
        self._print(table)

    def _contradictions(self, found: Found) -> None:
        conflicts = found.conflicts()
        pairs = len(found.contradictions)
        self.heading(f"Contradictions: {_many(pairs, 'pair')} in {_many(len(conflicts), 'conflict')}")
        for pair in conflicts[:CONFLICTS_SHOWN]:
            table = Table.grid(padding=(0, 3, 0, 0), expand=True)
            table.add_column(ratio=1)
            table.add_column(ratio=1)
            table.add_row(_side(pair.left), _side(pair.right))
            self._print(table)
            self._print(Text(f"Why: {clean(pair.reason)} ({pair.kind}, {pair.grade})", style="italic"))
            self._show()
        if found.updates:
            figures = _many(len(found.updates), "later figure")
            self._print(Text(f"Beside them {figures} in place of an earlier one: an update, no conflict"))

    def _alerts(self, delivered: Sequence[dict[str, Any]]) -> None:
        alone = Counter(str(alert.get("kind", "")) for alert in delivered if "count" not in alert)
        listed = [f"{count} {kind.replace('_', ' ')}" for kind, count in alone.most_common()]
        listed += [f"{told['count']} alerts in one" for told in delivered if "count" in told]
        self.heading(
            f"Alerts delivered to the webhook receiver: {_many(len(delivered), 'message')} "
            f"({', '.join(listed) or 'none'})"
        )
        table = _grid("dim", "")
        ordered = sorted(delivered, key=lambda alert: alert.get("kind") != "contradiction")
        for alert in ordered[:ALERTS_SHOWN]:
            kind = str(alert.get("kind", "")).replace("_", " ")
            table.add_row(_text(kind), _text(str(alert.get("headline", ""))))
        self._print(table)

    def _summary(self, found: Found) -> None:
        self.heading("In short")
        publishers = {article.publisher for article in found.articles}
        languages = {article.lang for article in found.articles}
        for line in (
            f"{_many(len(found.articles), 'article')} of {_many(len(publishers), 'publisher')} in "
            f"{_many(len(languages), 'language')}; their feeds were read "
            f"{found.answers[200]} times as {found.formats}",
            *(
                f"syndicated copy counted as one origin: “{shared[-1].title}” "
                f"({' and '.join(article.publisher for article in shared)})"
                for shared in found.copies()
            ),
            *(
                f"edited version stored as version {article.versions}: “{article.title}” "
                f"({article.publisher})"
                for article in found.edited()
            ),
            f"{_many(found.repeated(), 'claim')} only repeated what was known, and told nobody again",
            f"{_many(len(found.claims), 'claim')}, {_many(len(found.contradictions), 'contradiction')}, "
            f"{_many(len(found.updates), 'update')}, {_many(len(found.delivered), 'message')} delivered, "
            f"in {found.seconds:.1f} seconds",
        ):
            self._print(Text(f"- {clean(line)}"))

    def _print(self, shown: Any) -> None:
        self._show(Padding(shown, (0, 0, 0, 2)))

    def _show(self, *shown: Any) -> None:
        if self._console.is_terminal:
            self._console.print(*shown)
            return
        with self._console.capture() as capture:
            self._console.print(*shown)
        # rich fills lines up to the width, which is of no use in a file
        for line in capture.get().splitlines():
            sys.stdout.write(line.rstrip() + "\n")


def _grid(*styles: str) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for style in styles:
        table.add_column(style=style)
    return table


def _text(text: str) -> Text:
    return Text(clean(text))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _side(claim: ClaimRecord) -> Text:
    at = claim.article.published_at or claim.first_seen_at
    return Text.assemble(
        (f"{clean(claim.speaker.name)} {_VERBS.get(claim.stance, claim.stance)}:\n", "bold"),
        f"“{clean(claim.quote)}”\n",
        (f"{clean(claim.article.publisher)}, {at:%d %b %H:%M} UTC\n{clean(claim.article.title)}", "dim"),
    )


def _varied(claims: Iterable[ClaimRecord], count: int) -> list[ClaimRecord]:
    """Claims of as many speakers as possible; those somebody else spoke before the outlets' own."""
    seen: set[str] = set()
    chosen = []
    for claim in sorted(
        claims, key=lambda claim: (claim.kind == "own_voice", claim.stance == "assert", -claim.id)
    ):
        if claim.speaker.name not in seen:
            seen.add(claim.speaker.name)
            chosen.append(claim)
    return chosen[:count]
