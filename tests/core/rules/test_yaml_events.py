"""Both YAML parsers say the same wherever the fast one is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.rules import documents
from monitor.core.rules.documents import Document, Loc, read_document
from monitor.core.rules.problems import Place
from monitor.core.rules.yaml_events import REFUSED, fast_events, is_plain

ROOT = Path(__file__).resolve().parents[3]
TEXTS = {
    **{
        str(path.relative_to(ROOT)): path.read_text("utf-8")
        for path in sorted((ROOT / "rules").rglob("*.yml"))
    },
    **{
        f"docs/rules.md block {number}": block
        for number, block in enumerate(
            re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "rules.md").read_text("utf-8"), re.DOTALL)
        )
    },
    "anchors": "a: &a [x, &b y]\nb: *a\nc: {d: *b, *b : e}\n",
    "an anchor again": "a: &a x\nb: &a y\nc: *a\n",
    "scalars": "a: NO\nb: 007\nc: ~\nd:\ne: 'null'\ng: |\n  one\n   two\nh: >-\n  one\n  two\n",
    "flow over lines": "a: [one,\n  two, {b: c,\n  d: e}]\n",
    "line ends": "a: 1\r\nb:\r\n- x\r\n- y\r\n",
    "other scripts": "тест: [Київ, 東京, '😀', \"\\u00e9\"]\n",
}
BITS = [
    "\n",
    " ",
    "  ",
    ": ",
    ":",
    "- ",
    "-",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " #",
    "|",
    ">",
    "&a ",
    "*a",
]
BITS += [
    "!",
    "!!str ",
    "?",
    "? ",
    "~",
    "\r",
    "---",
    "--- ",
    "...",
    "\\",
    "😀",
    "é",
    "0",
    "null",
    "<<: ",
    "|-",
    "\xa0",
]


def by(parser: str, text: str) -> Document:
    """The text read by one parser alone."""
    document = Document(path="a.yml", text=text)
    events = fast_events if parser == "fast" else documents.slow_events
    builder = documents._Builder(
        document, document._index, events(text), whole=True, scalar=documents.written
    )
    document.value = builder.value()
    return document


def assert_alike(text: str) -> None:
    """Values, problems and places agree, wherever libyaml would be used and reads the text."""
    if not is_plain(text):
        return
    try:
        fast = by("fast", text)
    except (*REFUSED, documents._GivenUpError):
        return
    slow = by("slow", text)
    assert fast.value == slow.value
    assert fast.problems == slow.problems
    # They disagree about where something stands that is not there.
    missing = {loc for loc, (start, end) in fast._index.extents.items() if start == end}
    assert _without(fast._index.places, missing) == _without(slow._index.places, missing)
    assert fast._index.key_places == slow._index.key_places
    for loc, (start, end) in fast._index.extents.items():
        first, last = slow._index.extents[loc]
        # And about white space behind a value.
        assert text[start:end].strip() == text[first:last].strip()


def _without(places: dict[Loc, Place], missing: set[Loc]) -> dict[Loc, Place]:
    return {loc: place for loc, place in places.items() if loc not in missing}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_both_parsers_read_the_same(text: str) -> None:
    assert is_plain(text)
    fast = by("fast", text)
    assert fast.value is not None
    assert_alike(text)


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from(sorted(TEXTS.values())),
    start=st.floats(0, 1),
    length=st.integers(20, 300),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), st.sampled_from(["", *BITS])), max_size=3),
)
def test_what_both_parsers_take_they_read_the_same(
    text: str, start: float, length: int, edits: list[tuple[float, int, str]]
) -> None:
    at = int(start * len(text))
    text = text[at : at + length]
    for where, drop, put in edits:
        at = int(where * len(text))
        text = text[:at] + put + text[at + drop :]
    assert_alike(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: |# c\n  b",
        "a: !!str b",
        "a: [!,]",
        "a: 1\n&b: c",
        "a: >-2#",
        "a:\tb",
        "a: x\x85b: y",
        "a: x\u2028b: y",
        "a: \ufeffx",
        "%YAML 1.1\n---\na: 010",
        "a: b\n%TAG ! x",
    ],
)
def test_texts_on_which_the_parsers_differ_are_not_for_the_fast_one(text: str) -> None:
    assert not is_plain(text)


MISTAKES = [
    ("a: [", "yaml-syntax"),
    ("a: b: c", "yaml-syntax"),
    ("a: *nobody", "yaml-syntax"),
    ("a: &a [*a]", "too-deep"),
    ("a: 1\n--- \nb: 2", "yaml-syntax"),
    ("a: 1\na: 2", "duplicate-key"),
    ("? [a]\n: b", "bad-key"),
    ("# nothing", "missing-key"),
    ("[" * 200_000, "too-deep"),
    ("{a: " * 200_000, "too-deep"),
    ("- " * 400_000, "too-deep"),
    ("{" + "a, " * 300_000 + "}", "too-large"),
    ("a: 1\n" * 5_000, "duplicate-key"),
    ("? " * 400_000, "too-deep"),
    ("[" + "a: b, " * 150_000 + "]", "too-large"),
]


@pytest.mark.parametrize(("text", "code"), MISTAKES, ids=[text[:12] for text, _ in MISTAKES])
def test_a_mistake_is_one_problem_and_never_a_crash(text: str, code: str) -> None:
    document = read_document("a.yml", text)
    assert document.problems[0].code == code


def test_a_place_deep_in_a_file_is_found_when_it_is_asked_for() -> None:
    text = "version: 1\nrules:\n  - id: a\n    tests:\n      - {name: one, article: {title: x}}\n"
    loc = ("rules", 0, "tests", 0, "article", "title")
    later, at_once = read_document("a.yml", text), read_document("a.yml", text, places=True)
    assert loc not in later._index.places
    assert later.place(loc) == at_once.place(loc)
    assert (later.place(loc).line, later.place(loc).column) == (5, 38)
    assert later.place(loc, of_key=True).column == 31
    assert later.source_of(("rules", 0)) == at_once.source_of(("rules", 0))


def test_a_document_types_its_values_by_the_core_schema() -> None:
    text = "[1, -2, 0x1f, 0o17, 1.5, 1e3, .inf, true, NO, yes, '1', 1_000, ~, 010, !!str 5, .nan, 1.]"
    document = read_document("a.yml", text)
    assert document.value == [
        *["1", "-2", "0x1f", "0o17", "1.5", "1e3", ".inf", "true", "NO", "yes", "1", "1_000", None],
        *["010", "5", ".nan", "1."],
    ]
    assert document.typed == [
        *[1, -2, 31, 15, 1.5, 1000.0, ".inf", True, "NO", "yes", "1", "1_000", None, 10, "5", ".nan", 1.0]
    ]
