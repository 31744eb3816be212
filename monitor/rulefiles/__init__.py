"""The rules folder on disk: read whole, checked whole, and the last good set kept while somebody edits.

`rules/` holds `entities/`, `topics/` and `lists/` (any *.yml there may define any of the three),
`frames/`, `filters/`, `routes.yml`, `feeds.yml` and `shipped.yml`. docs/rules.md is the format, and tells how
a change goes live. What makes a folder into rules is `monitor.core.rules.building`; here `disk` finds its
files, `program` those that come with the program, `reading` puts them together and `watching` follows them.
"""

from monitor.rulefiles.disk import is_rule_file
from monitor.rulefiles.program import shipped_folder
from monitor.rulefiles.reading import RuleFolder, check_folder, load_folder, rule_paths
from monitor.rulefiles.watching import RulesInForce, RulesWatcher, start_with_kept

__all__ = [
    "RuleFolder",
    "RulesInForce",
    "RulesWatcher",
    "check_folder",
    "is_rule_file",
    "load_folder",
    "rule_paths",
    "shipped_folder",
    "start_with_kept",
]
