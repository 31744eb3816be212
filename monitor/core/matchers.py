"""Label matchers, the one language of routes and silences: `severity = high`, `kind in (match, update)`.

Written as in Alertmanager, with `in` beside. `=~` takes patterns as rules do (`monitor.core.patterns`):
checked when they are read, run with a limit of time, and they have to fit the whole value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import regex

from monitor.core.patterns import TIME_LIMIT, PatternError, check_pattern
from monitor.core.types.routes import Matcher, MatchOperator

#: Labels that alerts carry, where they apply (docs/alerts.md says when).
LABELS = frozenset(
    {
        "kind", "rule", "severity", "status", "owner", "publisher", "lang", "min_origins",
        "speaker", "entity", "stance", "voice", "origins", "other_speaker", "other_publisher",
        "conflict", "scope", "grade", "disputed", "again", "reopens", "story",
        "about", "receiver", "resolved", "test",
    }
)  # fmt: skip

#: Code points of one matcher as written.
LONGEST = 2500
MOST_VALUES = 200

_WRITTEN = regex.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!=|=|in\b)\s*(.*?)\s*", regex.DOTALL)
_VALUE = regex.compile(r'\s*(?:"((?:[^"\\]|\\.)*+)"|([^,"]*?))\s*(,|$)')
_HELP = "write severity = high, owner != me, speaker =~ Mayor.* or kind in (match, update)"


class MatcherError(Exception):
    """A matcher that cannot be used; `at` is the place of the mistake in it, from 0."""

    def __init__(self, message: str, at: int = 0, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.help = help


def read_matcher(written: str) -> Matcher:
    """The matcher of `label = value`, `label != value`, `label =~ pattern` or `label in (one, two)`.

    A value may stand in double quotes, and has to where it has a comma inside `in (…)`.
    Raises MatcherError.
    """
    if len(written) > LONGEST:
        raise MatcherError(f"longer than {LONGEST:,} characters", LONGEST)
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise MatcherError(f"{written!r} is no matcher", help=_HELP)
    label, operator = found[1], MatchOperator(found[2])
    if operator is MatchOperator.IN:
        return Matcher(label=label, operator=operator, values=_listed(found[3], found.start(3)))
    value = _one_value(found[3])
    return checked(Matcher(label=label, operator=operator, values=(value,)), found.start(3))


def checked(matcher: Matcher, at: int = 0) -> Matcher:
    """The same, its pattern looked at. Raises MatcherError; `at` is where the pattern begins."""
    if matcher.operator is MatchOperator.LIKE:
        try:
            check_pattern(matcher.values[0])
        except PatternError as error:
            raise MatcherError(error.message, at + error.at, error.help) from None
    return matcher


def first_disagreement(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> Matcher | None:
    """The first matcher that the labels do not fit; None: all agree."""
    return next((one for one in matchers if not agrees(one, labels)), None)


def agrees(matcher: Matcher, labels: Mapping[str, str]) -> bool:
    """Does the label fit? A pattern that runs out of time does not, so nothing is held or sent by it."""
    value = labels.get(matcher.label, "")
    match matcher.operator:
        case MatchOperator.IS:
            return value == matcher.values[0]
        case MatchOperator.IS_NOT:
            return value != matcher.values[0]
        case MatchOperator.IN:
            return value in matcher.values
        case MatchOperator.LIKE:
            try:
                return _compiled(matcher.values[0]).fullmatch(value, timeout=TIME_LIMIT) is not None
            except (TimeoutError, MemoryError):
                return False


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.VERSION0)


def _one_value(written: str) -> str:
    if len(written) >= 2 and written[0] == written[-1] == '"':
        return _unescaped(written[1:-1])
    return written


def _listed(written: str, at: int) -> tuple[str, ...]:
    if not (written.startswith("(") and written.endswith(")")):
        raise MatcherError("'in' is followed by values in parentheses", at, _HELP)
    inner = written[1:-1]
    values: list[str] = []
    place = 0
    while place <= len(inner):
        found = _VALUE.match(inner, place)
        if found is None:
            raise MatcherError("the list of values cannot be read", at + 1 + place, _HELP)
        values.append(_unescaped(found[1]) if found[1] is not None else found[2])
        if not found[3]:
            break
        place = found.end()
    if values == [""]:
        raise MatcherError("the list of values is empty", at, _HELP)
    if len(values) > MOST_VALUES:
        raise MatcherError(f"more than {MOST_VALUES} values", at)
    return tuple(values)


def _unescaped(text: str) -> str:
    return str(regex.sub(r"\\(.)", r"\1", text))
