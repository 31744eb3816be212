"""What a site's robots.txt lets programs read (RFC 9309).

Python's own `urllib.robotparser` takes the first rule that fits and knows no wildcards; the standard wants
the longest, with wildcards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

#: How we are named in such a file.
PRODUCT = "claimwatch"
#: What of a file is read: RFC 9309 §2.5 asks for 500 KiB at least; and rules that are kept.
MOST_BYTES = 500 << 10
MOST_RULES = 5_000

_LINE = re.compile(r"\s*([A-Za-z-]{1,30})\s*:\s*(.*)")
_TOKEN = re.compile(r"[A-Za-z_-]*")


@dataclass(frozen=True, slots=True)
class _Rule:
    # Between the wildcards, percent-encoded alike.
    parts: tuple[str, ...]
    # It has to end where the path does.
    ends: bool
    allows: bool
    # How much it says: the longest rule counts, and of two the one that allows.
    length: int

    def fits(self, path: str) -> bool:
        if not path.startswith(self.parts[0]):
            return False
        at = len(self.parts[0])
        if len(self.parts) == 1:
            return not self.ends or at == len(path)
        for part in self.parts[1:-1]:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        last = self.parts[-1]
        if self.ends:
            return len(path) - len(last) >= at and path.endswith(last)
        return path.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """Of one site, for us."""

    rules: tuple[_Rule, ...] = ()

    def allow(self, path: str) -> bool:
        """Whether a path, with its query, may be read; `/robots.txt` always."""
        path = _alike(path or "/")
        if path == "/robots.txt":
            return True
        fitting = [rule for rule in self.rules if rule.fits(path)]
        return not fitting or max((rule.length, rule.allows) for rule in fitting)[1]


def read_robots(body: bytes) -> RobotsRules:
    """The rules of the groups that name us, else of those for everybody; what is no rule is left out."""
    ours: list[_Rule] = []
    everybody: list[_Rule] = []
    is_named = False
    for names, rule in _groups(body[:MOST_BYTES].decode("utf-8-sig", "replace")):
        named = PRODUCT in names
        is_named = is_named or named
        if rule is not None and (named or "*" in names):
            kept = ours if named else everybody
            if len(kept) < MOST_RULES:
                kept.append(rule)
    return RobotsRules(tuple(ours if is_named else everybody))


def _groups(text: str) -> Iterator[tuple[frozenset[str], _Rule | None]]:
    """(whom a group names, a rule of it); without a rule once for each name."""
    names: frozenset[str] = frozenset()
    in_head = False
    for line in text.splitlines():
        found = _LINE.match(line.partition("#")[0])
        if found is None:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key == "user-agent":
            token = _TOKEN.match(value)
            name = "*" if value.startswith("*") else (token[0].lower() if token else "")
            names = names | {name} if in_head else frozenset({name})
            in_head = True
            yield names, None
        elif key in ("allow", "disallow"):
            in_head = False
            if value.startswith(("/", "*")):
                yield names, _rule(value, allows=key == "allow")


def _rule(written: str, *, allows: bool) -> _Rule:
    ends = written.endswith("$")
    parts = tuple(map(_alike, written.removesuffix("$").split("*")))
    return _Rule(parts, ends, allows, length=len(written.encode()))


def _alike(path: str) -> str:
    """One spelling of the many that percent-encoding allows."""
    return quote(unquote_to_bytes(path), safe="/?:@!$&'()*+,;=~-._")
