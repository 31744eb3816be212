"""Rules and conditions in words: one line for each condition, and everything that a rule looks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.rules.ruleset import RuleSet
from monitor.core.types import Condition, Entity, Rule, Where

#: Conditions that hold others, in words.
GROUPS = {"all": "all of these", "any": "at least one of these", "none": "none of these"}
#: Where a condition stands in its tree: the numbers of the children on the way.
TreePath = tuple[int, ...]


def leaves(condition: Condition, path: TreePath) -> Iterator[tuple[TreePath, Condition]]:
    """Every condition that is no group, the terms of `near` and `same_sentence` too, with its path."""
    if condition.operator not in GROUPS:
        yield path, condition
    for number, child in enumerate(condition.children):
        yield from leaves(child, (*path, number))


def label_of(condition: Condition, lists: Mapping[str, Sequence[str]], limit: int = 6) -> str:
    """A condition in one line: `keyword attack, $blame_words (12 words), … in the title`."""
    where = f" in the {condition.field}" if condition.field is not None else ""
    options = dict(condition.options)
    match condition.operator:
        case "near":
            order = ", in this order" if options.get("ordered") == "true" else ""
            inner = " ~ ".join(_term_of(child, lists) for child in condition.children)
            return f"near {inner} (at most {options['within']} words between{order}){where}"
        case "same_sentence":
            return (
                f"same_sentence {' + '.join(_term_of(child, lists) for child in condition.children)}{where}"
            )
        case "regex":
            return f"regex {condition.terms[0]}{where}"
        case "any" | "all" | "none":
            inner = "; ".join(label_of(child, lists, limit) for child in condition.children)
            return f"{condition.operator} ({inner})"
        case _:
            return f"{condition.operator} {_words(condition.terms, lists, limit)}{where}"


def _term_of(condition: Condition, lists: Mapping[str, Sequence[str]]) -> str:
    if condition.operator == "any":
        return "(" + " or ".join(_term_of(child, lists) for child in condition.children) + ")"
    words = _words(condition.terms, lists, 3)
    if condition.operator == "entity":
        return f"@{words}"
    return f"({words})" if len(condition.terms) > 1 else words


def _words(terms: Sequence[str], lists: Mapping[str, Sequence[str]], limit: int) -> str:
    """The terms, those of a list by its name."""
    shown: list[str] = []
    at = 0
    by_length = sorted(lists.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    while at < len(terms):
        named = next(
            (
                (name, words)
                for name, words in by_length
                if words and tuple(terms[at : at + len(words)]) == tuple(words)
            ),
            None,
        )
        if named is None:
            shown.append(terms[at])
            at += 1
        else:
            name, words = named
            shown.append(f"${name} ({len(words)} {'word' if len(words) == 1 else 'words'})")
            at += len(words)
    left_out = f", … ({len(shown)} in all)" if len(shown) > limit else ""
    return ", ".join(shown[:limit]) + left_out


# ---------------------------------------------------------------- what a rule looks for


@dataclass(frozen=True, slots=True, kw_only=True)
class NameForms:
    """One alias of an entity, with every form that is looked for."""

    text: str
    lang: str
    exact_case: bool
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityForms:
    entity: str
    name: str
    aliases: tuple[NameForms, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Everything that a rule looks for, lists and entities unfolded."""

    rule: str
    version: str
    title: str
    status: str
    entities: tuple[EntityForms, ...]
    # Name of a list → its words.
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    # Id of a filter → what it excludes, in words.
    filters: tuple[tuple[str, str], ...]
    # What `where` asks for, in words; empty: nothing.
    where: tuple[str, ...]
    # The conditions, indented by two blanks a level.
    conditions: tuple[str, ...]


def look(rule: Rule, rules: RuleSet, lists: Mapping[str, Sequence[str]] | None = None) -> Looked:
    """What a rule looks for."""
    lists = lists or {}
    all_leaves = [leaf for _, leaf in leaves(rule.condition, ())]
    named = dict.fromkeys(name for leaf in all_leaves if leaf.operator == "entity" for name in leaf.terms)
    used = {
        name
        for name, words in lists.items()
        if words and any(f"${name} (" in label_of(leaf, {name: words}, 10_000) for leaf in all_leaves)
    }
    return Looked(
        rule=rule.id,
        version=rule.version,
        title=rule.title,
        status=str(rule.status),
        entities=tuple(_forms_of(rules.entities[name]) for name in named if name in rules.entities),
        lists=tuple((name, tuple(lists[name])) for name in sorted(used)),
        filters=tuple(
            (filter_id, "; ".join(label_of(child, lists) for child in condition.children))
            for condition in rule.condition.children
            if (filter_id := dict(condition.options).get("filter"))
        ),
        where=tuple(_where_in_words(rule.where)),
        conditions=tuple(_outline(rule.condition, lists, 0)),
    )


def _forms_of(entity: Entity) -> EntityForms:
    return EntityForms(
        entity=entity.id,
        name=entity.name,
        aliases=tuple(
            NameForms(
                text=alias.text,
                lang=alias.lang,
                exact_case=alias.exact_case,
                forms=alias.forms or (alias.text,),
            )
            for alias in entity.aliases
        ),
    )


def _where_in_words(where: Where) -> Iterator[str]:
    if where.languages:
        yield f"languages: {', '.join(where.languages)}; an article that names none passes"
    if where.include_publishers:
        yield f"only from: {', '.join(where.include_publishers)}"
    if where.exclude_publishers:
        yield f"not from: {', '.join(where.exclude_publishers)}"
    if where.published_within is not None:
        yield f"older than {where.published_within}: stored, not alerted"


def _outline(condition: Condition, lists: Mapping[str, Sequence[str]], depth: int) -> Iterator[str]:
    indent = "  " * depth
    if condition.operator not in GROUPS:
        yield indent + label_of(condition, lists)
        return
    filter_id = dict(condition.options).get("filter")
    yield indent + GROUPS[condition.operator] + (f" (filter {filter_id})" if filter_id else "")
    for child in condition.children:
        yield from _outline(child, lists, depth + 1)
