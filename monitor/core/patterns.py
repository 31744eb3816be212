"""Patterns of `regex:` conditions: checked, compiled once, run with a time limit, and the letters they need.

The engine is `regex` with a limit for each search: it backtracks, so a hostile pattern runs into the limit
instead of holding up a worker. What a pattern cannot match without is read from the pattern itself, so that
it runs only where those letters stand.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from monitor.core.text import normalise

#: Characters of one pattern.
MAX_PATTERN = 2000
#: Seconds of processor time for one pattern in one field of one article.
TIME_LIMIT = 0.05
#: Places of one pattern in one field that are kept.
MAX_PLACES = 100
#: Letters or digits in a row that make a rule cheap.
MIN_LITERAL = 3

_MAX_DEPTH = 40
_FLAGS = frozenset("ims")
_OPENINGS = ("?:", "?=", "?!", "?<=", "?<!", "?>")
_NAMED = ("?P<", "?<")
# Escapes that move the match, jump, or name things that a rule file cannot have.
_REFUSED_ESCAPES = frozenset("KGLgmM")
_STRETCH = regex.compile(r"[^\W_]+(?: [^\W_]+)*")
_COUNTED = regex.compile(r"\{(\d*)(?:,\d*)?\}")
_FUZZY = regex.compile(r"\{[^{}]*[<=eids][^{}]*\}")

#: Alternatives, of which one must stand in the text, in the normal form.
Literals = frozenset[str]


class PatternError(Exception):
    """A pattern that cannot be used, with the place of the mistake in it (from 0)."""

    def __init__(self, message: str, at: int, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.help = help


def check_pattern(pattern: str) -> None:
    """Raises PatternError where the pattern is too long, no pattern, or uses what is not supported."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"longer than {MAX_PATTERN:,} characters", MAX_PATTERN, "split it into several")
    _scan(pattern)
    try:
        _compiled(pattern)
    except regex.error as error:
        raise PatternError(str(error.msg), int(error.pos or 0)) from None
    except (RecursionError, OverflowError, ValueError, MemoryError) as error:
        raise PatternError(str(error) or type(error).__name__, 0) from None


def find_pattern(pattern: str, text: str) -> tuple[tuple[int, int], ...] | None:
    """Where the pattern stands in the text, at most MAX_PLACES; None where the time ran out.

    Empty stretches do not count.
    """
    places: list[tuple[int, int]] = []
    try:
        for found in _compiled(pattern).finditer(text, timeout=TIME_LIMIT):
            if found.end() > found.start():
                places.append(found.span())
            if len(places) >= MAX_PLACES:
                break
    except (TimeoutError, MemoryError):
        return None
    return tuple(places)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.VERSION0)


@lru_cache(maxsize=4096)
def literals(pattern: str) -> tuple[Literals, ...]:
    """What must stand in a text that the pattern matches, as sets of alternatives; empty: nothing must.

    Only letters, digits and what joins them, at least three, in the normal form of texts.
    """
    return _scan(pattern)


def _scan(pattern: str) -> tuple[Literals, ...]:
    return _Scan(pattern).alternatives(0)


class _Scan:
    """One walk over a pattern. What is broken is left to the compiler, what is not supported refused."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self, depth: int) -> tuple[Literals, ...]:
        if depth > _MAX_DEPTH:
            raise PatternError(f"nests deeper than {_MAX_DEPTH} levels", self.at)
        branches = [self.sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence(depth))
        if len(branches) == 1:
            return branches[0]
        if not all(branches):
            return ()
        return (frozenset().union(*(max(branch, key=_shortest) for branch in branches)),)

    def sequence(self, depth: int) -> tuple[Literals, ...]:
        found: list[Literals] = []
        run = ""
        while self.peek() not in ("", "|", ")"):
            literal, inner = self.atom(depth)
            least, repeated = self.quantifier()
            if least == 0:
                literal, inner = "", ()
            run += literal
            if repeated or not literal:
                found += _of_run(run)
                run = ""
            found += inner
        return (*found, *_of_run(run))

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def atom(self, depth: int) -> tuple[str, tuple[Literals, ...]]:
        """One character that must be there, or what a group needs."""
        character = self.peek()
        if character == "(":
            return "", self.group(depth)
        if character == "[":
            self.character_class()
        elif character == "\\":
            return self.escape(), ()
        else:
            self.at += 1
            return ("" if character in ".^$" else character), ()
        return "", ()

    def escape(self) -> str:
        start, named = self.at, self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if named in _REFUSED_ESCAPES:
            raise PatternError(f"'\\{named}' is not supported", start, "write the words in full")
        if named in ("p", "P", "N") and self.peek() == "{":
            self.at = _after(self.pattern, "}", self.at)
        elif named in ("x", "u", "U"):
            self.at += {"x": 2, "u": 4, "U": 8}[named]
        elif named and not named.isalnum():
            return named
        return ""

    def character_class(self) -> None:
        self.at += 2 if self.pattern[self.at + 1 : self.at + 2] == "^" else 1
        if self.peek() == "]":
            self.at += 1
        while self.peek() not in ("", "]"):
            if self.peek() == "\\":
                self.at += 2
            elif self.pattern.startswith("[:", self.at) and ":]" in self.pattern[self.at :]:
                self.at = _after(self.pattern, ":]", self.at)
            else:
                self.at += 1
        self.at += 1

    def group(self, depth: int) -> tuple[Literals, ...]:
        start = self.at
        self.at += 1
        if self.peek() == "*":
            raise PatternError("'(*' is not supported", start, "write '\\(' for the bracket itself")
        counts = True
        if self.peek() == "?":
            if self.pattern.startswith("?#", self.at):
                self.at = _after(self.pattern, ")", self.at)
                return ()
            if self.pattern.startswith("?P=", self.at):
                self.at = _after(self.pattern, ")", self.at)
                return ()
            counts = self.opening(start)
            if self.pattern[self.at - 1] == ")":
                return ()
        inner = self.alternatives(depth + 1)
        self.at += 1
        return inner if counts else ()

    def opening(self, start: int) -> bool:
        """Steps over what follows "(?"; false for a look around, which needs nothing here."""
        for opening in _OPENINGS:
            if self.pattern.startswith(opening, self.at):
                self.at += len(opening)
                return opening in ("?:", "?>")
        for opening in _NAMED:
            if self.pattern.startswith(opening, self.at):
                self.at = _after(self.pattern, ">", self.at)
                return True
        end = self.at + 1
        while self.pattern[end : end + 1].isalnum() or self.pattern[end : end + 1] == "-":
            end += 1
        flags, closing = self.pattern[self.at + 1 : end], self.pattern[end : end + 1]
        if not flags or closing not in (")", ":") or set(flags) - _FLAGS - {"-"}:
            help = "there are (?:…), (?=…), (?!…), (?<=…), (?<!…), (?>…), (?P<name>…) and the flags i, m, s"
            raise PatternError(f"{self.pattern[start : end + 1]!r} is not supported", start, help)
        self.at = end + 1
        return True

    def quantifier(self) -> tuple[int, bool]:
        """The fewest repeats, and whether anything stands there at all."""
        least, repeated = 1, False
        while self.peek() and self.peek() in "*+?{":
            if self.peek() == "{":
                counted = _COUNTED.match(self.pattern, self.at)
                if counted is None:
                    self.refuse_fuzzy()
                    return least, repeated
                least = min(least, int(counted[1] or 0))
                self.at = counted.end()
            else:
                least = min(least, 1 if self.peek() == "+" or repeated else 0)
                self.at += 1
            repeated = True
        return least, repeated

    def refuse_fuzzy(self) -> None:
        if _FUZZY.match(self.pattern, self.at):
            raise PatternError("approximate matching is not supported", self.at, "write '\\{' for the brace")


def _after(text: str, closing: str, at: int) -> int:
    found = text.find(closing, at)
    return len(text) if found < 0 else found + len(closing)


def _of_run(run: str) -> list[Literals]:
    """The longest stretch of letters of a run, in the form that texts have it; none where too short."""
    stretches = [found[0] for found in _STRETCH.finditer(run)]
    long_enough = [stretch for stretch in stretches if sum(map(str.isalnum, stretch)) >= MIN_LITERAL]
    return [frozenset({normalise(max(long_enough, key=len))})] if long_enough else []


def _shortest(alternatives: Literals) -> int:
    return min(map(len, alternatives))
