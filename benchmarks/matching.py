"""How fast rules are matched, beside engines that others would take: one run, the same rules and articles.

    .venv/bin/python benchmarks/matching.py [--quick] [--json] [--rules 10,100] [--engines claimwatch,yara-x]

Every figure is CPU time of one process. The engines take turns over the same articles, each for as many as
fit its share of a second, and the median of the rounds counts, so that a busy machine slows all alike.
Build time and memory are measured in a fresh process for each engine. Each answer is compared with an exact
reference. The peers are `pip install --group benchmarks`; one that is not there is skipped, and said so.
docs/performance.md has a table and the goals.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from matching_engines import ENGINES, Claimwatch, Engine, Reference, named
from matching_texts import articles, origin, specs

from monitor.core.rules import RuleSet
from monitor.core.text import normalise

RULES = (10, 100, 1_000, 10_000, 100_000)
QUICK_RULES = (10, 100, 1_000, 10_000)
#: Between these the cost of an article should hardly grow.
GROWTH = (100, 100_000)
#: CPU seconds of one engine in one round.
SHARE = 0.5
#: Normalising is quick, so more rounds cost nothing.
NORMALISING_ROUNDS = 25
#: Articles that are handed over together.
BATCH = 50
#: Articles that are compared with the reference.
COMPARED = 20
PACKAGES = ("ahocorasick-rs", "google-re2", "hyperscan", "spacy", "yara-x")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One engine with one number of rules."""

    engine: str
    rules: int
    # Microseconds of CPU time for an article: the median of the rounds.
    article_us: float
    # Over the first articles: rules that match by the reference, and how often the engine says otherwise.
    expected: int
    missing: int
    extra: int
    # CPU seconds and megabytes to build it in a fresh process; None: not measured.
    build_s: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    name: str
    wanted: str
    reached: bool
    measured: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What has no peer."""

    # Microseconds of CPU time for the normal form of an article: the median of the rounds, and the least.
    normal_us: float
    least_normal_us: float
    # None: not both numbers of rules were asked for.
    growth: float | None
    # Number of rules → CPU milliseconds from one changed rule to a compiled set.
    edits: dict[int, float]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


# ---------------------------------------------------------------- measuring


def matching(engine: Engine, texts: Sequence[str]) -> float:
    """CPU seconds for one of the texts."""
    return cpu(lambda: [engine.match(batch) for batch in batches(texts)]) / len(texts)


def batches(texts: Sequence[str]) -> list[Sequence[str]]:
    """As workers get them."""
    return [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]


def compare(chosen: Sequence[type[Engine]], count: int, rounds: int, *, fresh: bool) -> list[Row]:
    """All engines that take this many rules, in turns over the same articles."""
    rules, texts = specs(count), articles()
    built: list[tuple[Engine, list[str]]] = []
    for engine_type in chosen:
        if count > engine_type.limit:
            continue
        say(f"{count:,} rules: building {engine_type.name}")
        engine = engine_type(rules)
        each = matching(engine, texts[:3])
        built.append((engine, texts[: max(3, min(len(texts), int(SHARE / max(each, 1e-6))))]))
    say(f"{count:,} rules: {rounds} rounds")
    times: list[list[float]] = [[] for _ in built]
    for _ in range(rounds):
        for (engine, share), measured in zip(built, times, strict=True):
            measured.append(matching(engine, share))
    reference = Reference(rules)
    expected = reference.match(texts[:COMPARED])
    rows = []
    for (engine, _), measured in zip(built, times, strict=True):
        answers = engine.match(texts[:COMPARED])
        build_s, memory_mb = in_fresh_process(engine.name, count) if fresh else (None, None)
        rows.append(
            Row(
                engine=engine.name,
                rules=count,
                article_us=median(measured) * 1e6,
                expected=sum(map(len, expected)),
                missing=sum(len(right - answer) for right, answer in zip(expected, answers, strict=True)),
                extra=sum(len(answer - right) for right, answer in zip(expected, answers, strict=True)),
                build_s=build_s,
                memory_mb=memory_mb,
            )
        )
    return rows


def in_fresh_process(engine: str, count: int) -> tuple[float, float]:
    """CPU seconds and megabytes that it takes to build an engine."""
    say(f"{count:,} rules: {engine} in a fresh process")
    command = [sys.executable, __file__, "--build", engine, "--rules", str(count)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer["build_s"], answer["memory_mb"]


def build(engine: type[Engine], count: int) -> None:
    """What the fresh process does: prints what building cost."""
    rules = specs(count)
    before = resident_mb()
    built: list[Engine] = []
    seconds = cpu(lambda: built.append(engine(rules)))
    print(json.dumps({"build_s": seconds, "memory_mb": resident_mb() - before}))


def resident_mb() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def normalising(rounds: int) -> tuple[float, float]:
    """Microseconds for an article: the median of the rounds, and the least."""
    texts = articles()
    times = [cpu(lambda: [normalise(text) for text in texts]) / len(texts) * 1e6 for _ in range(rounds)]
    return median(times), min(times)


def growth(rounds: int) -> float:
    """How many times as long an article takes with the most rules as with a hundred.

    Measured in turns of its own: the rows of the table are minutes apart, and a shared machine may have
    become half as fast between them.
    """
    few, many = (Claimwatch(specs(count)) for count in GROWTH)
    texts = articles()
    ratios = []
    for _ in range(rounds):
        before, most, after = matching(few, texts), matching(many, texts), matching(few, texts)
        ratios.append(2 * most / (before + after))
    return median(ratios)


def edit_ms(count: int, rounds: int) -> float:
    """CPU milliseconds from one changed rule to a compiled set, by way of the set that is there."""
    made = specs(count + 1)
    engine = Claimwatch(made[:count])
    changed = replace(made[count], id=made[0].id).rule()
    rules = [changed, *(rule for id, rule in engine.rules.rules.items() if id != changed.id)]
    return median(cpu(lambda: RuleSet.compile(rules, previous=engine.rules)) for _ in range(rounds)) * 1e3


# ---------------------------------------------------------------- goals


def goals(rows: Sequence[Row], own: Own) -> list[Goal]:
    """The goals that this run can speak to."""
    us = {(row.engine, row.rules): row.article_us for row in rows}
    ours = Claimwatch.name
    found = [
        Goal(
            name="normalising an article",
            wanted="≤ 40 µs",
            reached=own.normal_us <= 40,
            measured=f"{own.normal_us:.0f} µs",
        )
    ]
    for peer, count, wanted in (
        ("spaCy PhraseMatcher", 10_000, 20),
        ("yara-x", 10_000, 5),
        ("one re per term", 1_000, 2_000),
        ("yara-x", 100_000, 30),
    ):
        if (peer, count) in us and (ours, count) in us:
            times = us[peer, count] / us[ours, count]
            name = f"{peer} at {count:,} rules"
            found.append(
                Goal(name=name, wanted=f"≥ {wanted:,} ×", reached=times >= wanted, measured=f"{times:,.1f} ×")
            )
    if own.growth is not None:
        found.append(
            Goal(
                name="growth from 100 to 100,000 rules",
                wanted="≤ 6 ×",
                reached=own.growth <= 6,
                measured=f"{own.growth:.1f} ×",
            )
        )
    if 10_000 in own.edits:
        name, edit = "one rule changed of 10,000, compiled", own.edits[10_000]
        found.append(Goal(name=name, wanted="≤ 100 ms", reached=edit <= 100, measured=f"{edit:.0f} ms"))
    wrong = sum(row.missing + row.extra for row in rows if row.engine == ours)
    right = sum(row.expected for row in rows if row.engine == ours)
    found.append(
        Goal(
            name="agreement with the reference",
            wanted="all",
            reached=wrong == 0,
            measured=f"{right - wrong:,} of {right:,}",
        )
    )
    return found


# ---------------------------------------------------------------- showing


def machine() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    versions = ", ".join(f"{name} {installed}" for name in PACKAGES if (installed := _version(name)))
    return (
        f"{model or platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}; load {load}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def available(chosen: Sequence[type[Engine]]) -> list[type[Engine]]:
    """Those whose library is installed; says loudly which are not."""
    there = []
    for engine in chosen:
        try:
            engine(specs(1))
        except ImportError as error:
            say(f"SKIPPED: {engine.name} ({error}); pip install --group benchmarks brings the peers")
        else:
            there.append(engine)
    return there


def table(rows: Sequence[Row]) -> str:
    """Microseconds an article by engine and number of rules, with what is wrong and what building costs."""
    counts = sorted({row.rules for row in rows})
    by_place = {(row.engine, row.rules): row for row in rows}
    head = ["engine", *(f"{count:,}" for count in counts), "missing", "extra", "build", "memory"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "--:|" * (len(head) - 1)]
    for engine in ENGINES:
        own = [by_place[engine.name, count] for count in counts if (engine.name, count) in by_place]
        if not own:
            continue
        cells = [
            f"{by_place[engine.name, count].article_us:,.0f}" if (engine.name, count) in by_place else "–"
            for count in counts
        ]
        expected = sum(row.expected for row in own)
        last = own[-1]
        build_cell = "–" if last.build_s is None else f"{last.build_s:,.2f} s ({last.rules:,})"
        memory = "–" if last.memory_mb is None else f"{last.memory_mb:,.0f} MB"
        wrong = [f"{sum(row.missing for row in own):,} of {expected:,}", f"{sum(row.extra for row in own):,}"]
        lines.append("| " + " | ".join([engine.name, *cells, *wrong, build_cell, memory]) + " |")
    return "\n".join(lines)


def show(rows: Sequence[Row], own: Own) -> None:
    print(f"{machine()}\n{origin()}, {len(articles()[0]):,} characters each\n")
    print(f"Microseconds of CPU time for an article, by number of rules:\n\n{table(rows)}\n")
    print(f"Normalising: {own.normal_us:.0f} µs an article, at the least {own.least_normal_us:.0f}.")
    for count, milliseconds in own.edits.items():
        print(f"One rule changed of {count:,}: {milliseconds:.0f} ms to a compiled set.")
    print()
    for goal in goals(rows, own):
        mark = "reached" if goal.reached else "MISSED "
        print(f"{mark}  {goal.name}: {goal.measured} (goal {goal.wanted})")


def show_json(rows: Sequence[Row], own: Own) -> None:
    print(json.dumps({"machine": machine(), "articles": origin(), **asdict(own)}))
    for row in rows:
        print(json.dumps(asdict(row)))
    for goal in goals(rows, own):
        print(json.dumps(asdict(goal)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rules", help="numbers of rules, with commas")
    parser.add_argument("--engines", default="", help="names of engines, with commas; all where left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="to 10,000 rules, 3 rounds, no fresh processes")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--build", help=argparse.SUPPRESS)
    options = parser.parse_args()
    counts: tuple[int, ...] = QUICK_RULES if options.quick else RULES
    if options.rules:
        try:
            counts = tuple(int(count) for count in options.rules.split(","))
        except ValueError:
            parser.error(f"--rules {options.rules!r}: numbers with commas, such as 100,1000")
    if options.build:
        build(named([options.build])[0], counts[0])
        return
    rounds = min(options.rounds, 3) if options.quick else options.rounds
    chosen = available(named([name.strip() for name in options.engines.split(",") if name.strip()]))
    # First, while nothing large lies in memory.
    normal_us, least_normal_us = normalising(NORMALISING_ROUNDS)
    rows = [row for count in counts for row in compare(chosen, count, rounds, fresh=not options.quick)]
    own = Own(
        normal_us=normal_us,
        least_normal_us=least_normal_us,
        growth=growth(rounds) if set(GROWTH) <= set(counts) else None,
        edits={count: edit_ms(count, rounds) for count in counts if count >= 1_000},
    )
    (show_json if options.json else show)(rows, own)


if __name__ == "__main__":
    main()
