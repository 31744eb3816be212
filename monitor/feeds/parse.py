"""Feed documents into snapshots, in child processes that can be killed.

A child reads one document at a time. One that is still at it when the time is up is killed and replaced;
its document is at fault, the others never notice. Nothing a child says is trusted further than
an answer of the expected shape.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import monitor
from monitor.core.types import FeedSnapshot, PageSelectors
from monitor.errors import FetchError, FetchReason
from monitor.feeds import child_answers as answers
from monitor.feeds import child_frames
from monitor.feeds.child_answers import FeedLink, PageText
from monitor.feeds.failures import refused

#: Processor time and wall time for one document, in seconds; memory of a child, in bytes.
CPU_SECONDS = 5.0
WALL_SECONDS = 10.0
MEMORY_BYTES = 1 << 30
#: A child is replaced after so many documents, so that nothing it leaks adds up.
DOCUMENTS_PER_CHILD = 500
_START_SECONDS = 60.0
_MOST_ANSWER_BYTES = 128 << 20
#: The child gets none of our settings and secrets.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "TMPDIR")
_PARSER_REMEDY = (
    "tell the publisher, and us where the document looks sound; the feed is tried again by itself"
)


Shaped = TypeVar("Shaped")


class FeedParser:
    """A pool of parse children; to be used in one event loop, and closed.

    `children`: how many documents are read at once; a child is started when it is first needed.
    `of_articles`: its children load at once what reads the pages of articles; the others only when asked.
    """

    def __init__(
        self,
        *,
        children: int = 2,
        cpu_seconds: float = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        documents_per_child: int = DOCUMENTS_PER_CHILD,
        of_articles: bool = False,
    ) -> None:
        self._cpu_seconds = cpu_seconds
        self._wall_seconds = wall_seconds
        self._memory_bytes = memory_bytes
        self._documents_per_child = documents_per_child
        self._of_articles = of_articles
        self._turns = asyncio.Semaphore(children)
        self._idle: list[_Child] = []
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End every idle child; a busy one ends with its document."""
        self._closed = True
        children, self._idle = self._idle, []
        for child in children:
            await child.end()

    async def parse(
        self,
        body: bytes,
        *,
        content_type: str,
        url: str,
        now: datetime,
        lang: str = "",
        selectors: PageSelectors | None = None,
        keep_wordless: bool = False,
    ) -> FeedSnapshot:
        """The document as a feed; `url` is where it came from, `now` bounds its dates.

        `lang` is what our settings say of its language, a prior. With `selectors` the document is a page and
        they find its entries. `keep_wordless`: addresses without a title stay, where a sitemap lists them.
        Raises FetchError: NOT_A_FEED with what it is instead, BAD_ENCODING, or PARSER_FAILED.
        """
        chosen = asdict(selectors) if selectors else None
        asked = {"kind": "feed", "lang": lang, "selectors": chosen, "keep_wordless": keep_wordless}
        return await self._read(
            body, asked, "snapshot", content_type=content_type, url=url, now=now, shape=answers.snapshot
        )

    async def article(
        self, body: bytes, *, content_type: str, url: str, now: datetime, lang: str = ""
    ) -> PageText:
        """The article in a page, as plain text; `lang` is a prior. Raises FetchError as `parse`."""
        asked = {"kind": "article", "lang": lang}
        return await self._read(
            body, asked, "article", content_type=content_type, url=url, now=now, shape=answers.page_text
        )

    async def links(self, body: bytes, *, content_type: str, url: str, now: datetime) -> tuple[FeedLink, ...]:
        """The feeds that a page names or seems to name, those it announces first. Raises FetchError."""
        asked = {"kind": "links"}
        return await self._read(
            body, asked, "links", content_type=content_type, url=url, now=now, shape=answers.links
        )

    async def _read(
        self,
        body: bytes,
        asked: Mapping[str, object],
        named: str,
        *,
        content_type: str,
        url: str,
        now: datetime,
        shape: Callable[[Any], Shaped],
    ) -> Shaped:
        told = {**asked, "content_type": content_type, "url": url, "now": now.isoformat()}
        answer = await self._ask(json.dumps(told).encode(), body, url)
        if named not in answer:
            raise _refusal(url, answer)
        try:
            return shape(answer[named])
        except (KeyError, TypeError, ValueError) as error:
            raise _failed(url, f"the reader answers nonsense: {type(error).__name__}") from error

    async def _ask(self, about: bytes, body: bytes, url: str) -> Mapping[str, Any]:
        """The frame that a child answers with. Raises FetchError (PARSER_FAILED)."""
        async with self._turns:
            child = self._idle.pop() if self._idle else None
            if child is None or not child.alive:  # killed while idle, by whoever: no document's fault
                child = await self._start(url)
            keep = False
            try:
                async with asyncio.timeout(self._wall_seconds):
                    answer = await child.ask(about, body)
                worn = child.documents >= self._documents_per_child or "last" in answer
                keep = not worn and not self._closed
            except TimeoutError as error:
                detail = f"reading it takes more than {self._wall_seconds:g} s"
                raise _failed(url, detail) from error
            except (EOFError, OSError) as error:
                raise _failed(url, await child.last_words(self._cpu_seconds)) from error
            except ValueError as error:
                raise _failed(url, f"the reader answers nonsense: {type(error).__name__}") from error
            finally:
                if keep:
                    self._idle.append(child)
                else:
                    await child.end()
        return answer

    async def _start(self, url: str) -> _Child:
        child = await _Child.start(self._cpu_seconds, self._memory_bytes, self._of_articles)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await child.ready()
        except (TimeoutError, EOFError, OSError, ValueError) as error:
            await child.end()
            raise _failed(url, "the reader does not start") from error
        except BaseException:
            await child.end()
            raise
        return child


class _Child:
    """One process, and the frames to and from it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._to = process.stdin
        self._from = process.stdout
        self.documents = 0

    @classmethod
    async def start(cls, cpu_seconds: float, memory_bytes: int, of_articles: bool) -> Self:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "monitor.feeds.parse_child",
            str(cpu_seconds),
            str(memory_bytes),
            *(["articles"] if of_articles else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Where `-m` finds the package, wherever we were started.
            cwd=Path(monitor.__file__).resolve().parents[1],
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        return cls(process)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def ready(self) -> None:
        await self._frame()

    async def ask(self, about: bytes, body: bytes) -> Mapping[str, Any]:
        """Raises EOFError or OSError where the child dies of it, ValueError for an answer that is none."""
        self.documents += 1
        self._to.write(struct.pack(">II", len(about), len(body)) + about)
        self._to.write(body)
        await self._to.drain()
        return await self._frame()

    async def _frame(self) -> Mapping[str, Any]:
        (length,) = struct.unpack(">I", await self._from.readexactly(4))
        if length > _MOST_ANSWER_BYTES:
            raise ValueError("the answer is too long")
        return child_frames.unpacked(await self._from.readexactly(length))

    async def last_words(self, cpu_seconds: float) -> str:
        """Why the child is dead."""
        code = await self._process.wait()
        if code == -signal.SIGXCPU:
            return f"reading it takes more than {cpu_seconds:g} s of processor time"
        if code < 0:
            return f"the reader died of it ({signal.Signals(-code).name})"
        return f"the reader ended at it (exit code {code})"

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._to.close()
        await self._process.wait()


# ---------------------------------------------------------------- answers into values


def _failed(url: str, detail: str) -> FetchError:
    return refused(url, FetchReason.PARSER_FAILED, detail, _PARSER_REMEDY)


def _refusal(url: str, answer: Mapping[str, Any]) -> FetchError:
    try:
        reason = FetchReason(str(answer.get("reason")))
    except ValueError:
        return _failed(url, "the reader answers nonsense")
    remedy = str(answer.get("remedy") or _PARSER_REMEDY)
    return refused(url, reason, str(answer.get("detail", "")), remedy)
