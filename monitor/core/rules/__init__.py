"""Rule files' text → `RuleSet`: read with positions, checked, expanded, compiled.

`documents` reads YAML, `shapes` says what may stand where, `conditions` reads the tree of a rule,
`expand` makes case forms, `building` puts the files of a folder together, `ruleset` compiles them,
`routing` reads routes.yml and feeds.yml, `trials` runs the tests that rules carry.
"""

from monitor.core.rules.problems import CODES, Level, Problem, render
from monitor.core.rules.ruleset import RuleSet

__all__ = ["CODES", "Level", "Problem", "RuleSet", "render"]
