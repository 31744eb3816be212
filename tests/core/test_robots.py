"""What robots.txt lets us read, by the cases of RFC 9309."""

from __future__ import annotations

import pytest

from monitor.core.robots import MOST_RULES, read_robots

GROUPS = """
User-agent: other
Disallow: /

user-agent: ClaimWatch/1.0 (news)
User-Agent: another  # with a remark
Disallow: /private
Allow: /private/but/this

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("written", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r", "/a", False),
        (GROUPS, "/private/x", False),
        (GROUPS, "/private/but/this?x=1", True),
        (GROUPS, "/news", True),
        # A group that names us and says nothing allows all, whatever holds for everybody.
        ("User-agent: claimwatch\n\nUser-agent: x\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: claimwatch\nAllow: /\nUser-agent: *\nDisallow: /", "/a", True),
        # The longest decides, and where two are equal the one that allows.
        ("User-agent: *\nDisallow: /\nAllow: /news", "/news/1", True),
        ("User-agent: *\nAllow: /news\nDisallow: /news/old", "/news/old/1", False),
        ("User-agent: *\nDisallow: /news\nAllow: /news", "/news", True),
        # Wildcards, and the end.
        ("User-agent: *\nDisallow: /*?print", "/a/b?print=1", False),
        ("User-agent: *\nDisallow: /*?print", "/a/b?x=1", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: *a*b*c", "/xaybzc", False),
        ("User-agent: *\nDisallow: *aXa$", "/aXa", False),
        ("User-agent: *\nDisallow: /ab*ba$", "/aba", True),
        # One path has many spellings.
        ("User-agent: *\nDisallow: /%7Eann", "/~ann/1", False),
        ("User-agent: *\nDisallow: /новости", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", False),
        # What is no rule is none.
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: a\nCrawl-delay: 10\nnonsense\n: /\n\x00", "/a", True),
        ("<html>User-agent: *<br>Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
    ],
)
def test_the_rule_that_says_most_decides(written: str, path: str, allowed: bool) -> None:
    assert read_robots(written.encode()).allow(path) is allowed


def test_a_hostile_file_costs_little() -> None:
    many = "User-agent: *\n" + "Disallow: /x\n" * 20_000 + "Disallow: " + "/" + "*a" * 200_000 + "$\n"
    rules = read_robots(many.encode())
    assert len(rules.rules) == MOST_RULES
    assert rules.allow("/" + "a" * 2000)
