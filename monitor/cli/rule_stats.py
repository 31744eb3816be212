"""`claimwatch rules stats`: how each rule does: what it finds, what people say of it, what it costs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.filters import moment
from monitor.cli.ledger import open_ledger, read_settings
from monitor.cli.output import (
    Column,
    console,
    is_terminal,
    note,
    span,
    write_facts,
    write_heading,
    write_json,
    write_rows,
)
from monitor.cli.reading import JsonOption
from monitor.errors import ClaimwatchError, UsageError

if TYPE_CHECKING:
    from monitor.cli.rule_cost import Cost
    from monitor.core.rules.ruleset import RuleSet
    from monitor.core.rules.stats import Asked, Overlap, Share
    from monitor.store.database import Database
    from monitor.store.rule_stats import AlertCounts, Words

_TOP = 8
_WIDE = 130
_FEW_BARS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    since: datetime
    now: datetime

    @property
    def days(self) -> float:
        return max((self.now - self.since) / timedelta(days=1), 1 / 24)

    def names(self) -> tuple[str, ...]:
        """Each day of it, as YYYY-MM-DD."""
        first, last = self.since.astimezone(UTC).date(), self.now.astimezone(UTC).date()
        return tuple((first + timedelta(days=day)).isoformat() for day in range((last - first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule, as the list shows it and as `--json` gives it."""

    rule: str
    # Empty where no file has the rule any more.
    title: str
    matches: int
    matches_a_day: float
    # One count for each day of the window.
    days: tuple[int, ...]
    last_match_at: datetime | None
    days_silent: float | None
    alerts: AlertCounts
    alerts_a_day: float
    # What was said of its matches, and of contradictions between claims that it led to.
    said: Words
    said_of_contradictions: Words
    noise: Share | None
    cost: Cost | None


def stats(
    rule: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="Id of one rule, for all there is to know of it.")
    ] = None,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="Count from then: 30d, 24h, 2024-03-26.")
    ] = "30d",
    cost: Annotated[
        bool, typer.Option("--cost", help="Also measure, now, what the rules cost on stored articles.")
    ] = False,
    sample: Annotated[
        int, typer.Option(min=1, max=10_000, help="Newest articles that --cost measures on.")
    ] = 200,
    path: Annotated[Path | None, typer.Option("--rules", metavar="PATH", help="Rules folder.")] = None,
    json: JsonOption = False,
) -> None:
    """Show what rules find and what people said of it: a line for each rule, or one rule in full.

    The share of noise stands with its 95 % interval (Wilson's) and the number of matches that were marked.
    """
    start = moment("--since", since)
    if start is None:
        raise typer.BadParameter("say since when, for example 30d", param_hint="--since")
    window = Window(since=start, now=datetime.now(UTC))
    rules = _rules(path)
    with open_ledger() as db:
        lines = _lines(db, rules, window, rule)
        if cost and rules is not None:
            lines = _with_costs(db, rules, lines, sample)
        if rule is not None:
            _one(db, rules, window, lines[0], json=json)
        elif json:
            from monitor.store.records import ready

            write_json(ready(line) for line in lines)
        else:
            _list(lines, window)


def _rules(path: Path | None) -> RuleSet | None:
    """The rules of the folder; None, and a word about it, where they cannot be read: counts are counts."""
    from monitor.rulefiles import load_folder

    try:
        return load_folder(path or read_settings().rules).rules
    except ClaimwatchError as error:
        note(f"warning: counting without the rule files: {error}\n  help: {error.remedy}")
        return None


# ---------------------------------------------------------------- lines


def _lines(db: Database, rules: RuleSet | None, window: Window, only: str | None) -> list[Line]:
    from monitor.core.rules.problems import did_you_mean
    from monitor.core.rules.stats import wilson
    from monitor.store import rule_stats

    rule = only or ""
    days = rule_stats.matches_by_day(db, since=window.since, rule=rule)
    alerts = rule_stats.alerts_by_rule(db, since=window.since, rule=rule)
    words = rule_stats.words_by_rule(db, since=window.since, rule=rule)
    in_files = dict(rules.rules) if rules is not None else {}
    known = {*in_files, *alerts, *(name for name, _ in days), *(name for name, _ in words)}
    wanted = [only] if only is not None else sorted(known)
    last = rule_stats.last_matches(db, wanted)
    if only is not None and only not in known and only not in last:
        raise UsageError(
            f"there is no rule {only!r}", remedy=did_you_mean(only, known) or "see `rules stats`"
        )
    nothing, silent = (
        rule_stats.Words(real=0, noise=0, outdated=0),
        rule_stats.AlertCounts(raised=0, suppressed=0),
    )
    lines = []
    for name in wanted:
        counts = tuple(days.get((name, day), 0) for day in window.names())
        said, told = words.get((name, "match"), nothing), alerts.get(name, silent)
        lines.append(
            Line(
                rule=name,
                title=in_files[name].title if name in in_files else "",
                matches=sum(counts),
                matches_a_day=round(sum(counts) / window.days, 2),
                days=counts,
                last_match_at=last.get(name),
                days_silent=_days_silent(last.get(name), window.now),
                alerts=told,
                alerts_a_day=round(told.raised / window.days, 2),
                said=said,
                said_of_contradictions=words.get((name, "contradiction"), nothing),
                noise=wilson(said.noise, said.all),
                cost=None,
            )
        )
    return sorted(lines, key=lambda line: (-line.matches, line.rule))


def _days_silent(last: datetime | None, now: datetime) -> float | None:
    return None if last is None else round(max((now - last) / timedelta(days=1), 0.0), 2)


def _with_costs(db: Database, rules: RuleSet, lines: list[Line], sample: int) -> list[Line]:
    from monitor.cli.progress import progress
    from monitor.cli.rule_cost import measure
    from monitor.store.rule_articles import newest_articles

    articles = newest_articles(db, sample)
    wanted = [line.rule for line in lines if line.rule in rules.rules]
    with progress("measuring") as told:
        costs = measure(articles, rules, wanted, told)
    return [dataclasses.replace(line, cost=costs.get(line.rule)) for line in lines]


# ---------------------------------------------------------------- the list


def _list(lines: list[Line], window: Window) -> None:
    if not lines:
        note("there are no rules, and nothing was matched")
        return
    write_rows(_columns(lines), lines)
    length = span(window.now - window.since)
    if not any(line.matches for line in lines):
        if any(line.last_match_at for line in lines):
            note(f"no rule matched anything in the last {length}; a longer time: --since 365d")
        else:
            note("no rule matched anything yet; `claimwatch rules apply` has stored articles judged")
    if not any(line.said.all for line in lines):
        note("nothing is marked yet, so nobody knows what is noise: `claimwatch feedback ID real|noise`")


def _narrow() -> bool:
    return is_terminal() and console().width < _WIDE


def _columns(lines: list[Line]) -> tuple[Column[Line], ...]:
    """Those there is something to show of, and room for; pipes get them all."""
    left_out = set() if any(line.cost for line in lines) else {"CPU a candidate"}
    if _narrow():
        left_out |= {"a day", "alerts", "held back"}
    return tuple(column for column in _COLUMNS if column.title not in left_out)


def _bars(line: Line) -> str:
    from monitor.core.rules.stats import binned, sparkline

    return sparkline(binned(line.days, _FEW_BARS) if _narrow() else binned(line.days))


def _noise(noise: Share | None) -> str:
    if noise is None:
        return "not marked"
    return f"{noise.share * 100:.0f} % ({noise.low * 100:.0f}–{noise.high * 100:.0f} %, n {noise.whole})"


def _silent(line: Line) -> str:
    if line.days_silent is None:
        return "never matched"
    return span(timedelta(days=line.days_silent))


def _cost(line: Line) -> str:
    if line.cost is None:
        return "no rule file"
    return f"{line.cost.mean_us:.0f} µs × {line.cost.candidates}/{line.cost.sample}"


_COLUMNS: tuple[Column[Line], ...] = (
    Column(title="rule", cell=lambda line: line.rule, style="bold"),
    Column(title="matches", cell=lambda line: str(line.matches), right=True),
    Column(title="a day", cell=lambda line: f"{line.matches_a_day:.1f}", right=True),
    Column(title="by day", cell=_bars),
    Column(title="alerts", cell=lambda line: str(line.alerts.raised), right=True),
    Column(title="held back", cell=lambda line: str(line.alerts.suppressed), right=True),
    Column(title="noise (95 %)", cell=lambda line: _noise(line.noise)),
    Column(title="silent for", cell=_silent),
    Column(title="CPU a candidate", cell=_cost),
)


# ---------------------------------------------------------------- one rule


def _one(db: Database, rules: RuleSet | None, window: Window, line: Line, *, json: bool) -> None:
    from monitor.core.rules.stats import asked_terms, dead_terms, overlaps
    from monitor.store import rule_stats

    since, rule = window.since, line.rule
    found = rule_stats.terms(db, rule=rule, since=since)
    dead: tuple[Asked, ...] = ()
    if rules is not None and rule in rules.rules:
        asked = asked_terms(rules.rules[rule].condition, rules.entities)
        dead = dead_terms(asked, found, rules.entities)
    shared = rule_stats.shared_versions(db, rule=rule, since=since)
    sizes: dict[str, int] = {}
    for name in shared:
        sizes[name] = 0
    for (name, _), count in (rule_stats.matches_by_day(db, since=since) if shared else {}).items():
        if name in sizes:
            sizes[name] += count
    more: dict[str, Any] = {
        "publishers": rule_stats.publishers(db, rule=rule, since=since, top=_TOP),
        "terms": sorted(found.items(), key=lambda pair: (-pair[1], pair[0])),
        "dead": dead,
        "overlap": overlaps(line.matches, shared, sizes),
        "suppressions": rule_stats.suppressions(db, since=since, rule=rule),
    }
    if json:
        write_json([_as_object(line, more)])
    else:
        _sheet(line, window, more, in_files=rules is not None and rule in rules.rules)


def _as_object(line: Line, more: dict[str, Any]) -> dict[str, Any]:
    from monitor.store.records import ready

    made: dict[str, Any] = ready(line)
    return made | {
        "suppressions": more["suppressions"],
        "publishers": [{"publisher": name, "matches": count} for name, count in more["publishers"]],
        "terms": [
            {"term": term, "entity": entity or None, "matches": count}
            for (term, entity), count in more["terms"]
        ],
        "dead_terms": [{"term": one.term or None, "entity": one.entity or None} for one in more["dead"]],
        "overlap": [dataclasses.asdict(one) for one in more["overlap"]],
    }


def _sheet(line: Line, window: Window, more: dict[str, Any], *, in_files: bool) -> None:
    gone = "" if in_files else " (no rule file has it)"
    write_heading(f"{line.rule}{gone}{': ' + line.title if line.title else ''}")
    length = span(window.now - window.since)
    last = f"last {_silent(line)} ago" if line.last_match_at else "never matched"
    said = line.said
    write_facts(
        [
            ("matches", f"{line.matches} in {length}, {line.matches_a_day:.1f} a day; {last}"),
            ("by day", _bars(line) if line.matches else ""),
            ("alerts", _alerts(line, more["suppressions"])),
            ("noise", _said(line) if said.all else "nothing is marked: `claimwatch feedback ID real|noise`"),
            ("contradictions", _said_of_pairs(line.said_of_contradictions)),
            ("publishers", _counted(more["publishers"])),
            ("top terms", _counted([(_term(key), count) for key, count in more["terms"][:_TOP]])),
            ("dead terms", _dead(more["dead"], line) if in_files else ""),
            ("overlap", "\n".join(map(_overlap, more["overlap"])) if line.matches else ""),
            ("cost", _cost_in_words(line.cost)),
        ]
    )


def _alerts(line: Line, reasons: dict[str, int]) -> str:
    if not line.alerts.raised:
        return "none"
    why = ", ".join(f"{reason.replace('_', ' ')} {count}" for reason, count in reasons.items())
    held = f"; {line.alerts.suppressed} reached nobody" if line.alerts.suppressed else ""
    return f"{line.alerts.raised}, {line.alerts_a_day:.1f} a day{held}{f' ({why})' if why and held else ''}"


def _said(line: Line) -> str:
    said = line.said
    return f"{_noise(line.noise)}: {said.noise} noise, {said.real} real, {said.outdated} outdated"


def _said_of_pairs(said: Words) -> str:
    return f"{said.noise} noise, {said.real} real, {said.outdated} outdated" if said.all else ""


def _counted(pairs: list[tuple[str, int]] | tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{name} {count}" for name, count in pairs)


def _term(key: tuple[str, str]) -> str:
    term, entity = key
    return f"{term} ({entity})" if entity else term


def _dead(dead: tuple[Asked, ...], line: Line) -> str:
    if not line.matches:
        return ""
    if not dead:
        return "none: every term made a match"
    names = [_term((one.term, one.entity)) if one.term else f"{one.entity} (no name of it)" for one in dead]
    more = f" and {len(names) - _TOP} more (--json has all)" if len(names) > _TOP else ""
    return ", ".join(names[:_TOP]) + more


def _overlap(one: Overlap) -> str:
    covered = f"{one.covered * 100:.0f} % of its articles"
    return f"{covered} are also matched by {one.rule} (Jaccard {one.jaccard:.2f})"


def _cost_in_words(cost: Cost | None) -> str:
    if cost is None:
        return ""
    if not cost.candidates:
        return f"none: in {cost.sample} articles the words that it needs did not occur"
    return (
        f"{cost.mean_us:.0f} µs of CPU for a candidate (at worst {cost.worst_us:.0f}); "
        f"{cost.candidates} of {cost.sample} articles are one, so {cost.per_article_us:.1f} µs an article"
    )
