"""Simple markup is read without a parser of HTML, and then with the very text that the parser gives."""

from __future__ import annotations

import html
import random

import pytest

from monitor.core.edits import is_printable
from monitor.feeds import plain
from monitor.feeds.plain_tags import lines_of

_NAMES = (
    *("p", "p", "div", "blockquote", "ul", "ol", "li", "li", "h1", "h2"),
    *("a", "b", "br", "hr", "img"),
)
_TEXTS = (
    *("word", " two words ", "x > y", "&amp;", " ", "", "\n", "a &nbsp; b", "&lt;p&gt;", "AT & T", "é"),
    *("&rsquo;", "&#8217;", "  gap  here "),
)


def _nested(chance: random.Random, depth: int = 0) -> str:
    name = chance.choice(_NAMES)
    if name in ("br", "hr", "img"):
        return f"<{name}>"
    inside = [
        _nested(chance, depth + 1) if depth < 4 and chance.random() < 0.5 else chance.choice(_TEXTS)
        for _ in range(chance.randint(0, 4))
    ]
    if name in ("ul", "ol"):
        inside = [f"<li>{one}</li>" for one in inside]
    return f"<{name}>{''.join(inside)}</{name}>"


def _scattered(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(_TEXTS)
    name = chance.choice(_NAMES)
    return chance.choice((f"<{name}>", f"</{name}>", f"<{name}/>", f"<{name} class=\"x\" href='y'>"))


def test_what_is_taken_reads_as_the_parser_reads_it() -> None:
    chance = random.Random(7)
    taken = 0
    for number in range(4000):
        make = _nested if number % 2 else _scattered
        markup = "".join(make(chance) for _ in range(chance.randint(1, 8)))
        flat = markup.replace("\n", " ")
        lines = lines_of(flat) if is_printable(flat) else None
        if lines is not None:
            taken += 1
            assert plain.from_html(markup) == plain._by_parser(markup), markup
    assert taken > 800


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p>\n<p>Two <b>bold</b> words</p>", "One\n\nTwo bold words"),
        ('<p class="lead">One<br/>line<br />more</p>', "One\nline\nmore"),
        ('A <a href="http://x.test/?a=1" title="not this">link</a>.', "A link."),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("<h2>Head</h2>body <img src='a.png' alt='not this'>", "Head\n\nbody"),
        ("AT & T &amp; &quot;more&quot;&nbsp;&nbsp;x", 'AT & T & "more" x'),
        ("", ""),
    ],
)
def test_ordinary_markup_is_taken(markup: str, text: str) -> None:
    lines = lines_of(markup.replace("\n", " "))
    assert lines is not None
    assert plain.clean(html.unescape(lines)) == text == plain._by_parser(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x</script>",
        "<table><tr><td>a</td></tr></table>",
        "<!-- a --> b",
        "<div><blockquote>a</div></blockquote>",
        "a</div>b",
        "<li>a",
        "<h1>a<h2>b</h2></h1>",
        "<p",
        "a < b",
        "<P>a</P>",
        "<p/>a",
        "<p onclick=a>b</p>",
        '<a href="x>y">b</a>',
        '<a href="&#x61;">b</a>',
        "a&#10;b",
        "a&ensp;b",
        "AT&T",
    ],
)
def test_what_leaves_a_doubt_is_the_parsers(markup: str) -> None:
    assert lines_of(markup) is None
