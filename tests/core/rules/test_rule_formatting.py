"""Rule files in one form: the same words, the same comments, and nothing left to do the second time."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.core.rules.documents import read_document
from monitor.core.rules.formatting import _USUAL, UnformattableError, formatted
from monitor.core.rules.shapes import EntityShape, RuleShape

RULES = Path(__file__).parents[3] / "rules"


def test_indentation_quotes_and_order_are_made_one() -> None:
    text = dedent("""\
        # what is watched
        rules:
        - title: 'Ferry'   # for people
          id:   ferry
          match:
              any:
              - {keyword: ["ferry", 'паром*', "NO", '007', 'a: b']}
          tests:
          - {should_match: true, article: {title: a}, name: b}
        version: 1
        """)
    assert formatted(text) == dedent("""\
        # what is watched
        rules:
          - title: Ferry   # for people
            id: ferry
            match:
              any:
                - {keyword: [ferry, паром*, NO, "007", "a: b"]}
            tests:
              - {name: b, article: {title: a}, should_match: true}
        version: 1
        """)


def test_keys_are_put_in_order_where_no_comment_would_lose_its_place() -> None:
    assert formatted("rules:\n- title: A\n  id: a\nversion: 1\n") == (
        "version: 1\nrules:\n  - id: a\n    title: A\n"
    )


def test_entities_and_rules_are_put_in_the_order_in_which_people_read_them() -> None:
    text = "version: 1\nentities: {e: {aliases: [Eee], side: s, name: E, type: org}}\n"
    assert "{type: org, name: E, side: s, aliases: [Eee]}" in formatted(text)
    text = "version: 1\nrules: [{tests: [], match: {}, owner: o, title: A, id: a}]\n"
    assert "{id: a, title: A, owner: o, match: {}, tests: []}" in formatted(text)
    assert {tuple(sorted(order)) for order in _USUAL} == {
        tuple(sorted(shape.model_fields)) for shape in (EntityShape, RuleShape)
    }


def test_a_comment_that_would_be_lost_keeps_the_file_as_it_is() -> None:
    with pytest.raises(UnformattableError, match="comment"):
        formatted("{version: 1}\n# one\n")


BROKEN = ["", "[", "- a\n", "version: 1\nversion: 1\n", "version: 1\nlists: {a: [b\n"]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(UnformattableError, match="broken"):
        formatted(text)


@pytest.mark.parametrize("path", sorted(RULES.rglob("*.yml")), ids=lambda path: path.name)
def test_the_shipped_files_keep_their_words_and_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = formatted(text)
    assert read_document("", once).value == read_document("", text).value
    assert [line for line in once.splitlines() if line.lstrip().startswith("#")] == [
        line for line in text.splitlines() if line.lstrip().startswith("#")
    ]
    assert formatted(once) == once


WORDS = st.sampled_from(
    [
        "a",
        "NO",
        "007",
        "1.10",
        "true",
        "True",
        "~",
        "a: b",
        "# c",
        "it's",
        'say "x"',
        "back\\slash",
        "Крокус",
        "$l",
        "*x",
    ]
)
VALUES = st.recursive(
    WORDS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)
COMMENTS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["# one", "   # two", ""])), max_size=4)


class _Text(list[str]):
    write = list.append


@given(
    content=st.dictionaries(
        st.sampled_from(["rules", "version", "lists", "entities", "x"]), VALUES, min_size=1
    ),
    comments=COMMENTS,
    flow=st.booleans(),
    indent=st.integers(2, 5),
)
@settings(max_examples=60, deadline=None)
def test_formatting_again_changes_nothing_and_no_word_or_comment_is_lost(
    content: dict[str, object], comments: list[tuple[int, str]], flow: bool, indent: int
) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = flow
    yaml.encoding = None
    yaml.allow_unicode = True
    yaml.indent(mapping=indent, sequence=indent, offset=indent - 2)
    written = _Text()
    yaml.dump(content, written)
    lines = "".join(written).splitlines()
    for at, comment in comments:
        lines.insert(min(at, len(lines)), comment)
    text = "\n".join(lines) + "\n"
    try:
        once = formatted(text)
    except UnformattableError:
        return
    assert formatted(once) == once
    assert read_document("", once).value == read_document("", text).value
    before = read_document("", text)
    if not before.problems:
        assert once.count("# one") == text.count("# one")
        assert once.count("# two") == text.count("# two")
