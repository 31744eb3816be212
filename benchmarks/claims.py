"""From match to contradictions: what an article costs in each stage, beside a bare parser.

    .venv/bin/python benchmarks/claims.py [--rounds 5] [--polnear 20] [--json]

English beside the whole spaCy pipeline as it is loaded, and beside the same without its named-entity
recogniser, which we do not run; Russian beside slovnet's morphology and syntax. The peers parse the same
whole articles; ours goes through a ledger (SQLite), where every article matches one rule, and ends with its
contradictions stored. Processor seconds of one process with one thread of linear algebra, medians of rounds
that take turns; a round before them warms all. Memory is that of this process after our first round, before
any peer is loaded.
The optional scorer is no part of these figures: none is configured here.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from story_articles import EveryArticle, Text, demo, ledger, polnear, quiet_settings, save, stories

from monitor.core.claims.parsed import Parser, Token
from monitor.models import load_parsers
from monitor.models.spacy_parser import DEFAULT_MODEL
from workers import jobs

#: Stage → the step of workers/jobs.py that is timed; the parser is timed inside the extraction.
STEPS = {
    "matching": "match",
    "extraction": "extract_claims",
    "threads": "assign_threads",
    "contradictions": "find_contradictions",
}
STAGES = ("matching", "parse", "extraction", "threads", "contradictions", "store")
#: What natasha's own pipeline imports and the program does without.
NATASHA_NEEDS = ("pkg_resources", "pymorphy2", "yargy", "ipymarkup")
#: A worker may take this much, in MB.
MOST_MEMORY = 1200


class Clock:
    """Processor seconds by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def timed(self, stage: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return step(*given, **named)
            finally:
                self.spent[stage] += time.process_time() - begun

        return run


class TimedParser:
    """A parser on the clock."""

    def __init__(self, parser: Parser, clock: Clock) -> None:
        self._parse = clock.timed("parse", parser.parse)

    def parse(self, texts: Sequence[str]) -> tuple[tuple[Token, ...], ...]:
        read: tuple[tuple[Token, ...], ...] = self._parse(texts)
        return read


@contextmanager
def clocked(clock: Clock) -> Iterator[None]:
    """The steps of the path, on the clock."""
    plain = {name: getattr(jobs, name) for name in STEPS.values()}
    try:
        for stage, name in STEPS.items():
            setattr(jobs, name, clock.timed(stage, plain[name]))
        yield
    finally:
        for name, step in plain.items():
            setattr(jobs, name, step)


def ours(texts: Sequence[Text], watcher: EveryArticle, parsers: Mapping[str, Parser]) -> dict[str, float]:
    """Processor seconds by stage from a taken article to its stored contradictions; "all" is their sum."""
    clock = Clock()
    timed = {lang: TimedParser(parser, clock) for lang, parser in parsers.items()}
    with tempfile.TemporaryDirectory() as home, ledger(f"sqlite:///{home}/claims.db") as db:
        save(db, texts, "claims", backfill=False)
        tools = jobs.Toolbox(db=db, watcher=watcher, parsers=timed, settings=quiet_settings())
        with clocked(clock):
            begun = time.process_time()
            while jobs.process_articles(tools):
                pass
            clock.spent["all"] = time.process_time() - begun
    spent = clock.spent
    spent["extraction"] -= spent["parse"]
    spent["store"] = spent["all"] - sum(spent[stage] for stage in STAGES if stage != "store")
    return spent


def bare_spacy(**options: Any) -> Callable[[Sequence[Text]], float]:
    """Processor seconds of the pipeline over whole articles."""
    import spacy

    pipeline = spacy.load(DEFAULT_MODEL, **options)

    def run(texts: Sequence[Text]) -> float:
        begun = time.process_time()
        for _ in pipeline.pipe((f"{one.title}\n\n{one.body}" for one in texts), batch_size=32):
            pass
        return time.process_time() - begun

    return run


def bare_slovnet() -> Callable[[Sequence[Text]], float]:
    """Processor seconds of sentences, tokens, morphology and syntax of whole articles, as natasha does it."""
    from natasha import Doc, NewsEmbedding, NewsMorphTagger, NewsSyntaxParser, Segmenter

    vectors = NewsEmbedding()
    segmenter, morph, syntax = Segmenter(), NewsMorphTagger(vectors), NewsSyntaxParser(vectors)

    def run(texts: Sequence[Text]) -> float:
        begun = time.process_time()
        for one in texts:
            doc = Doc(f"{one.title}\n\n{one.body}")
            doc.segment(segmenter)
            doc.tag_morph(morph)
            doc.parse_syntax(syntax)
        return time.process_time() - begun

    return run


def memory() -> dict[str, float]:
    """This process's resident and proportional memory in MB (proc(5))."""
    told = Path("/proc/self/smaps_rollup").read_text()
    found = {name: int(kb) for name, kb in re.findall(r"^(Rss|Pss):\s+(\d+) kB", told, re.MULTILINE)}
    return {"rss_mb": round(found["Rss"] / 1000), "pss_mb": round(found["Pss"] / 1000)}


def compare(
    lang: str,
    texts: Sequence[Text],
    rounds: int,
    watcher: EveryArticle,
    parsers: Mapping[str, Parser],
    peers: Mapping[str, Callable[[Sequence[Text]], float]],
) -> dict[str, Any]:
    """Medians in milliseconds an article."""
    runs: list[dict[str, float]] = []
    others: dict[str, list[float]] = {name: [] for name in peers}
    for number in range(rounds + 1):
        spent = ours(texts, watcher, parsers)
        beside = {name: peer(texts) for name, peer in peers.items()}
        if number:  # the first warms
            runs.append(spent)
            for name, seconds in beside.items():
                others[name].append(seconds)

    def median(seconds: Sequence[float]) -> float:
        return round(statistics.median(seconds) / len(texts) * 1e3, 2)

    total = median([run["all"] for run in runs])
    return {
        "lang": lang,
        "articles": len(texts),
        "words": round(statistics.mean(len(one.body.split()) for one in texts)),
        "ours_ms": total,
        "stages_ms": {stage: median([run[stage] for run in runs]) for stage in STAGES},
        "peers_ms": {name: median(seconds) for name, seconds in others.items()},
        "ours_to_peer": {
            name: round(statistics.median(run["all"] / s for run, s in zip(runs, seconds, strict=True)), 2)
            for name, seconds in others.items()
        },
    }


def shown(row: dict[str, Any]) -> str:
    lines = [f"{row['lang']}: {row['articles']} articles of {row['words']} words, CPU ms an article"]
    lines += [f"  {stage:<28}{ms:8.1f}" for stage, ms in row["stages_ms"].items()]
    lines += [f"  {'match to contradictions':<28}{row['ours_ms']:8.1f}"]
    for name, ms in row["peers_ms"].items():
        lines.append(f"  {name:<28}{ms:8.1f}   ours / theirs {row['ours_to_peer'][name]:.2f}")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description="Claims beside a bare parser.")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--polnear", type=int, default=20, help="so many articles of PolNeAR as well")
    options.add_argument("--json", action="store_true", help="one object a line")
    asked = options.parse_args()
    if missing := [name for name in NATASHA_NEEDS if find_spec(name) is None]:
        options.error(f"the Russian peer needs {', '.join(missing)}: docs/performance.md says how")
    watcher, parsers = EveryArticle(), load_parsers()
    texts = [*stories(), *demo(), *polnear(asked.polnear)]
    by_lang = {lang: [one for one in texts if one.lang == lang] for lang in ("en", "ru")}
    for some in by_lang.values():
        ours(some, watcher, parsers)
    used = memory()
    print(json.dumps(used) if asked.json else _memory(used))
    peers: dict[str, dict[str, Callable[[Sequence[Text]], float]]] = {
        "en": {"bare spaCy": bare_spacy(), "bare spaCy without NER": bare_spacy(exclude=["ner"])},
        "ru": {"bare slovnet": bare_slovnet()},
    }
    for lang, some in by_lang.items():
        row = compare(lang, some, asked.rounds, watcher, parsers, peers[lang])
        print(json.dumps(row) if asked.json else shown(row), flush=True)
    if not asked.json:
        print("optional scorer: none is configured, nothing of it is in these figures")


def _memory(used: Mapping[str, float]) -> str:
    return (
        f"memory with both languages loaded: RSS {used['rss_mb']:.0f} MB, PSS {used['pss_mb']:.0f} MB"
        f" (wanted: under {MOST_MEMORY})"
    )


if __name__ == "__main__":
    main()
