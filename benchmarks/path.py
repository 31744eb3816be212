"""Articles a second through the whole path: stored → taken → matched → claims → judged → committed.

Two real worker processes on SQLite and an embedded Redis, three mixes of articles; beside each, in the same
run, the bare spaCy pipeline over the same whole articles in one process.

    .venv/bin/python benchmarks/path.py [ARTICLES]        (default 600)

Printed for each mix: the share of articles that match a rule, articles a second of wall clock, CPU
milliseconds an article of both workers together, and the CPU milliseconds that bare spaCy needs.
The first row's articles match nothing, which is what most of a news stream does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.config import load_settings
from monitor.core.types import Entry, PlannedVersion
from monitor.store.database import open_database
from monitor.store.health import heartbeats
from monitor.store.ingest import save_imported
from monitor.store.migrations import upgrade
from monitor.store.tasks import outstanding
from workers.demo_publishers import read_outlets
from workers.embedded_redis import EmbeddedRedis

WORKERS = 2
SHARES = (0.0, 0.1, 1.0)
OTHER_NEWS = (
    "The city council approved a budget for new tram lines on Monday after a debate of six hours.",
    "The minister said the first line would open in four years and would carry 40,000 people a day.",
    "Shopkeepers along the route fear for their business while the streets are dug up.",
    "“We were promised compensation, and we have not seen a cent of it,” said the owner of a bakery.",
    "The orchestra will play the overture in the park on Sunday if the weather holds.",
    "Farmers expect a late harvest because of the cold spring, the weather service reported.",
)


def articles(count: int, share: float) -> list[tuple[str, str]]:
    """(title, text) of about 1,000 letters each; every 1/share-th is one of the demo's English articles."""
    demo = [
        (article.title, "\n\n".join(article.paragraphs))
        for outlet in read_outlets(datetime.now(UTC))
        if outlet.lang == "en"
        for article in outlet.articles
    ]
    made = []
    for number in range(count):
        if int((number + 1) * share) > int(number * share):
            title, text = demo[number % len(demo)]
            made.append((title, f"{text}\n\nThis is report number {number}."))
        else:
            lines = [OTHER_NEWS[(number + i) % len(OTHER_NEWS)] for i in range(12)]
            made.append((f"City news {number}", f"Report {number}. " + " ".join(lines)))
    return made


def versions(texts: Sequence[tuple[str, str]]) -> list[PlannedVersion]:
    """As an archive would bring them."""
    now = datetime.now(UTC)
    return [
        PlannedVersion(
            article_id=None,
            identity=f"bench|{number}",
            version=1,
            content_hash=str(number),
            publisher=f"Publisher {number % 40}",
            entry=Entry(
                guid=str(number),
                url=f"https://bench.example/{number}",
                title=title,
                summary="",
                text=text,
                author="",
                lang="en",
                published_at=now - timedelta(minutes=len(texts) - number),
                updated_at=None,
            ),
        )
        for number, (title, text) in enumerate(texts)
    ]


def path_run(texts: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Wall seconds and workers' CPU seconds for all of these, once the workers are warm."""
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-bench-"))
    redis = EmbeddedRedis(folder)
    redis.start()
    try:
        db = open_database(f"sqlite:///{folder / 'bench.db'}")
        upgrade(db)
        env = {
            **os.environ,
            "CLAIMWATCH_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "CLAIMWATCH_REDIS_URL": redis.url,
            "CLAIMWATCH_RULES": str(load_settings().rules.resolve()),
            "CLAIMWATCH_LOG_LEVEL": "error",
        }
        work = [sys.executable, "-m", "monitor.cli", "work"]
        children = [subprocess.Popen(work, env=env, cwd=folder) for _ in range(WORKERS)]
        while sum(beat.role == "worker" for beat in heartbeats(db)) < WORKERS:
            time.sleep(0.1)  # they say so once they have their rules and their model
        start_cpu = sum(cpu_seconds(child.pid) for child in children)
        save_imported(db, versions(texts), backfill=False)
        begun = time.monotonic()
        while outstanding(db).open_articles:
            time.sleep(0.05)
        wall = time.monotonic() - begun
        used = sum(cpu_seconds(child.pid) for child in children) - start_cpu
        for child in children:
            child.send_signal(signal.SIGTERM)
            child.wait()
        db.close()
        return wall, used
    finally:
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)


def cpu_seconds(pid: int) -> float:
    """User and system time of a running process so far (proc(5): fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spacy_run(texts: Sequence[tuple[str, str]]) -> float:
    """CPU seconds of the bare pipeline over the same whole articles."""
    import spacy

    nlp = spacy.load(load_settings().spacy_model)
    list(nlp.pipe(text for _, text in texts[:8]))
    begun = time.process_time()
    for _ in nlp.pipe((f"{title}\n\n{text}" for title, text in texts), batch_size=32):
        pass
    return time.process_time() - begun


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    print(f"{count} articles, {WORKERS} workers, SQLite, {os.cpu_count()} cores")
    print("matching   articles/s   CPU ms/article   bare spaCy CPU ms/article   spaCy / ours")
    for share in SHARES:
        texts = articles(count, share)
        wall, cpu = path_run(texts)
        bare = spacy_run(texts)
        print(
            f"{share:8.0%} {count / wall:12.0f} {cpu / count * 1e3:16.1f} {bare / count * 1e3:27.1f}"
            f" {bare / cpu:14.1f}"
        )


if __name__ == "__main__":
    main()
