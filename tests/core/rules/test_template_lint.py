"""Mistakes of templates stand at their places in routes.yml, however the template is written there."""

from __future__ import annotations

import pytest

from monitor.core.rules.template_lint import TemplateMistake, template_problems

HEAD = "version: 1\nreceivers: {desk: 'stdout:'}\nroute: {receivers: [desk]}\ntemplates:\n"
AT_FILTER = TemplateMistake(
    line=2, word="upp", message="there is no filter 'upp'", help="did you mean 'upper'?"
)
AT_LINE = TemplateMistake(line=2, message="expected a name")


@pytest.mark.parametrize(
    ("written", "mistake", "place"),
    [
        ("  short: |\n    one\n    {{ a|upp }}\n", AT_FILTER, (7, 10, 3)),
        ("  short: |-\n      one\n        {% if %}\n", AT_LINE, (7, 9, 8)),
        ('  short: "one\\n{{ a|upp }}"\n', AT_FILTER, (5, 21, 3)),
        # Where YAML folds lines, the text as a whole is the place.
        ("  short: >\n    one\n\n    {{ a|upp }}\n", AT_FILTER, (5, 10, 1)),
        # A child that died tells no line of the text.
        ("  short: x\n", TemplateMistake(line=9, message="it took too much time or memory"), (5, 10, 1)),
    ],
)
def test_a_mistake_of_a_template_stands_at_its_place_in_the_file(
    written: str, mistake: TemplateMistake, place: tuple[int, int, int]
) -> None:
    (problem,) = template_problems("rules/routes.yml", HEAD + written, {"short": [mistake]})
    assert (problem.place.line, problem.place.column, problem.place.width) == place
    assert (problem.code, problem.path) == ("bad-template", "rules/routes.yml")
    assert mistake.message in problem.message
    assert problem.help


def test_mistakes_of_the_file_itself_are_left_to_its_reader() -> None:
    assert template_problems("routes.yml", "a: 1\na: 2\n", {}) == ()
    assert template_problems("routes.yml", "a: [\n", {}) == ()
