"""The tree of routes: which node takes an alert, what a file may say, and what its mistakes are called."""

from __future__ import annotations

import pytest

from monitor.core.matchers import MatcherError, agrees, read_matcher
from monitor.core.routes import walk
from monitor.core.rules.building import build_texts
from monitor.core.types import Routing

TREE = """\
version: 1
receivers: {all: "a:", duty: "b:", boss: "c:", archive: "d:", lab: "e:", sea: "f:"}
route:
  receivers: [all]
  escalate: {after: 15m, receivers: [boss]}
  routes:
    - match: {severity: [high, critical]}
      continue: true
      receivers: [archive]
    - match: ["kind in (contradiction, reversal)", "owner != nobody"]
      receivers: [duty]
      routes:
        - match: ['speaker =~ "(?i)mayor .*"']
          receivers: [boss, duty]
          escalate: {after: 1h, receivers: [all]}
        - match: {severity: low}
    - match: {status: test}
      receivers: [lab]
    - match: {publisher: "Sea, Sun & Sand"}
      receivers: [sea]
"""


def routing(text: str = TREE) -> Routing:
    built = build_texts({"routes.yml": text})
    assert built.problems == ()
    return built.routing


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({}, ["all"]),
        ({"kind": "match", "severity": "low"}, ["all"]),
        ({"kind": "contradiction"}, ["duty"]),
        ({"kind": "contradiction", "owner": "nobody"}, ["all"]),
        # the first of a node's routes that agrees, in the place of the node
        ({"kind": "reversal", "speaker": "MAYOR Brook"}, ["boss", "duty"]),
        # a pattern fits the whole value
        ({"kind": "reversal", "speaker": "The Mayor Brook"}, ["duty"]),
        # what names no receivers has those above it
        ({"kind": "reversal", "severity": "low"}, ["duty"]),
        # continue: both, each once
        ({"kind": "contradiction", "severity": "critical"}, ["archive", "duty"]),
        # and where nothing later agrees, the one that continued has it alone
        ({"kind": "match", "severity": "high"}, ["archive"]),
        # a rule under test goes only where status is asked for
        ({"kind": "contradiction", "severity": "high", "status": "test"}, ["lab"]),
        ({"publisher": "Sea, Sun & Sand"}, ["sea"]),
    ],
)
def test_the_first_route_that_agrees_takes_it_and_later_ones_only_where_it_continues(
    labels: dict[str, str], receivers: list[str]
) -> None:
    assert list(walk(labels, routing()).receivers) == receivers


def test_a_walk_says_of_every_node_that_was_asked_why() -> None:
    steps = walk({"kind": "reversal", "severity": "low"}, routing()).steps
    assert [(step.route.place, step.depth, step.agrees, step.why) for step in steps] == [
        ("route", 0, True, "a route within it takes it"),
        ("route.routes[1]", 1, False, "wants severity in (high, critical), and severity is 'low'"),
        ("route.routes[2]", 1, True, "a route within it takes it"),
        (
            "route.routes[2].routes[1]",
            2,
            False,
            "wants speaker =~ (?i)mayor .*, and there is no label speaker",
        ),
        ("route.routes[2].routes[2]", 2, True, "takes it"),
    ]


def test_without_a_tree_nobody_takes_anything() -> None:
    assert walk({"kind": "match"}, Routing()).taken == ()


def test_escalation_is_handed_down_until_a_route_has_its_own() -> None:
    found = {
        node.place: node.escalation and (node.escalation.after.total_seconds(), node.escalation.receivers)
        for node in routing().nodes()
    }
    assert found["route"] == found["route.routes[2]"] == (900, ("boss",))
    assert found["route.routes[2].routes[1]"] == (3600, ("all",))


FLAT = """\
version: 1
receivers: {desk: "stdout:", rest: "stdout:"}
route:
  - {match: {severity: high}, receivers: [desk]}
  - {match: {severity: high, kind: match}, receivers: [rest]}
  - {receivers: [rest, desk]}
"""


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({"severity": "high"}, ("desk",)),
        ({"severity": "high", "kind": "match"}, ("desk",)),
        ({"severity": "low"}, ("rest", "desk")),
        # as before: a rule under test takes no route that does not ask for it
        ({"severity": "high", "status": "test"}, ()),
    ],
)
def test_a_flat_list_means_what_it_meant_before_there_was_a_tree(
    labels: dict[str, str], receivers: tuple[str, ...]
) -> None:
    assert walk(labels, routing(FLAT)).receivers == receivers


# ---------------------------------------------------------------- mistakes


HEAD = "version: 1\nreceivers: {a: 'stdout:'}\nroute:\n"
MISTAKES = [
    ("  routes: []\n", "no-catch-all", 3, 1),
    ("  receivers: [a]\n  match: {kind: match}\n", "no-catch-all", 5, 10),
    ("  receivers: [b]\n", "unknown-receiver", 4, 15),
    ("  receivers: [a]\n  continue: true\n", "bad-value", 5, 13),
    ("  receivers: [a]\n  routes: [{match: ['kind ~ x']}]\n", "bad-matcher", 5, 22),
    ("  receivers: [a]\n  routes: [{match: ['kind =~ (x']}]\n", "bad-matcher", 5, 32),
    ("  receivers: [a]\n  routes: [{match: ['kind in x']}]\n", "bad-matcher", 5, 30),
    ("  receivers: [a]\n  routes: [{match: {kind: []}}]\n", "wrong-type", 5, 27),
    ("  receivers: [a]\n  routes: [{match: {kind: {a: b}}}]\n", "wrong-type", 5, 27),
    ("  receivers: [a]\n  routes: [{match: kind}]\n", "wrong-type", 5, 20),
    ("  receivers: [a]\n  routes: [{match: [[kind]]}]\n", "wrong-type", 5, 21),
    ("  receivers: [a]\n  routes: [{match: {knid: match}}]\n", "unknown-label", 5, 21),
    ("  receivers: [a]\n  routes: [{receivers: [a]}, {match: {kind: match}}]\n", "dead-route", 5, 12),
    ("  receivers: [a]\n  escalate: {after: 1s, receivers: [a]}\n", "bad-value", 5, 21),
    ("  receivers: [a]\n  escalate: {after: 1h, receivers: [c]}\n", "unknown-receiver", 5, 37),
    ("  receivers: [a]\n  escalates: {after: 1h}\n", "unknown-key", 5, 3),
]


@pytest.mark.parametrize(("route", "code", "line", "column"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_in_the_tree_is_told_with_its_place(route: str, code: str, line: int, column: int) -> None:
    found = build_texts({"routes.yml": HEAD + route}).problems
    assert [(one.code, one.place.line, one.place.column) for one in found] == [(code, line, column)]
    assert found[0].message


def test_an_unknown_key_of_a_route_is_told_with_those_there_are() -> None:
    (problem,) = build_texts({"routes.yml": HEAD + "  receivers: [a]\n  continues: true\n"}).problems
    assert "did you mean 'continue'" in problem.help


# ---------------------------------------------------------------- matchers


@pytest.mark.parametrize(
    ("written", "labels", "fits"),
    [
        ("severity = high", {"severity": "high"}, True),
        ("severity=high", {"severity": "high"}, True),
        ('severity = "high"', {"severity": "high"}, True),
        ("severity != high", {"severity": "low"}, True),
        ("severity != high", {}, True),
        ("severity = high", {}, False),
        ("kind in (a, b)", {"kind": "b"}, True),
        ('publisher in ("Sea, Sun", "The \\"Post\\"")', {"publisher": 'The "Post"'}, True),
        ('publisher in ("Sea, Sun")', {"publisher": "Sea"}, False),
        ("speaker =~ .*Мэр.*", {"speaker": "Мэр города"}, True),
        ("speaker =~ Mayor", {"speaker": "Mayor Brook"}, False),
        ("inside = x", {"inside": "x"}, True),
        # a hostile pattern runs into its limit and holds nothing
        ("speaker =~ (a|aa)+$", {"speaker": "a" * 110 + "b"}, False),
    ],
)
def test_a_matcher_fits_or_does_not(written: str, labels: dict[str, str], fits: bool) -> None:
    assert agrees(read_matcher(written), labels) is fits


def test_a_matcher_is_written_as_it_is_read() -> None:
    for written in ("severity = high", "severity != high", "speaker =~ M.*", "kind in (a, b)"):
        assert str(read_matcher(written)) == written


@pytest.mark.parametrize(
    "written",
    ["", "kind", "= x", "kind in", "kind in ()", "kind in (a", 'kind in ("a)', "kind =~ (", "a" * 3000],
)
def test_what_is_no_matcher_is_refused_in_words(written: str) -> None:
    with pytest.raises(MatcherError):
        read_matcher(written)
