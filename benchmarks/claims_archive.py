"""What judging one article costs while the archive grows: the same new articles at each size.

    .venv/bin/python benchmarks/claims_archive.py [--sizes 10000,30000,100000] [--no-postgres] [--svg FILE]

The archive is real claims of real articles (the tuned stories, PolNeAR where it is here), judged by the real
path, and copied in bulk: each copy is another event, told on another day of the last year.
Its names and places are its own; a known entity or a frame's word is shared by one event in 97, a pair of
words by one in 997.
The demo's English articles are the new ones.
Each judgement is rolled back before its commit, so that every size sees the same articles; processor time is
this process's and, with PostgreSQL, its server's.
Medians over the articles of the least of three tries.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, func, select, text
from story_articles import ROOT, EveryArticle, demo, ledger, polnear, quiet_settings, save, stories

from monitor.core.claims import extract_claims
from monitor.core.matching import match
from monitor.models import load_parsers
from monitor.store import tables as t
from monitor.store.columns import UtcDateTime, key_number, second_of
from monitor.store.database import Database
from workers import jobs
from workers.batch import Batch

sys.path.insert(0, str(ROOT))
from tests.postgres_server import NoPostgresError, postgres_server

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
NEW_ARTICLES = 20
TRIES = 3
DAYS = 365
#: Ids of copies begin here, above those that the ledger gives.
FIRST_ID = 1_000_000_000
# Which copies of a claim share a key: those of every so many events; 0: none.
_KEY = """CASE WHEN every > 0 AND n % every = 0 THEN key
    WHEN every > 0 THEN key / 2 + n % every ELSE key / 2 + n END"""


def _shared_by(key: str) -> int:
    """A pair of words is shared by one event in 997, names and places by none, what is known by one in 97."""
    return 997 if key.startswith("w|") else 0 if "|#" in key or "|@" in key else 97


_COPIED = ("thread", "claim", "claim_rule", "origin_key")
# The number of each copy, what is added to its ids, and when its event is told.
_COPY = Table(
    "bench_copy",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("base", BigInteger),
    Column("at", UtcDateTime()),
    Column("second", BigInteger),
)
_KEYS = Table(
    "bench_claim_key",
    MetaData(),
    Column("key", BigInteger),
    Column("claim_id", BigInteger),
    Column("every", Integer),
)
# Indexes that tell no rows apart: name, table, how to make them.
_INDEXES = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master"
    " WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'",
    "postgresql": "SELECT indexname, tablename, indexdef FROM pg_indexes"
    " WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX%'",
}


class Undone(Exception):  # noqa: N818  # nothing went wrong
    """The judgement was made, and is not kept."""


class Archive:
    """A ledger whose claims are multiplied."""

    def __init__(self, db: Database) -> None:
        self._db = db
        with db.write() as connection:
            for name in _COPIED:
                # What is copied stands apart: found among its copies it would be looked for ever longer.
                connection.execute(text(f"CREATE TABLE bench_{name} AS SELECT * FROM {name}"))
            _COPY.create(connection)
            _KEYS.create(connection)
            for id, keys in connection.execute(select(t.claim.c.id, t.claim.c["keys"])).all():
                rows = {key_number(key): _shared_by(key) for key in keys}
                if rows:
                    told = [{"key": key, "claim_id": id, "every": every} for key, every in rows.items()]
                    connection.execute(_KEYS.insert(), told)
            self._claims = connection.scalar(select(func.count()).select_from(t.claim)) or 0
            self._stride = (connection.scalar(select(func.max(t.claim.c.id))) or 0) + 1
        self._copies = 0

    def grow(self, size: int) -> int:
        """Copies until there are so many claims; how many there are."""
        wanted = -(-size // self._claims) - 1
        if wanted > self._copies:
            with self._open_gates() as connection:
                self._copy(connection, self._copies + 1, wanted)
            self._copies = wanted
        with self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self._is_postgres:
                connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE" if self._is_postgres else "ANALYZE"))
            connection.invalidate()
        return self._claims * (self._copies + 1)

    @property
    def _is_postgres(self) -> bool:
        return self._db.dialect == "postgresql"

    @contextmanager
    def _open_gates(self) -> Iterator[Connection]:
        """A transaction without foreign keys and without any index but those that tell rows apart; the others
        are made again at its end, each in one sorted pass.
        """
        with self._db.engine.connect().execution_options(claimwatch_writes=True) as connection:
            if self._is_postgres:
                connection.execute(text("SET session_replication_role = replica"))
                connection.execute(text("SET maintenance_work_mem = '256MB'"))
                # The service's own limit is for questions, not for a million rows.
                connection.execute(text("SET statement_timeout = 0"))
            else:
                driver: Any = connection.connection.driver_connection
                for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-262144"):
                    # Outside of a transaction: inside, SQLite ignores it.
                    driver.execute(f"PRAGMA {pragma}")
            made_again = connection.execute(text(_INDEXES[self._db.dialect])).all()
            for name, table, _ in made_again:
                if table in _COPIED:
                    connection.execute(text(f'DROP INDEX "{name}"'))
            yield connection
            for _, table, statement in made_again:
                if table in _COPIED:
                    connection.execute(text(statement))
            connection.commit()
            # Nothing of this may be left for those who judge.
            connection.invalidate()

    def _copy(self, connection: Connection, first: int, last: int) -> None:
        columns = [c.name for c in t.claim.c if c.name not in {"id", "fingerprint", "thread", "said_at"}]
        listed = ", ".join(columns)
        # In the order of the primary keys, so that each table grows at its end.
        statements = (
            "INSERT INTO thread (fingerprint, created_at)"
            " SELECT fingerprint || '~' || n, created_at FROM bench_thread, bench_copy ORDER BY 1",
            f"INSERT INTO claim (id, fingerprint, thread, said_at, {listed})"
            f" SELECT id + base, fingerprint || '~' || n, thread || '~' || n, at, {listed}"
            " FROM bench_claim, bench_copy ORDER BY 1",
            "INSERT INTO claim_key (key, said_second, claim_id)"
            f" SELECT {_KEY}, second, claim_id + base FROM bench_claim_key, bench_copy ORDER BY 1, 2, 3",
            "INSERT INTO claim_rule (claim_id, rule_id)"
            " SELECT claim_id + base, rule_id FROM bench_claim_rule, bench_copy ORDER BY 1",
            "INSERT INTO origin_key (key, version_id, origin, created_at)"
            " SELECT key || '~' || n, version_id, origin, at FROM bench_origin_key, bench_copy ORDER BY 1",
        )
        connection.execute(text("DELETE FROM bench_copy"))
        now = datetime.now(UTC)
        copies = {n: now - timedelta(days=(n * 7919) % DAYS, hours=1) for n in range(first, last + 1)}
        connection.execute(
            _COPY.insert(),
            [
                {"n": n, "base": FIRST_ID + n * self._stride, "at": at, "second": second_of(at)}
                for n, at in copies.items()
            ],
        )
        for statement in statements:
            connection.execute(text(statement))


class New:
    """Articles that have just come, matched and read; judged as often as asked."""

    def __init__(self, db: Database, watcher: EveryArticle, parsers: Any) -> None:
        self._tools = jobs.Toolbox(db=db, watcher=watcher, parsers=parsers, settings=quiet_settings())
        self._folder = watcher.current()
        self._batch = Batch.take(db, limit=NEW_ARTICLES, lease=timedelta(days=1))
        self._readings = match(self._batch.articles, self._folder.rules)
        self._claims = extract_claims(self._readings, self._folder.rules, parsers)
        self._server = 0

    def judge_all(self) -> float:
        """Median processor milliseconds of one judgement."""
        spent = [
            min(self._judge(reading, claims) for _ in range(TRIES))
            for reading, claims in zip(self._readings, self._claims, strict=True)
            if claims
        ]
        return statistics.median(spent) * 1e3

    def server_ms(self, judgements: int) -> float:
        """Processor milliseconds of PostgreSQL for one judgement, over as many rounds of all articles."""
        if not self._server:
            return 0.0
        begun = _cpu(self._server)
        for _ in range(judgements):
            for reading, claims in zip(self._readings, self._claims, strict=True):
                self._judge(reading, claims)
        return (_cpu(self._server) - begun) / judgements / len(self._readings) * 1e3

    def _judge(self, reading: Any, claims: Any) -> float:
        path: Any = jobs
        plain = path.judging

        @contextmanager
        def undone(*given: Any) -> Iterator[Any]:
            with plain(*given) as book:
                if given[0].dialect == "postgresql":
                    self._server = book._connection.connection.driver_connection.info.backend_pid
                yield book
                raise Undone

        path.judging = undone
        begun = time.process_time()
        try:
            with suppress(Undone):
                jobs.judge(self._tools, self._batch, reading, claims, self._folder)
        finally:
            path.judging = plain
        return time.process_time() - begun


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, url: str, sizes: Sequence[int], parsers: Any) -> Iterator[dict[str, Any]]:
    """A row for each size."""
    watcher = EveryArticle()
    with ledger(url) as db:
        save(db, [one for one in [*stories(), *polnear(40)] if one.lang == "en"], "archive", backfill=True)
        tools = jobs.Toolbox(db=db, watcher=watcher, parsers=parsers, settings=quiet_settings())
        while jobs.process_articles(tools):
            pass
        archive = Archive(db)
        save(db, [one for one in demo() if one.lang == "en"][:NEW_ARTICLES], "new", backfill=False)
        new = New(db, watcher, parsers)
        new.judge_all()
        for size in sizes:
            begun = time.monotonic()
            claims = archive.grow(size)
            filled = time.monotonic() - begun
            ours = new.judge_all()
            server = new.server_ms(TRIES)
            yield {
                "database": name,
                "claims": claims,
                "judge_ms": round(ours + server, 1),
                "of_it_server_ms": round(server, 1),
                "filled_s": round(filled),
            }


# ---------------------------------------------------------------- the plot

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 320, 60, 40
COLOURS = {"SQLite": "#1f6feb", "PostgreSQL": "#b35900"}


def plot(rows: Sequence[dict[str, Any]]) -> str:
    """Processor milliseconds over claims in the archive, as SVG; claims on a scale of powers of ten."""
    from math import log10

    low, high = log10(min(r["claims"] for r in rows)), log10(max(r["claims"] for r in rows))
    top = max(r["judge_ms"] for r in rows) * 1.2

    def at(row: dict[str, Any]) -> tuple[float, float]:
        x = LEFT + (log10(row["claims"]) - low) / max(high - low, 0.01) * (WIDTH - LEFT - 110)
        return round(x, 1), round(HEIGHT - BOTTOM - row["judge_ms"] / top * (HEIGHT - BOTTOM - 30), 1)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12">',
        "<title>Processor time to judge one article, by claims in the archive</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18">processor ms to judge one article, by claims in the archive</text>',
        f'<path d="M{LEFT} 30V{HEIGHT - BOTTOM}H{WIDTH - 20}" fill="none" stroke="#666"/>',
    ]
    for database, colour in COLOURS.items():
        mine = [row for row in rows if row["database"] == database]
        points = " ".join(f"{x},{y}" for x, y in map(at, mine))
        if not mine:
            continue
        lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for row in mine:
            x, y = at(row)
            lines.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
            lines.append(f'<text x="{x - 10}" y="{y - 8}" fill="{colour}">{row["judge_ms"]:.0f}</text>')
            lines.append(f'<text x="{x - 15}" y="{HEIGHT - 20}">{_short(row["claims"])}</text>')
        x, y = at(mine[-1])
        lines.append(f'<text x="{x + 10}" y="{y + 4}" fill="{colour}">{database}</text>')
    return "\n".join([*dict.fromkeys(lines), "</svg>", ""])


def _short(count: int) -> str:
    return f"{count / 1e6:.1f}M" if count >= 950_000 else f"{count / 1e3:.0f}k"


def main() -> None:
    options = argparse.ArgumentParser(description="The cost of judging one article while the archive grows.")
    options.add_argument("--sizes", default=",".join(map(str, SIZES)))
    options.add_argument("--no-postgres", action="store_true")
    options.add_argument("--svg", type=Path, help="write the plot there")
    options.add_argument("--folder", type=Path, default=None, help="where the SQLite file goes meanwhile")
    asked = options.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    parsers = load_parsers()
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(dir=asked.folder))
        places = {"SQLite": f"sqlite:///{home}/archive.db"}
        if not asked.no_postgres:
            try:
                places["PostgreSQL"] = stack.enter_context(postgres_server()).fresh_database()
            except NoPostgresError as error:
                print(f"left out: {error}", file=sys.stderr)
        for name, url in places.items():
            for row in measure(name, url, sizes, parsers):
                rows.append(row)
                print(json.dumps(row), flush=True)
                if asked.svg:
                    asked.svg.write_text(plot(rows))


if __name__ == "__main__":
    main()
