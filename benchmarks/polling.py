"""What polling costs: ours, reader, newsboat and sfeed over the same feeds of one loopback server.

Each feed has a host of its own (127.x.y.z), ETags, and a body of about 65 kB; the first round reads and
stores everything, the second is answered with 304, then every feed brings one new entry. CPU time of all
processes of each program counts, its start excepted where it can be (ours and reader run as a service does).
`--hanging` adds a round of ours in which a share of the hosts never answers.
"""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

ENTRIES = 24
TEXT = (
    "&lt;p&gt;The harbour office said on Sunday that the ferry left an hour late, and that nobody on board "
    "was hurt when it reached the island; the company will look into the cause of the delay.&lt;/p&gt;\n"
)


def host(number: int) -> str:
    return f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"


def body_of(number: int, edition: int) -> bytes:
    """An RSS document of about 65 kB; each edition brings one entry and drops the last."""
    items = "".join(
        f"<item><title>Paper {number}: report {entry} from the harbour</title>"
        f"<link>http://{host(number)}/story/{entry}</link><guid isPermaLink='false'>{number}-{entry}</guid>"
        f"<pubDate>Sun, 01 Mar 2026 {entry % 24:02}:00:00 GMT</pubDate><dc:creator>Ada Quay</dc:creator>"
        f"<category>Harbour</category>"
        f"<description>Report {entry} of paper {number}. {TEXT * 12}</description></item>"
        for entry in range(ENTRIES + edition, edition, -1)
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<channel><title>Paper {number}</title><link>http://{host(number)}/</link><language>en</language>"
        f"<description>News</description>{items}</channel></rss>"
    ).encode()


# ---------------------------------------------------------------- the server


def serve(port: Any, edition: Any, hanging: Any, answered: Any) -> None:
    """A loopback server in a process of its own; `answered` keeps when each feed was last answered."""
    asyncio.run(_serve(port, edition, hanging, answered))


async def _serve(port: Any, edition: Any, hanging: Any, answered: Any) -> None:
    bodies: dict[tuple[int, int], bytes] = {}

    class Server(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport, self.head = transport, b""

        def data_received(self, data: bytes) -> None:
            self.head += data
            if b"\r\n\r\n" not in self.head:
                return
            head, self.head = self.head, b""
            number = int(head.split(b"/feed/", 1)[1].split(b".", 1)[0])
            if hanging.value and number % hanging.value == 0:
                return
            etag = b'"%d-%d"' % (number, edition.value)
            answered[number] = time.monotonic()
            if etag in head:
                self.transport.write(
                    b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\nConnection: close\r\n\r\n" % etag
                )
            else:
                key = (number, edition.value)
                body = bodies.setdefault(key, body_of(*key))
                self.transport.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: %b\r\n"
                    b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (etag, len(body), body)
                )
            self.transport.close()

    server = await asyncio.get_running_loop().create_server(Server, "0.0.0.0", 0, backlog=4096)
    port.value = server.sockets[0].getsockname()[1]
    await server.serve_forever()


# ---------------------------------------------------------------- processor time


def cpu_of_tree(pid: int) -> float:
    """Seconds of processor time of a process and all that live below it."""
    ticks = os.sysconf("SC_CLK_TCK")
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
        # its own, and what its children that have ended had used
        times[int(path.parent.name)] = sum(int(fields[index]) for index in (11, 12, 13, 14)) / ticks
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        total += times.get(one, 0.0)
        waiting += children.get(one, [])
    return total


@dataclass(frozen=True)
class Round:
    cpu_s: float
    wall_s: float


def measured(call: Callable[[], Any]) -> Round:
    cpu, began = cpu_of_tree(os.getpid()), time.monotonic()
    call()
    return Round(cpu_of_tree(os.getpid()) - cpu, time.monotonic() - began)


# ---------------------------------------------------------------- the programs


class Ours:
    """The poller as the service runs it: SQLite, parse children, no Redis."""

    def __init__(self, urls: list[str], folder: Path, *, hanging: bool = False) -> None:
        import structlog

        from monitor.config import Settings
        from monitor.core.types import FeedSpec
        from monitor.store.database import open_database
        from monitor.store.feeds import add_feeds
        from monitor.store.migrations import upgrade
        from workers.loops import new_loop

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        rules = folder / "rules"
        rules.mkdir()
        (rules / "feeds.yml").write_text("version: 1\nfeeds: []\n")
        self.settings = Settings(
            data_dir=folder,
            rules=rules,
            allow_networks=(ipaddress.ip_network("127.0.0.0/8"),),
            fetch_concurrency=100,
            fetch_timeout=5 if hanging else 60,
        )
        self.db = open_database(self.settings.database)
        upgrade(self.db)
        add_feeds(self.db, [FeedSpec(url=url) for url in urls])
        self.loop = new_loop()
        self.loop.run_until_complete(self._open())

    async def _open(self) -> None:
        from datetime import UTC, datetime

        from monitor.feeds.egress import Egress
        from monitor.feeds.parse import FeedParser
        from monitor.rulefiles import RulesWatcher

        self.egress = Egress.from_settings(self.settings)
        self.parser = FeedParser(children=2)
        now = datetime(2026, 3, 1, tzinfo=UTC)
        # A service has its parse children running.
        await asyncio.gather(
            *(
                self.parser.parse(body_of(n, 0), content_type="", url="http://x.test/", now=now)
                for n in (0, 1)
            )
        )
        # … and its rules read, and its modules loaded.
        self.watcher = RulesWatcher(self.settings.rules)
        self.watcher.current()
        import workers.poller  # noqa: F401
        from workers.processes import keep_what_is_loaded

        # … which it then keeps out of the collector's way.
        keep_what_is_loaded()

    def round(self) -> None:
        from monitor.store.feeds import poll_now
        from workers.poller import Poller

        poll_now(self.db)
        poller = Poller(self.db, self.watcher, self.settings, self.egress, self.parser)
        self.loop.run_until_complete(poller.once())

    def entries(self) -> int:
        from sqlalchemy import func, select

        from monitor.store.tables import article

        with self.db.read() as connection:
            return int(connection.execute(select(func.count()).select_from(article)).scalar_one())


class Reader:
    """lemon24/reader, with one worker (its own default)."""

    def __init__(self, urls: list[str], folder: Path) -> None:
        from reader import make_reader

        self.reader = make_reader(str(folder / "reader.sqlite"))
        for url in urls:
            self.reader.add_feed(url)

    def round(self) -> None:
        self.reader.update_feeds(workers=1, scheduled=False)

    def entries(self) -> int:
        return int(self.reader.get_entry_counts().total)


class Newsboat:
    """newsboat, a process a round, as its users run it from cron."""

    def __init__(self, urls: list[str], folder: Path) -> None:
        if shutil.which("newsboat") is None:
            raise ImportError("newsboat is not installed")
        self.folder = folder
        (folder / "urls").write_text("\n".join(urls) + "\n")
        (folder / "config").write_text("reload-threads 20\n")

    def round(self) -> None:
        files = [
            f"-{flag}={self.folder / name}"
            for flag, name in (("u", "urls"), ("c", "cache.db"), ("C", "config"))
        ]
        subprocess.run(
            ["newsboat", *files, "-x", "reload"],
            check=True,
            stdout=subprocess.DEVNULL,
            env=_no_home(self.folder),
        )

    def entries(self) -> int:
        import sqlite3

        with sqlite3.connect(self.folder / "cache.db") as connection:
            return int(connection.execute("select count(*) from rss_item").fetchone()[0])


class Sfeed:
    """sfeed_update, a process and a download program for each feed."""

    def __init__(self, urls: list[str], folder: Path) -> None:
        if shutil.which("sfeed_update") is None or shutil.which("curl") is None:
            raise ImportError("sfeed_update or curl is not installed")
        self.folder = folder
        lines = "\n".join(f'feed "paper{number}" "{url}"' for number, url in enumerate(urls))
        (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nmaxjobs=16\nfeeds() {{\n{lines}\n}}\n')

    def round(self) -> None:
        subprocess.run(
            ["sfeed_update", str(self.folder / "sfeedrc")],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_no_home(self.folder),
        )

    def entries(self) -> int:
        return sum(len(path.read_bytes().splitlines()) for path in (self.folder / "feeds").iterdir())


PROGRAMS: dict[str, Callable[[list[str], Path], Any]] = {
    "ours": Ours,
    "reader": Reader,
    "newsboat": Newsboat,
    "sfeed": Sfeed,
}


def _no_home(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}


# ---------------------------------------------------------------- a run


def run_program(name: str, urls: list[str], edition: Synchronized[int], out: Any) -> None:
    """All rounds of one program, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            program = PROGRAMS[name](urls, Path(folder))
        except ImportError as error:
            out.send({"program": name, "left out": str(error)})
            return
        rows: dict[str, Any] = {"program": name}
        for label, step in (("first", 0), ("304", 0), ("one new", 1)):
            edition.value += step
            found = measured(program.round)
            rows[label] = {
                "cpu_ms": 1000 * found.cpu_s / len(urls),
                "wall_s": found.wall_s,
                "entries": program.entries(),
            }
        out.send(rows)


def run_hanging(urls: list[str], hanging: Synchronized[int], answered: Any, share: int, out: Any) -> None:
    """Ours with hosts that never answer: when each healthy feed was answered, counted from the start."""
    with tempfile.TemporaryDirectory() as folder:
        program = Ours(urls, Path(folder), hanging=True)
        program.round()
        hanging.value = share
        began = time.monotonic()
        program.round()
        took = time.monotonic() - began
        hanging.value = 0
        waits = sorted(answered[n] - began for n in range(len(urls)) if n % share)
        out.send({"p50_s": waits[len(waits) // 2], "p99_s": waits[int(len(waits) * 0.99)], "round_s": took})


def in_process(target: Callable[..., None], *arguments: Any) -> Any:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=target, args=(*arguments, there))
    process.start()
    there.close()
    try:
        return here.recv()
    finally:
        process.join()


def rounds(arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    port, edition, hanging = (multiprocessing.Value("i", 0) for _ in range(3))
    answered = multiprocessing.Array("d", arguments.feeds)
    server = multiprocessing.Process(target=serve, args=(port, edition, hanging, answered), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    urls = [f"http://{host(number)}:{port.value}/feed/{number}.xml" for number in range(arguments.feeds)]
    try:
        for name in arguments.programs.split(","):
            edition.value = 0
            yield in_process(run_program, name, urls, edition)
        if arguments.hanging:
            share = round(100 / arguments.hanging)
            edition.value = 0
            yield {"program": "ours, hanging"} | in_process(run_hanging, urls, hanging, answered, share)
    finally:
        server.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--programs", default=",".join(PROGRAMS))
    parser.add_argument("--hanging", type=float, default=0, metavar="PERCENT")
    parser.add_argument("--json", action="store_true", help="one object a line")
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else soft, hard))
    for row in rounds(arguments):
        if arguments.json:
            print(json.dumps(row))
            continue
        cells = [row["program"]]
        for label, value in row.items():
            if isinstance(value, dict):
                cpu, wall, entries = value["cpu_ms"], value["wall_s"], value["entries"]
                cells.append(f"{label}: {cpu:.2f} ms CPU a feed, {wall:.1f} s, {entries:,} entries")
            elif label != "program":
                cells.append(f"{label}: {value:.2f}" if isinstance(value, float) else f"{label}: {value}")
        print("; ".join(cells), flush=True)


if __name__ == "__main__":
    sys.exit(main())
