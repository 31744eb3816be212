"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import repeat
from operator import contains
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

# PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

#: Primary and foreign keys: 64 bits on both (SQLite wants the word INTEGER to number rows itself).
Id = BigInteger().with_variant(Integer, "sqlite")


def storable(text: str) -> str:
    """The text with what no database stores replaced, one code point for one, so that offsets stay true."""
    if "\x00" not in text:
        if text.isascii():  # most names and addresses are, and this is a glance
            return text
        try:
            text.encode()  # a tenth of what the expression costs
            return text
        except UnicodeEncodeError:
            pass
    return _UNSTORABLE.sub("\ufffd", text)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def dump_json(value: object) -> str:
    """JSON as it is stored. Raises ValueError for what is not finite."""
    told = _JSON.encode(value)
    # Nearly always all of it can be stored, and one look at the whole costs less than one at each word.
    if "\\u0000" not in told and storable(told) == told:
        return told
    return _JSON.encode(_storable(value))


def _storable(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(str(key)): _storable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_storable(inner) for inner in value]
        case _:
            return value


def load_json(told: str) -> Any:
    """What `dump_json` wrote; most of it is empty, and needs no parser."""
    return [] if told == "[]" else {} if told == "{}" else json.loads(told)


class SafeText(TypeDecorator[str]):
    """Text of any length and any content."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return stored_text(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        # What SQLAlchemy would put around `process_bind_param` costs more than it, for each value.
        return stored_text


def stored_text(value: str | None) -> str | None:
    """A value of such a column as the driver gets it."""
    return None if value is None else storable(value)


def are_stored_as_they_are(values: Sequence[Any]) -> bool:
    """Whether `stored_text` changes none of these texts, by a glance at all; False: ask for each."""
    try:
        return all(map(str.isascii, values)) and not any(map(contains, values, repeat("\x00")))
    except TypeError:  # a None among them
        return False


class UtcDateTime(TypeDecorator[datetime]):
    """Aware and in UTC, in and out. SQLite keeps it as text that sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = _in_utc(value)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        # As SQLAlchemy writes it, in a fifth of the time.
        return _sqlite_time if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        # A feed has six times, and this takes a third of what SQLAlchemy's way takes.
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_sqlite(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone; the ledger stores aware times only")
    return value.astimezone(UTC)


# The same moments stand in several columns and rows.
@lru_cache(maxsize=1024)
def _sqlite_time(value: datetime | None) -> str | None:
    return None if value is None else _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


_LONGEST_KEY = 200


def index_key(text: str) -> str:
    """The text itself where an index holds it, else its start and a hash (PostgreSQL's limit is 2.7 kB)."""
    text = storable(text)
    if len(text) <= _LONGEST_KEY:
        return text
    return f"{text[:100]}…{blake2b(text.encode(), digest_size=16).hexdigest()}"


def key_number(text: str) -> int:
    """A key in 64 bits, enough to find rows by: the first eight bytes of its SHA-256, which revision 0023 has
    the database make. Where two keys have one number, a row is looked at in vain.
    """
    return int.from_bytes(sha256(index_key(text).encode()).digest()[:8], signed=True)


def second_of(at: datetime) -> int:
    """A moment's second since 1970: an index that is read in the order of time needs no more, and a number
    takes a quarter of what a stored time does.
    """
    return math.floor(at.timestamp())
