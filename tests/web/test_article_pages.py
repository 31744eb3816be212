"""The page of an article: any version as it was kept, and what an edit changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from newsroom import ENGINEER, HOSTILE, SCRIPT, Site, _version, ledger, settings, site
from test_pages import Page

from monitor.core.types import PlannedVersion
from monitor.store.ingest import save_imported


def edited(version: PlannedVersion, number: int, **fields: str) -> PlannedVersion:
    entry = replace(version.entry, **fields)  # type: ignore[arg-type]  # texts by name
    return replace(version, version=number, article_id=1, content_hash=str(number), entry=entry)


def test_an_edit_is_shown_word_by_word_and_every_version_stays(tmp_path: Path) -> None:
    first = _version(ENGINEER)
    title = "Engineer warned of leaks for years"
    second = edited(first, 2, title=title, text=first.entry.text.replace("letters", "three letters"))
    third = edited(second, 3, title=title, text=second.entry.text)
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        for version in (first, second, third):
            save_imported(db, [version], backfill=False)
        page = Page(served.get("/articles/1?version=2").text)
        assert [words for _, words in page.all("del")] == ["cracks"]
        assert [words for _, words in page.all("ins")] == ["leaks", "three"]
        assert page.all("h1")[0][1] == title
        assert {given["href"] for given, _ in page.all("a")} >= {
            "/articles/1?version=1",
            "/articles/1?version=3",
            "https://engineer.example/dam",
        }
        assert "What the edit changed" not in served.get("/articles/1?version=1").text
        assert "are those of version 2" in Page(served.get("/articles/1").text).text


def test_a_hostile_edit_stays_text(tmp_path: Path) -> None:
    first = _version(HOSTILE)
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        for version in (first, edited(first, 2, text=f"After {SCRIPT} \u202e</ins>{{{{ 7*7 }}}}.")):
            save_imported(db, [version], backfill=False)
        shown = served.get("/articles/1").text
        page = Page(shown)
        assert not page.all("script")
        assert not page.all("img")
        assert "\u202e" not in shown
        assert "{{ 7*7 }}" in page.text
        assert not [given for given, _ in page.all("a") if "javascript" in given.get("href", "")]


def test_what_is_not_there_is_a_404(story_site: Site) -> None:
    for path in ("/articles/999", "/articles/1?version=9", "/articles/0", f"/articles/{2**70}"):
        assert story_site.get(path).status_code == 404


def test_a_claim_leads_to_the_article_that_it_stands_in(story_site: Site) -> None:
    page = Page(story_site.get("/claims/1").text)
    (path,) = [given["href"] for given, words in page.all("a") if words == "the text that we read"]
    assert ENGINEER.quote in Page(story_site.get(path).text).text
