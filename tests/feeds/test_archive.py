"""Lines of an archive: read one by one, complained about one by one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.core.polling import content_hash
from monitor.core.types import KnownEntry
from monitor.feeds.archive import ArchivedArticle, BadLine, batches, plan_versions, read_lines

GOOD = {"url": "https://a.example/1", "title": "T", "text": "Words.", "publisher": "P", "lang": "en"}


def one(**changes: object) -> ArchivedArticle | BadLine:
    line = {name: value for name, value in (GOOD | changes).items() if value is not None}
    (read,) = read_lines([json.dumps(line).encode()])
    return read


def good(**changes: object) -> ArchivedArticle:
    read = one(**changes)
    assert isinstance(read, ArchivedArticle)
    return read


def test_a_line_becomes_an_entry() -> None:
    read = good(published_at="2024-03-26T10:00:00Z", guid="g1")
    assert read.entry.url == "https://a.example/1"
    assert read.entry.published_at == datetime(2024, 3, 26, 10, tzinfo=UTC)
    assert read.identity == "import|P|guid:g1"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"publisher": None}, "no publisher"),
        ({"url": None}, "no url or guid"),
        ({"title": "", "text": ""}, "no title or text"),
        ({"text": 7}, "text: not a text"),
        ({"url": "javascript:alert(1)"}, "not an http or https address"),
        ({"published_at": "yesterday"}, "published_at: not a time"),
        ({"published": "2024"}, "unknown field 'published'"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_the_reason(changes: dict[str, object], complaint: str) -> None:
    read = one(**changes)
    assert isinstance(read, BadLine)
    assert complaint in read.complaint


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"url": 1e999}', b"nonsense"]
)
def test_what_is_no_object_is_a_bad_line_and_the_next_is_read(line: bytes) -> None:
    first, second = read_lines([line, json.dumps(GOOD).encode()])
    assert isinstance(first, BadLine)
    assert first.number == 1
    assert isinstance(second, ArchivedArticle)
    assert second.number == 2


def test_empty_lines_are_passed_over_but_counted_in_the_numbers() -> None:
    (read,) = read_lines([b"\n", b"  \n", json.dumps(GOOD).encode()])
    assert read.number == 3


def test_control_characters_and_lone_surrogates_are_taken_out() -> None:
    read = good(title="a\x1b[31mb\x00", text="c\ud800d")
    assert read.entry.title == "a[31mb"
    assert read.entry.text == "cd"


def test_the_language_is_found_where_it_is_not_given() -> None:
    text = "Сегодня в городе прошло большое собрание жителей нескольких районов."
    assert good(lang=None, text=text).entry.lang == "ru"


def test_the_same_text_again_is_no_version_and_another_text_is_the_next() -> None:
    before = good()
    known = {before.identity: KnownEntry(article_id=7, version=2, content_hash=content_hash(before.entry))}
    assert plan_versions([good()], known) == ()
    (planned,) = plan_versions([good(text="Other words.")], known)
    assert (planned.article_id, planned.version) == (7, 3)
    (new,) = plan_versions([good()], {})
    assert (new.article_id, new.version) == (None, 1)


def test_a_second_version_waits_for_the_batch_after_its_first() -> None:
    articles = [
        good(),
        good(url="https://a.example/2"),
        good(text="Changed."),
        good(url="https://a.example/3"),
    ]
    sizes = [len(batch) for batch in batches(articles, 10)]
    assert sizes == [2, 2]
    assert [len(batch) for batch in batches(articles[:2], 1)] == [1, 1]
