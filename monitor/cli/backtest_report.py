"""What a backtest found, for people and for programs: no colour, and no sign beyond ASCII in the bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from monitor.cli.output import when, write

if TYPE_CHECKING:
    from monitor.cli.backtest_run import Progress
    from monitor.core.backtesting import RuleChange, RuleTally, Sample, Tally
    from monitor.core.rules.ruleset import RuleSet
    from monitor.store.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two rule sets, and what is between them."""

    new_name: str
    old_name: str
    new: RuleSet
    # None: the matches in the ledger.
    old: RuleSet | None
    changes: tuple[RuleChange, ...]


# ---------------------------------------------------------------- for people


def write_report(comparison: Comparison, window: Window, progress: Progress) -> None:
    """The whole report on standard output."""
    from monitor.core.backtesting import EVALUATED

    write(f"new: {comparison.new_name}")
    write(f"old: {comparison.old_name}")
    until = f"until {when(window.until)} UTC" if window.until else "until now"
    which = "every version" if window.all_versions else "the newest version of each"
    write(f"articles: from {when(window.since)} UTC {until}, {which}")
    write("")
    judged = [one for one in comparison.changes if one.change in EVALUATED]
    _write_unjudged(comparison)
    if not judged:
        write("No rule differs in what it matches: nothing was judged.")
        if comparison.new is comparison.old:
            write("Both are the same folder: name an edited copy of it, or another one with --against.")
        return
    _write_speed(len(judged), progress)
    tally = progress.tally
    different = [one for one in judged if _differs(tally.of(one.rule_id))]
    different.sort(key=lambda one: (-_difference(tally.of(one.rule_id)), one.rule_id))
    for one in different:
        _write_rule(one, tally.of(one.rule_id), old=comparison.old)
        if len(different) > 1:
            _write_strips(tally.of(one.rule_id), tally)
    if len(different) > 1:
        write("\nall together (--rule ID shows the days of one rule like this)")
    _write_days(_summed(tally, "added"), _summed(tally, "removed"))
    alike = [f"{one.rule_id} ={tally.of(one.rule_id).kept:,}" for one in judged if one not in different]
    if alike:
        write(f"\nno difference: {', '.join(alike)}")
    if tally.timed_out:
        write(f"a pattern ran out of time {tally.timed_out:,} times: there it counts as not found")
    write(f"\nin all: +{tally.added:,} added, -{tally.removed:,} removed, ={tally.kept:,} kept")


def _write_unjudged(comparison: Comparison) -> None:
    from monitor.core.backtesting import Change

    same = sum(one.change is Change.SAME for one in comparison.changes)
    settings = [one.rule_id for one in comparison.changes if one.change is Change.SETTINGS]
    if same:
        write(f"{_rules(same)} the same in both, and not judged again")
    if settings:
        write(
            f"{_rules(len(settings))} different in settings alone, and not judged again: "
            f"{', '.join(settings)}"
        )


def _rules(count: int) -> str:
    return "1 rule is" if count == 1 else f"{count:,} rules are"


def _write_speed(rules: int, progress: Progress) -> None:
    articles = progress.tally.articles
    processes = "1 process" if progress.processes == 1 else f"{progress.processes} processes"
    judged = f"{rules} rule{'s' * (rules != 1)} judged on {articles:,} articles"
    if not articles:
        write(f"{judged}: there are none in this time")
        return
    write(
        f"{judged} in {progress.seconds:.1f} s by {processes}: {articles / max(progress.seconds, 1e-9):,.0f} "
        f"a second, {articles / max(progress.cpu_seconds, 1e-9):,.0f} a second of processor"
    )


def _differs(one: RuleTally) -> bool:
    return bool(one.added.count or one.removed.count or one.timed_out)


def _difference(one: RuleTally) -> int:
    return one.added.count + one.removed.count


def _write_rule(change: RuleChange, tally: RuleTally, *, old: RuleSet | None) -> None:
    from monitor.core.backtesting import Change

    # Against the ledger, whether a rule changed is not known.
    said = "" if old is None and change.change is Change.CHANGED else f" ({change.change})"
    write(
        f"\n{change.rule_id}{said}: +{tally.added.count:,} added, -{tally.removed.count:,} removed, "
        f"={tally.kept:,} kept"
    )
    for sign, side in (("+", tally.added), ("-", tally.removed)):
        for sample in side.samples:
            write(f"  {sign} {_line(sample)}")
        if 0 < len(side.samples) < side.count:
            write(f"  {sign} … {side.count - len(side.samples):,} more")


def _write_strips(one: RuleTally, tally: Tally) -> None:
    """The days of one rule among others: a sign a day, over the days of all of them."""
    from monitor.core.histogram import buckets, strip

    days = {*_summed(tally, "added"), *_summed(tally, "removed")}
    ends = dict.fromkeys((min(days), max(days)), 0) if days else {}
    rows = buckets(ends | one.added.days, ends | one.removed.days, most=80)
    if len(rows) < 2:
        return
    unit = "day" if rows[0].days == 1 else f"{rows[0].days} days"
    for sign, counts in (("+", [row.added for row in rows]), ("-", [row.removed for row in rows])):
        if any(counts):
            write(
                f"  {sign} from {min(days)} to {max(days)}, @ is {max(counts):,} a {unit}: [{strip(counts)}]"
            )


def _line(sample: Sample) -> str:
    from monitor.core.lines import shorten
    from monitor.core.terminal import clean

    terms = f"  [{shorten(clean(', '.join(sample.terms)), 60)}]" if sample.terms else ""
    title = shorten(clean(sample.title) or "untitled", 72)
    return (
        f"{sample.article_id:>7}  {when(sample.at)}  {shorten(clean(sample.publisher), 24)}: {title}{terms}"
    )


def _write_days(added: Mapping[date, int], removed: Mapping[date, int]) -> None:
    from monitor.core.histogram import bars, buckets

    rows = buckets(added, removed)
    if len(rows) < 2:
        return
    write(f"  {'a day' if rows[0].days == 1 else f'{rows[0].days} days'} a line, UTC:")
    for line in bars(rows):
        write(f"  {line}")


def _summed(tally: Tally, name: str) -> dict[date, int]:
    summed: dict[date, int] = {}
    for one in tally.rules.values():
        for day, count in getattr(one, name).days.items():
            summed[day] = summed.get(day, 0) + count
    return summed


# ---------------------------------------------------------------- for programs


def report_objects(comparison: Comparison, window: Window, progress: Progress) -> Iterator[Mapping[str, Any]]:
    """The same for programs: an object for each rule, and one for all (docs/json.md)."""
    from monitor.core.backtesting import EVALUATED

    tally = progress.tally
    for change in comparison.changes:
        one = tally.of(change.rule_id)
        counts: dict[str, int | None] = {
            **_counts(one.added.count, one.removed.count, one.kept, one.timed_out)
        }
        if change.change not in EVALUATED:
            counts = dict.fromkeys(counts)
        days = sorted({*one.added.days, *one.removed.days})
        yield {
            "kind": "rule",
            "rule": change.rule_id,
            "change": change.change.value if comparison.old is not None else None,
            **counts,
            "days": [
                {
                    "day": day.isoformat(),
                    "added": one.added.days.get(day, 0),
                    "removed": one.removed.days.get(day, 0),
                }
                for day in days
            ],
            "samples": {
                "added": [_sample(sample) for sample in one.added.samples],
                "removed": [_sample(sample) for sample in one.removed.samples],
            },
        }
    yield {
        "kind": "total",
        "new": comparison.new_name,
        "old": comparison.old_name,
        "since": _instant(window.since),
        "until": _instant(window.until),
        "articles": tally.articles,
        **_counts(tally.added, tally.removed, tally.kept, tally.timed_out),
        "seconds": round(progress.seconds, 3),
        "cpu_seconds": round(progress.cpu_seconds, 3),
        "processes": progress.processes,
    }


def _counts(added: int, removed: int, kept: int, timed_out: int) -> dict[str, int]:
    return {"added": added, "removed": removed, "kept": kept, "timed_out": timed_out}


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "article": sample.article_id,
        "version": sample.version,
        "at": _instant(sample.at),
        "publisher": sample.publisher,
        "title": sample.title,
        "terms": list(sample.terms),
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
