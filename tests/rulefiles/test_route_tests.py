"""Routes on a simulated clock: the cookbook's tests pass, and tests that should fail do, with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.core.rules.route_tests import RouteTestOutcome, run_route_test
from monitor.core.types import Rule
from monitor.errors import InputError, RulesError
from monitor.notify import check_receiver_url
from monitor.rulefiles.route_files import load_route_tests, load_routes

COOKBOOK = (Path(__file__).parents[2] / "docs" / "alerts-cookbook.md").read_text(encoding="utf-8")
RECIPES = {
    part.partition("\n")[0]: re.findall(r"```yaml\n(.*?)```", part, re.DOTALL)
    for part in COOKBOOK.split("\n## ")[1:]
}


@dataclass(frozen=True)
class NoRules:
    rules: dict[str, Rule] = field(default_factory=dict)


def run(folder: Path, routes: str, tests: str) -> list[RouteTestOutcome]:
    (folder / "routes.yml").write_text(routes)
    (folder / "test.yml").write_text(tests)
    routing = load_routes(folder / "routes.yml")
    assert [check_receiver_url(one.url) for one in routing.receivers if check_receiver_url(one.url)] == []
    return [run_route_test(test, routing, NoRules()) for test in load_route_tests(folder / "test.yml")]


def test_the_cookbook_has_five_teams() -> None:
    assert len(RECIPES) == 5


@pytest.mark.parametrize("team", RECIPES)
def test_the_routes_of_a_team_do_what_its_tests_say(team: str, tmp_path: Path) -> None:
    routes, tests = RECIPES[team]
    outcomes = run(tmp_path, routes, tests)
    assert len(outcomes) >= 2
    assert [(one.name, one.wrong) for one in outcomes if one.wrong] == []


ROUTES = "version: 1\nreceivers: {desk: 'stdout:'}\nroute: {receivers: [desk]}\n"


def one_test(more: str) -> str:
    return f"version: 1\ntests:\n  - name: x\n    alerts: [{{labels: {{kind: match}}}}]\n{more}"


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("    expect: [{to: desk}]\n", []),
        ("", ["nobody expected alert of 1 to desk at 0s (alert 1)"]),
        (
            "    expect: [{to: desk}, {to: desk, at: 5m}]\n",
            ["expected alert of 1 to desk at 5m, and it did not come"],
        ),
        (
            "    expect: [{to: desk}]\n    suppressed: {silence: 2}\n",
            ["2 notifications expected as silence, there were 0"],
        ),
    ],
)
def test_what_is_missing_and_what_nobody_expected_fails(more: str, wrong: list[str], tmp_path: Path) -> None:
    (outcome,) = run(tmp_path, ROUTES, one_test(more))
    assert list(outcome.wrong) == wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version: 1\ntests: []\n", "tests"),
        (one_test("    expect: [{to: desk, kind: digset}]\n"), "did you mean 'digest'"),
        (one_test("    suppressed: {silenced: 1}\n"), "nothing is suppressed as 'silenced'"),
        (one_test("").replace("kind: match", "kind: macth"), "there is no kind 'macth'"),
        (one_test("    start: yesterday\n"), "'yesterday' is no time"),
    ],
)
def test_a_mistake_in_a_test_is_told_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "test.yml"
    file.write_text(text)
    with pytest.raises(RulesError) as caught:
        load_route_tests(file)
    assert said in caught.value.report
    assert re.search(r"test\.yml:\d+:\d+: error", caught.value.report)


def test_a_secret_may_stand_in_a_file_that_a_variable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = tmp_path / "routes.yml"
    routes.write_text(ROUTES.replace("'stdout:'", "'${CLAIMWATCH_SECRET_DESK}'"))
    monkeypatch.setenv("CLAIMWATCH_SECRET_DESK_FILE", str(tmp_path / "secret"))
    with pytest.raises(RulesError) as caught:
        load_routes(routes)
    assert "CLAIMWATCH_SECRET_DESK is not set" in caught.value.report
    (tmp_path / "secret").write_text("webhook+https://a.example/s3cret\n")
    assert load_routes(routes).receivers[0].url == "webhook+https://a.example/s3cret"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_routes(tmp_path / "none.yml")
