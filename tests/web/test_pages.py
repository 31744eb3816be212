"""The pages, as a real server serves them from a real ledger."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from newsroom import (
    ENGINEER,
    MINISTER,
    RUSSIAN,
    SCRIPT,
    Site,
    alive,
    beating,
    ledger,
    rules_folder,
    settings,
    site,
)

from monitor.web.guard import CONTENT_SECURITY_POLICY

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A page as a browser would build it: elements with their attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[int] = []
        self.feed(html)
        assert self._open == [], "elements were left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.elements[index][2].append(data)

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str], str]]:
        return [
            (given, " ".join("".join(text).split()))
            for name, given, text in self.elements
            if name == tag and all(given.get(key) == value for key, value in attributes.items())
        ]

    @property
    def text(self) -> str:
        return self.all("body")[0][1]


def page(site: Site, path: str, status: int = 200) -> Page:
    answer = site.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


# ---------------------------------------------------------------- the first page


def test_the_first_page_shows_both_sides_with_their_words_and_language(story_site: Site) -> None:
    quotes = page(story_site, "/").all("blockquote")
    shown = {(attributes["lang"], text) for attributes, text in quotes}
    assert {("en", ENGINEER.quote), ("en", MINISTER.quote), ("ru", RUSSIAN.quote)} <= shown


def test_the_first_page_says_who_where_when_why_and_what_became_of_it(story_site: Site) -> None:
    shown = page(story_site, "/")
    card = next(text for _, text in shown.all("article") if MINISTER.quote in text and ENGINEER.quote in text)
    for part in (
        "high",
        "contradiction",
        "Ada Brook says",
        "Carl Weir denies",
        "Valley News, 5 h ago",
        "River Post, 1 h ago",
        "Why Ada Brook says the dam was cracked; Carl Weir says that it was not.",
        "Rule dam-claims",
        "waiting for desk",
    ):
        assert part in card
    assert [time for time, _ in shown.all("time")]
    assert all("datetime" in time for time, _ in shown.all("time"))


def test_the_first_page_counts_feeds_rules_and_processes(story_site: Site) -> None:
    assert story_site.db is not None
    beating(story_site.db)
    shown = page(story_site, "/")
    (numbers,) = (text for attributes, text in shown.all("ul", **{"class": "numbers"}))
    assert "2 feeds" in numbers
    assert "1 rule" in numbers
    rows = [text for _, text in shown.all("tr")]
    assert any(row.startswith("poller 1 running") for row in rows)
    assert any(row.startswith("worker 1 running") for row in rows)
    assert any("https://valley.example/rss not read yet never" in row for row in rows)


def test_a_page_can_be_found_around_without_eyes(story_site: Site) -> None:
    for path in ("/", "/alerts/1", "/claims/1", "/contradictions/1", "/nothing"):
        shown = page(story_site, path, 404 if path == "/nothing" else 200)
        assert len(shown.all("h1")) == 1
        assert shown.all("html")[0][0]["lang"] == "en"
        for landmark in ("header", "nav", "main", "footer"):
            assert shown.all(landmark), f"{path} has no {landmark}"
        assert next(tag for tag, _, _ in shown.elements if tag in ("h1", "h2", "h3")) == "h1"
        assert all(attributes.get("scope") for attributes, _ in shown.all("th"))
        identities = [given["id"] for _, given, _ in shown.elements if "id" in given]
        assert len(identities) == len(set(identities))
        targets = {given["href"][1:] for given, _ in shown.all("a") if given.get("href", "").startswith("#")}
        assert targets <= set(identities)


def test_an_empty_ledger_says_what_to_do_next(tmp_path: Path) -> None:
    with ledger(tmp_path) as db:
        with site(db, settings(tmp_path)) as bare:
            shown = page(bare, "/").text
            assert "No alerts yet Watching 0 feeds with 1 rule; last article none yet." in shown
            assert "Next: tell Claimwatch what to read, with claimwatch feeds add URL" in shown
            assert "poller not running" in shown
        alive(db)
        with site(db, settings(tmp_path)) as watching:
            assert "Next: wait for the first poll, or run claimwatch once" in page(watching, "/").text


def test_broken_rule_files_are_shown_while_the_last_good_set_stays(tmp_path: Path) -> None:
    with ledger(tmp_path) as db, site(db, settings(tmp_path)) as served:
        assert "errors" not in page(served, "/").text
        rules_folder(
            tmp_path, "rules:\n  - id: dam-claims\n    match: {any: [{keyword: dam}]}\n    sevrity: high\n"
        )
        served_problem = _await_text(served, "The rule files have errors")
        assert "The last good set of 1 rules stays in force" in served_problem
        assert "dam.yml" in served_problem


def _await_text(served: Site, words: str) -> str:
    """The watcher looks at the disk once a second."""
    import time

    until = time.monotonic() + 15
    while words not in (text := page(served, "/").text):
        assert time.monotonic() < until, text
        time.sleep(0.2)
    return text


# ---------------------------------------------------------------- one alert, one contradiction, one claim


def test_a_contradiction_stands_in_two_columns_with_its_surroundings(story_site: Site) -> None:
    shown = page(story_site, "/contradictions/1")
    left, right = shown.all("article")
    assert "The river rose again on Monday. Ada Brook, who inspected the site, said the dam" in left[1]
    assert "Nobody at the ministry answered her letters." in left[1]
    assert [text for _, text in shown.all("mark")] == [ENGINEER.quote, MINISTER.quote]
    assert "Ada Brook says the dam was cracked; Carl Weir says that it was not." in shown.text
    (link,) = (given for given, text in shown.all("a") if text == ENGINEER.title)
    assert link["href"] == "https://engineer.example/dam"
    assert {"noreferrer", "noopener"} <= set(link["rel"].split())
    assert right[1].startswith("B Carl Weir denies")


def test_every_alert_and_claim_has_a_page_of_its_own(story_site: Site) -> None:
    links = {given["href"] for given, _ in page(story_site, "/").all("a")}
    pages = [link for link in links if re.match(r"/alerts/\d+", link)]
    assert len(pages) >= 3
    for link in pages:
        for given, _ in page(story_site, link).all("a"):
            if given["href"].startswith("/claims/"):
                page(story_site, given["href"])


@pytest.mark.parametrize("path", ["/alerts/999", "/claims/0", f"/contradictions/{10**20}", "/claims/x"])
def test_what_does_not_exist_is_not_found_in_words(story_site: Site, path: str) -> None:
    shown = page(story_site, path, 404)
    assert "There is no" in shown.text
    assert "To the alerts" in shown.text


# ---------------------------------------------------------------- hostile feeds


@pytest.mark.parametrize("path", ["/", "/alerts/1", "/alerts/2", "/claims/2", "/contradictions/1"])
def test_markup_from_a_feed_stays_text(hostile_site: Site, path: str) -> None:
    shown = page(hostile_site, path)
    assert shown.all("script") == []
    assert shown.all("img") == []
    assert shown.all("b") == [] or path == "/"
    for _, attributes, _ in shown.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not attributes.get("href", "").lower().startswith("javascript")
        assert "style" not in attributes


def test_a_hostile_quote_is_shown_word_for_word(hostile_site: Site) -> None:
    shown = page(hostile_site, "/claims/2")
    assert [text for _, text in shown.all("mark")] == [f"</blockquote></p>{SCRIPT}{{{{ 7*7 }}}}"]


def test_every_answer_forbids_scripts_framing_and_referrers(story_site: Site) -> None:
    for path in ("/", "/healthz", "/nothing", "/api/v1/alerts", "/api/v1/nothing", "/static/claimwatch.css"):
        headers = story_site.get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_pages_load_nothing_but_their_own_style(story_site: Site) -> None:
    shown = page(story_site, "/")
    # An alternate is offered to feed readers, and not loaded.
    loaded = [given["href"] for given, _ in shown.all("link") if given["rel"] != "alternate"]
    assert loaded == ["/static/claimwatch.css"]
    style = story_site.get("/static/claimwatch.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "url(" not in style.text
    assert "@import" not in style.text
    assert "prefers-color-scheme: dark" in style.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8420", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8420", 200),
        ("attacker.example", 421),
        ("127.0.0.1.attacker.example:8420", 421),
        ("localhost.attacker.example", 421),
        ("", 421),
    ],
)
def test_a_name_that_was_made_to_point_here_gets_nothing(story_site: Site, host: str, status: int) -> None:
    for path in ("/", "/api/v1/claims", "/healthz"):
        answer = story_site.get(path, Host=host)
        assert answer.status_code == status
        assert ("dam" in answer.text and status == 421) is False


CONTRAST = 4.5
SEVERITIES = ("low", "medium", "high", "critical")


def test_text_is_readable_in_light_and_in_dark(story_site: Site) -> None:
    css = story_site.get("/static/claimwatch.css").text
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    grounds = ["ground", "card", "chip"]
    for block in (light, dark):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        pairs = [(ink, ground) for ink in ("ink", "soft", "link", "ok", "bad") for ground in grounds]
        pairs += [
            (ink, ground) for ink in ("low", "medium", "high", "critical") for ground in ("card", "chip")
        ]
        pairs += [(ink, f"{side}-ground") for side in "ab" for ink in ("ink", "soft", side, "link")]
        pairs += [("ink", "mark"), ("ink", "bad-ground"), ("bad", "bad-ground")]
        for ink, ground in pairs:
            assert _contrast(colours[ink], colours[ground]) >= CONTRAST, (ink, ground, block[:40])


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
