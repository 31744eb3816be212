"""The text of a rule's version: the rule as written, and all from elsewhere that counts into the version.

Two texts of one rule differ wherever their versions do, so a diff of them says what changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.core.operators import needs
from monitor.core.rules.filtering import Filter
from monitor.core.rules.joining import Uses
from monitor.core.rules.ruleset import EXPANDER_VERSION
from monitor.core.types import Entity, Rule


def recorded_text(rule: Rule, uses: Uses, filters: Iterable[Filter]) -> str:
    """YAML with one word a line: the rule, its lists and entities unfolded, its filters; never empty.

    `rule` has its filters; `uses` are what it asked for without them; of `filters`, its own are shown.
    """
    mine = sorted((each for each in filters if rule.id in each.rules), key=lambda each: each.id)
    used = Uses()
    for one in (uses, *(each.uses for each in mine)):
        used.add(one)
    lines = ["rules:", *_indented(rule.source_text)]
    lists = {name: words for name, words in sorted(used.lists.items()) if isinstance(words, tuple)}
    if lists:
        lines.append("lists:")
    for name, words in lists.items():
        lines += [f"  {name}:", *(f"    - {word}" for word in sorted(words))]
    # Only those of the condition: what tests name does not count.
    named = {need.entity for need in needs(rule.condition)}
    entities = [used.entities[name] for name in sorted(named & used.entities.keys())]
    if entities:
        lines.append("entities:")
    for entity in entities:
        if isinstance(entity, Entity):
            lines += [f"  {entity.id}:", *(f"    - {form}" for form in _forms(entity))]
    if mine:
        lines.append("filters:")
    for each in mine:
        lines += _indented(each.text)
    lines.append(f"expander: {EXPANDER_VERSION}")
    return "\n".join(lines) + "\n"


def _forms(entity: Entity) -> Sequence[str]:
    """Every written form, as the version counts them."""
    return sorted(
        {
            f"{form} # capitals as written" if alias.exact_case else form
            for alias in entity.aliases
            for form in alias.forms
        }
    )


def _indented(text: str) -> list[str]:
    """An entry of a list, "- " put before it, two columns in, whatever it had in the file."""
    lines = text.splitlines()
    inset = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [
        f"  {'- ' if number == 0 else '  '}{line[inset:].rstrip()}".rstrip()
        for number, line in enumerate(lines)
    ]
