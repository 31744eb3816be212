"""Articles a second and core of `claimwatch rules backtest`, reading from the ledger included.

    .venv/bin/python benchmarks/backtest.py [ARTICLES] [--no-postgres]        (default 20,000)

The same stored articles (benchmarks/stored_articles.py, 4 kB each) are judged from SQLite and from
PostgreSQL with 2, 100 and 1,000 changed rules, old and new forms of each. The first two are an edited and a
new rule of the shipped library; the others are made up, of words that few articles have.
The peer, in the same run: one compiled regular expression for each word, tried one by one on every article
until a rule is decided, which reads its articles with the same statement; on a share of them, as it is slow.
Processor seconds of one process, medians of rounds that take turns. Most memory is that of the whole run.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from stored_articles import fill, planned_articles

from monitor.cli.backtest_run import Assignment, begin, run
from monitor.core.backtesting import Change, RuleChange, compare_rules, paired
from monitor.core.operators import needs
from monitor.core.rules.building import build_texts
from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Condition
from monitor.rulefiles import load_folder
from monitor.store.database import Database, open_database
from monitor.store.windows import Window, pages, read_page

ROOT = Path(__file__).parent.parent
COUNTS = (2, 100, 1000)
ROUNDS = 3
#: Articles that the peer judges, by number of rules.
PEER_ARTICLES = {2: 1000, 100: 100, 1000: 15}
FOUND = ("captain", "quay", "dyke")
FERRY = """version: 1
rules:
  - id: ferry-sinking
    title: Ferry
    match:
      all:
        - keyword: [ferry, ferries, паром*, пором*]
        - keyword: [sank, sinks, sinking, capsize*, затону*, перевернул*, перекинув*]
"""
SYLLABLES = ("ba", "do", "ki", "lu", "mer", "nok", "pra", "rin", "sto", "tal", "vek", "zun")


def sets(count: int) -> tuple[RuleSet, RuleSet, tuple[RuleChange, ...]]:
    """The old and the new rules, so many of them changed or new."""
    if count == 2:
        old = load_folder(ROOT / "rules").rules
        toll = old.rules["disaster-toll"]
        added = built(FERRY).rules.values()
        changed = RuleSet.compile([*old.rules.values(), *added], old.entities.values())
        # The toll rule is evaluated in both forms, as one with a changed word would be.
        assert toll.id in changed.rules
        changes = (
            RuleChange(rule_id="disaster-toll", change=Change.CHANGED),
            RuleChange(rule_id="ferry-sinking", change=Change.NEW),
        )
        return old, changed, changes
    old, new = built(made_up(count, "")), built(made_up(count, "s"))
    return old, new, compare_rules(old, new)


def built(text: str) -> RuleSet:
    made = build_texts({"a.yml": text}, {})
    assert not [problem for problem in made.problems if problem.level == "error"], made.problems
    return made.rules


def made_up(count: int, ending: str) -> str:
    chance = random.Random(count)

    def word() -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(3))

    def first(number: int) -> str:
        # Every tenth finds something.
        return FOUND[number // 10 % len(FOUND)] if number % 10 == 0 else word()

    rules = [
        f"  - {{id: r{number}, title: R, match: {{all: [{{keyword: [{first(number)}, {word()}{ending}]}}, "
        f"{{keyword: [ferry, flood, strike, {word()}]}}]}}}}"
        for number in range(count)
    ]
    return "version: 1\nrules:\n" + "\n".join(rules) + "\n"


# ---------------------------------------------------------------- the peer


Decide = Callable[[str], bool]


def regex_rules(rules: RuleSet) -> list[Decide]:
    """Each rule as a function over bare text, with a regular expression for each of its words."""
    return [decider(rule.condition, rules) for rule in rules.rules.values()]


def decider(condition: Condition, rules: RuleSet) -> Decide:
    if condition.operator in ("all", "any", "none"):
        parts = [decider(child, rules) for child in condition.children]
        if condition.operator == "all":
            return lambda text: all(part(text) for part in parts)
        if condition.operator == "any":
            return lambda text: any(part(text) for part in parts)
        return lambda text: not any(part(text) for part in parts)
    words: list[re.Pattern[str]] = []
    for need in needs(condition):
        forms = [need.form]
        if need.entity:
            forms = [form for alias in rules.entities[need.entity].aliases for form in alias.forms]
        words += [pattern(form) for form in forms if form]
    return lambda text: any(word.search(text) for word in words)


def pattern(form: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b{re.escape(form.rstrip('*'))}" + ("" if form.endswith("*") else r"\b"), re.IGNORECASE
    )


def peer_seconds(db: Database, rules: RuleSet, articles: int) -> float:
    """Processor seconds an article."""
    decide = regex_rules(rules)
    begun = time.process_time()
    judged = 0
    for version in islice(stored(db), articles):
        title, _, text = version
        whole = f"{title}\n{text}"
        for one in decide:
            one(whole)
        judged += 1
    return (time.process_time() - begun) / judged


def stored(db: Database) -> Iterator[tuple[str, str, str]]:
    for page in pages(db, Window()):
        for version in read_page(db, page):
            yield version.texts


# ---------------------------------------------------------------- the measurement


def our_seconds(db: Database, url: str, rules: RuleSet) -> tuple[float, int]:
    """Processor seconds an article, from the ledger to the tally; and how many matches there were."""
    begun = time.process_time()
    progress = begin(db, assignment := Assignment.of(rules, Window(), 5), 1)
    run(db, url, assignment, progress, lambda done, total: None)
    seconds = (time.process_time() - begun) / progress.tally.articles
    return seconds, progress.tally.added + progress.tally.removed + progress.tally.kept


def reading_seconds(db: Database, articles: int) -> float:
    begun = time.process_time()
    for _ in stored(db):
        pass
    return (time.process_time() - begun) / articles


def measure(url: str, name: str, articles: int) -> None:
    db = open_database(url)
    try:
        for count in COUNTS:
            old, new, changes = sets(count)
            rules = paired(changes, old, new)
            ours: list[float] = []
            peers: list[float] = []
            found = 0
            for _ in range(ROUNDS):
                seconds, found = our_seconds(db, url, rules)
                ours.append(seconds)
                peers.append(peer_seconds(db, rules, min(PEER_ARTICLES[count], articles)))
            us, peer = statistics.median(ours), statistics.median(peers)
            print(
                f"{name:<11}{count:>8,}{found:>9,}{1 / us:>15,.0f}{1 / peer:>13,.0f}{peer / us:>9,.0f} ×",
                flush=True,
            )
        print(f"{name:<11} reading alone: {1 / reading_seconds(db, articles):,.0f} articles a second")
    finally:
        db.close()


def main() -> None:
    asked = argparse.ArgumentParser(description="Articles a second and core of a backtest.")
    asked.add_argument("articles", type=int, nargs="?", default=20_000)
    asked.add_argument("--no-postgres", action="store_true")
    given = asked.parse_args()
    versions: Sequence = list(planned_articles(given.articles, until=datetime.now(UTC)))  # type: ignore[type-arg]  # of a script
    print(f"{given.articles:,} stored articles of 4 kB, one process, medians of {ROUNDS}")
    print("store      changed  matches  ours, a second  peer a second    ratio")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="claimwatch-bench-"))
        stores = {"SQLite": f"sqlite:///{folder}/bench.db"}
        if not given.no_postgres:
            sys.path.insert(0, str(ROOT / "tests"))
            from postgres_server import postgres_server

            stores["PostgreSQL"] = stack.enter_context(postgres_server()).fresh_database()
        for name, url in stores.items():
            fill(url, versions)
            measure(url, name, given.articles)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory: {peak:.0f} MB, the generated articles included")


if __name__ == "__main__":
    main()
