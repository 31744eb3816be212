"""A stored match → a test that its rule carries: the least text that shows the point, in the rule's file.

The file is changed by adding lines and in no other way, so comments, quotes and order stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.core.lines import shorten
from monitor.core.rules.documents import read_document
from monitor.core.rules.formatting import UnformattableError, formatted
from monitor.core.terminal import clean, clean_block
from monitor.core.text import Span, sentence_spans
from monitor.core.types import Article, Condition

#: Longest name that is made of a title, in code points.
LONGEST_NAME = 60

Holds = Callable[[Article], bool]


class AdoptingError(ValueError):
    """The file cannot take the test; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTest:
    """A test as it will be written."""

    name: str
    # "title", "text", "lang"…: what is empty is left out; tags are a tuple.
    article: Mapping[str, str | tuple[str, ...]]
    should_match: bool
    known_gap: bool = False

    def as_value(self) -> dict[str, Any]:
        """The test as plain values, in the order in which it is written."""
        article = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.article.items()
            if value
        }
        value = {"name": self.name, "article": article, "should_match": self.should_match}
        return value | ({"known_gap": True} if self.known_gap else {})


def new_test(
    article: Article, *, should_match: bool, taken: Collection[str], name: str = "", known_gap: bool = False
) -> NewTest:
    """The test that an article makes; `taken` are names of tests that the rule has.

    Raises AdoptingError where the article has no text at all.
    """
    fields: dict[str, str | tuple[str, ...]] = {
        "title": clean(article.title),
        "summary": clean_block(article.summary).strip(),
        "text": clean_block(article.text).strip(),
        "lang": article.lang,
        "publisher": clean(article.publisher),
        "url": article.url,
        "feed": article.feed_url,
        "tags": article.tags,
    }
    if not any(fields[name] for name in ("title", "summary", "text")):
        raise AdoptingError("the article has no text")
    wanted = name or shorten(str(fields["title"] or fields["summary"] or fields["text"]), LONGEST_NAME)
    return NewTest(name=_free(wanted, taken), article=fields, should_match=should_match, known_gap=known_gap)


def _free(name: str, taken: Collection[str]) -> str:
    numbers = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbers) if one not in taken)


# ---------------------------------------------------------------- the least text


def smallest(article: Article, holds: Holds, *, context: int = 0) -> Article:
    """The article with as little text as still holds: its title, and the sentences that are needed.

    `context`: sentences kept on each side of those, or at the start where none is needed.
    What does not hold is given back unchanged. Publisher, address, feed and tags are left out unless they
    decide.
    """
    if not holds(article):
        return article
    article = _without_details(article, holds)
    text = article.text
    sentences = sentence_spans(text)

    def with_sentences(kept: Iterable[int]) -> Article:
        return replace(article, text=_joined(text, sentences, kept))

    if holds(with_sentences(())):
        needed: Sequence[int] = ()
    else:
        needed = minimise(range(len(sentences)), lambda kept: holds(with_sentences(kept)))
    around = {near for one in needed or (-1,) for near in range(one - context, one + context + 1)}
    wide = with_sentences(sorted(around & set(range(len(sentences)))))
    return wide if holds(wide) else with_sentences(needed)


def _without_details(article: Article, holds: Holds) -> Article:
    bare = replace(article, publisher="", url="", feed_url="", tags=())
    # Where it comes from decides as a whole, or not at all: `where` looks at all of it.
    article = bare if holds(bare) else article
    unsummed = replace(article, summary="")
    return unsummed if holds(unsummed) else article


def around_spans(article: Article, spans: Iterable[Span], *, context: int = 1) -> Article:
    """The article with the sentences of its text in which these spans stand, and some on each side."""
    sentences = sentence_spans(article.text)
    kept = {
        near
        for start, end in spans
        for number, (first, last) in enumerate(sentences)
        if first < end and start < last
        for near in range(number - context, number + context + 1)
    }
    shown = sorted(kept & set(range(len(sentences))))
    return replace(article, summary="", text=_joined(article.text, sentences, shown))


def _joined(text: str, sentences: Sequence[Span], kept: Iterable[int]) -> str:
    """Neighbours as they stand, a line break where something was left out: no sentence grows into another."""
    pieces: list[list[int]] = []
    for number in sorted(kept):
        if pieces and pieces[-1][-1] == number - 1:
            pieces[-1].append(number)
        else:
            pieces.append([number])
    return "\n".join(text[sentences[piece[0]][0] : sentences[piece[-1]][1]] for piece in pieces)


def minimise(parts: Sequence[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
    """Parts of which none can be left out without losing what holds for all of them, in their order.

    Delta debugging: A. Zeller and R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
    IEEE Transactions on Software Engineering 28 (2002) 183–200, algorithm ddmin.
    """
    kept, grains = list(parts), 2
    while len(kept) >= 2:
        size = -(-len(kept) // grains)
        chunks = [kept[start : start + size] for start in range(0, len(kept), size)]
        rests = [[one for one in kept if one not in set(chunk)] for chunk in chunks]
        smaller = next((chunk for chunk in chunks if holds(chunk)), None)
        if smaller is not None:
            kept, grains = smaller, 2
            continue
        rest = next((rest for rest in rests if holds(rest)), None) if len(chunks) > 2 else None
        if rest is not None:
            kept, grains = rest, max(grains - 1, 2)
        elif grains >= len(kept):
            break
        else:
            grains = min(len(kept), 2 * grains)
    return kept


def without_exclusions(condition: Condition) -> Condition:
    """The condition as it would be if nothing were excluded."""
    children = tuple(without_exclusions(child) for child in condition.children if child.operator != "none")
    return replace(condition, children=children) if condition.children else condition


# ---------------------------------------------------------------- into the file


def insert_test(text: str, rule: str, test: NewTest) -> str:
    """The rule file with the test added behind the rule's other ones; everything else stays, byte for byte.

    Raises AdoptingError where the rule is not there, or is written in a way that cannot take it.
    """
    before = read_document("", text)
    number = _number_of(before.value, rule)
    root = _composed(text)
    node = _value(_value(root, "rules"), number)
    newline = "\r\n" if "\r\n" in text else "\n"
    changed = _with_test(text, node, test, newline)
    after = read_document("", changed)
    wanted = before.value
    assert isinstance(wanted, dict)
    listed = list(wanted["rules"][number].get("tests") or [])
    new = read_document("", json.dumps(test.as_value(), ensure_ascii=False)).value
    wanted["rules"][number]["tests"] = [*listed, new]
    if after.problems or after.value != wanted:
        raise AdoptingError("the file is written in a way that an added test would change; paste it yourself")
    return changed


def test_lines(test: NewTest) -> tuple[str, ...]:
    """The test as `rules fmt` would write it, as an element of `tests:`, without indentation."""
    head = "version: 1\nrules:\n  - id: x\n    title: x\n    match: {any: [{keyword: xxx}]}\n    tests:\n"
    article = test.as_value()["article"]
    lines = [f"      - name: {_quoted(test.name)}", "        article:"]
    lines += [f"          {name}: {_quoted(value)}" for name, value in article.items()]
    lines += [f"        should_match: {str(test.should_match).lower()}"]
    lines += ["        known_gap: true"] if test.known_gap else []
    try:
        written = formatted(head + "\n".join(lines) + "\n")
    except UnformattableError as error:
        raise AdoptingError(f"no test can be made of this article: {error}") from None
    return tuple(line[6:] for line in written.split("    tests:\n", 1)[1].rstrip("\n").split("\n"))


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number_of(content: object, rule: str) -> int:
    listed = content.get("rules") if isinstance(content, dict) else None
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict) and one.get("id") == rule:
            return number
    raise AdoptingError(f"the file has no rule {rule!r}")


def _composed(text: str) -> Node:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError) as error:
        raise AdoptingError(f"the file is no YAML: {str(error).splitlines()[0]}") from None
    assert isinstance(root, Node)
    return root


def _value(node: Node, key: str | int) -> Node:
    if isinstance(key, int):
        found: Node = node.value[key]
        return found
    value: Node = next(value for name, value in node.value if name.value == key)
    return value


def _with_test(text: str, rule: Node, test: NewTest, newline: str) -> str:
    if not isinstance(rule, MappingNode) or rule.flow_style or not rule.value:
        raise AdoptingError("the rule is written in one line of braces; give it lines of its own first")
    key, tests = next(((key, value) for key, value in rule.value if key.value == "tests"), (None, None))
    if isinstance(tests, SequenceNode) and tests.flow_style:
        return _with_flow_test(text, tests, test)
    if isinstance(tests, SequenceNode):
        first = tests.value[0].start_mark.index
        line_start = text.rfind("\n", 0, first) + 1
        indent = text[line_start:first].rstrip()[:-1]
        if indent.strip():
            raise AdoptingError("the tests are written in an unusual way; paste the test yourself")
        return _with_lines(text, _end(tests), [indent + line for line in test_lines(test)], newline)
    column = " " * rule.value[0][0].start_mark.column
    lines = [f"{column}  {line}" for line in test_lines(test)]
    if key is not None:
        if not isinstance(tests, ScalarNode) or tests.value:
            raise AdoptingError("the rule's tests are no list; mend them first")
        return _with_lines(text, key.end_mark.index, lines, newline)
    return _with_lines(text, _end(rule), [f"{column}tests:", *lines], newline)


def _with_flow_test(text: str, tests: SequenceNode, test: NewTest) -> str:
    value = test.as_value()
    article = ", ".join(f"{name}: {_quoted(one)}" for name, one in value["article"].items())
    gap = ", known_gap: true" if test.known_gap else ""
    written = (
        f"{{name: {_quoted(test.name)}, article: {{{article}}}, "
        f"should_match: {str(test.should_match).lower()}{gap}}}"
    )
    if not tests.value:
        at = tests.end_mark.index - 1
        return text[:at] + written + text[at:]
    at = tests.value[-1].end_mark.index
    return f"{text[:at]}, {written}{text[at:]}"


def _with_lines(text: str, end: int, lines: Sequence[str], newline: str) -> str:
    """The lines behind the line in which something ends, and behind a comment there."""
    at = text.find("\n", end)
    before, after = (text, "") if at < 0 else (text[: at + 1], text[at + 1 :])
    if not before.endswith("\n"):
        before += newline
    return before + newline.join(lines) + newline + after


def _end(node: Node) -> int:
    """Where the last thing in a node ends: block collections end only where the next thing begins."""
    if not isinstance(node, (MappingNode, SequenceNode)) or node.flow_style or not node.value:
        block = isinstance(node, ScalarNode) and node.style in ("|", ">")
        # A block of text ends at the start of the line behind it.
        return int(node.end_mark.index) - (1 if block else 0)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, MappingNode) else last)
