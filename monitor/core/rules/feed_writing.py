"""Feeds into the text of feeds.yml and out of it: lines are added or taken away, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.core.rules.documents import read_document
from monitor.core.rules.formatting import UnformattableError, formatted
from monitor.core.types import FeedSpec, FullText

_HEAD = "version: 1\nfeeds:\n"
_EMPTY = "# What is polled.\nversion: 1\n\nfeeds: []\n"


class FeedWritingError(ValueError):
    """The file is written in a way that cannot take the change."""


def listed_feeds(text: str) -> dict[str, int]:
    """The addresses that a file lists, each with its line (from 1). Raises FeedWritingError."""
    feeds = _feeds(_composed(text)) if text.strip() else None
    if not isinstance(feeds, SequenceNode):
        return {}
    return {url: one.start_mark.line + 1 for one in feeds.value if (url := _url(one))}


def feed_line(spec: FeedSpec) -> str:
    """A feed as an element of the list, in the form of `rules fmt`, without indentation."""
    value: dict[str, Any] = {"url": spec.url}
    value |= {"publisher": spec.publisher} if spec.publisher else {}
    value |= {"tags": list(spec.tags)} if spec.tags else {}
    value |= {"lang": spec.lang} if spec.lang else {}
    value |= {} if spec.learned else {"interval": _duration(spec.interval)}
    value |= {"full_text": spec.full_text.value} if spec.full_text is not FullText.NEVER else {}
    if spec.page:
        value["page"] = {name: one for name, one in asdict(spec.page).items() if one}
    try:
        written = formatted(f"{_HEAD}  - {json.dumps(value, ensure_ascii=False)}\n")
    except UnformattableError as error:
        raise FeedWritingError(f"no line can be made of {spec.url}: {error}") from None
    return " ".join(written.removeprefix(_HEAD).split("\n")).strip()


def with_feeds(text: str, specs: Sequence[FeedSpec]) -> str:
    """The file with these feeds behind the others; an empty text becomes a file.

    Raises FeedWritingError where the file is broken, or written in a way that cannot take them.
    """
    text = text if text.strip() else _EMPTY
    lines = [feed_line(spec) for spec in specs]
    if not lines:
        return text
    feeds = _feeds(_composed(text))
    newline = "\r\n" if "\r\n" in text else "\n"
    if isinstance(feeds, SequenceNode) and feeds.value and not feeds.flow_style:
        last = feeds.value[-1]
        indent = _indent(text, feeds.value[0])
        changed = _behind(text, _end(last), [indent + line for line in lines], newline)
    elif isinstance(feeds, SequenceNode) and feeds.value:
        at = feeds.value[-1].end_mark.index
        changed = text[:at] + "".join(f", {line[2:]}" for line in lines) + text[at:]
    elif feeds is None:
        changed = text.rstrip("\r\n") + newline * 2 + newline.join(["feeds:", *(f"  {one}" for one in lines)])
        changed += newline
    else:
        start, end = feeds.start_mark.index, feeds.end_mark.index
        listed = newline + newline.join(f"  {line}" for line in lines)
        changed = text[:start].rstrip(" ") + listed + text[end:]
    return _proven(text, changed, added=lines)


def with_feed_changed(text: str, spec: FeedSpec) -> str:
    """The file with a feed written anew. Raises FeedWritingError where it is not written in braces."""
    node = _listed(text, spec.url)
    if not node.flow_style:
        raise FeedWritingError(
            f"line {node.start_mark.line + 1} lists it in a form of its own; change it there"
        )
    changed = text[: node.start_mark.index] + feed_line(spec)[2:] + text[node.end_mark.index :]
    return _proven(text, changed, without=spec.url, added=[feed_line(spec)])


def without_feed(text: str, url: str) -> str:
    """The file without a feed that it lists. Raises FeedWritingError."""
    feeds, node = _feeds(_composed(text)), _listed(text, url)
    assert isinstance(feeds, SequenceNode)
    if feeds.flow_style:
        raise FeedWritingError("the feeds are listed in one line of brackets; take it out there")
    start = text.rfind("\n", 0, node.start_mark.index) + 1
    end = text.find("\n", _end(node)) + 1 or len(text)
    if len(feeds.value) == 1:
        key = text.rfind("feeds:", 0, start)
        changed = text[:key] + "feeds: []" + text[key + len("feeds:") : start] + text[end:]
    else:
        changed = text[:start] + text[end:]
    return _proven(text, changed, without=url)


def _proven(before: str, after: str, *, without: str = "", added: Sequence[str] = ()) -> str:
    """The changed text, after reading both: nothing else may differ."""
    old, new = read_document("", before), read_document("", after)
    more = read_document("", _HEAD + "".join(f"  {line}\n" for line in added)).value if added else None
    wanted = old.value
    sound = isinstance(wanted, dict) and isinstance(wanted.get("feeds") or [], list)
    if not sound or not isinstance(wanted, dict) or old.problems or not isinstance(new.value, dict):
        raise FeedWritingError("the file has errors; `claimwatch rules lint` shows them")
    listed = [one for one in wanted.get("feeds") or [] if not (without and one.get("url") == without)]
    listed += more["feeds"] if isinstance(more, dict) else []
    by_url = {one["url"]: one for one in listed}
    found = {one["url"]: one for one in new.value.get("feeds") or []}
    rest = {key: value for key, value in wanted.items() if key != "feeds"}
    if found != by_url or {key: value for key, value in new.value.items() if key != "feeds"} != rest:
        raise FeedWritingError("the file is written in a way that this would change; edit it yourself")
    return after


def _composed(text: str) -> MappingNode:
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError) as error:
        raise FeedWritingError(f"the file is no YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(root, MappingNode) or root.flow_style:
        raise FeedWritingError("the file is no list of feeds; begin it with 'version: 1'")
    return root


def _feeds(root: MappingNode) -> Node | None:
    return next((value for key, value in root.value if key.value == "feeds"), None)


def _listed(text: str, url: str) -> MappingNode:
    feeds = _feeds(_composed(text))
    for one in feeds.value if isinstance(feeds, SequenceNode) else ():
        if _url(one) == url and isinstance(one, MappingNode):
            return one
    raise FeedWritingError(f"it does not list {url}")


def _url(node: Node) -> str:
    if not isinstance(node, MappingNode):
        return ""
    return next((str(value.value) for key, value in node.value if key.value == "url"), "")


def _indent(text: str, first: Node) -> str:
    start = text.rfind("\n", 0, first.start_mark.index) + 1
    indent = text[start : first.start_mark.index].rstrip()[:-1]
    if indent.strip():
        raise FeedWritingError("the feeds are listed in an unusual way; edit the file yourself")
    return indent


def _end(node: Node) -> int:
    """Where the last thing in a node ends: block collections end only where the next thing begins."""
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
        block = isinstance(node, ScalarNode) and node.style in ("|", ">")
        return int(node.end_mark.index) - (1 if block else 0)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, MappingNode) else last)


def _behind(text: str, end: int, lines: Sequence[str], newline: str) -> str:
    """The lines behind the line in which something ends, and behind a comment there."""
    at = text.find("\n", end)
    before, after = (text, "") if at < 0 else (text[: at + 1], text[at + 1 :])
    if not before.endswith("\n"):
        before += newline
    return before + newline.join(lines) + newline + after


def _duration(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
