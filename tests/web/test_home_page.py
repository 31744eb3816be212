"""The first page: conflicts first, what is merely new folded by story, one kind by its address."""

from __future__ import annotations

from newsroom import ENGINEER, MINISTER, RUSSIAN, Site
from test_pages import page


def test_a_conflict_is_a_card_and_a_new_claim_is_a_line_of_its_story(story_site: Site) -> None:
    shown = page(story_site, "/")
    cards = [text for _, text in shown.all("article")]
    assert len(cards) == 2
    assert all(ENGINEER.quote in card for card in cards)
    assert {quote in " ".join(cards) for quote in (MINISTER.quote, RUSSIAN.quote)} == {True}
    (fold,) = (text for _, text in shown.all("details"))
    assert fold.startswith(f"{ENGINEER.title} 1 new, the last")
    assert f"{ENGINEER.speaker} says {ENGINEER.quote}" in fold
    assert shown.all("q")[0][0]["lang"] == "en"


def test_each_kind_has_a_count_and_an_address(story_site: Site) -> None:
    (links,) = (text for _, text in page(story_site, "/").all("nav", **{"class": "facets"}))
    assert links.startswith("all 3 contradiction 2 new claim 1")
    for kind, count in (("contradiction", 2), ("new_claim", 1), ("reversal", 0)):
        shown = page(story_site, f"/?kind={kind}")
        assert len(shown.all("article")) == count
        assert not shown.all("details")
        (chosen,) = (given for given, _ in shown.all("a", **{"aria-current": "true"}))
        assert chosen["href"] == f"/?kind={kind}"
    assert "No alerts of this kind" in page(story_site, "/?kind=reversal").text


def test_a_kind_that_there_is_not_is_not_found(story_site: Site) -> None:
    assert "There is no kind of alert" in page(story_site, "/?kind=<b>", 404).text
