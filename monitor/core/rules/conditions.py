"""The tree under `match` → `Condition`, by the table of operators."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from monitor.core.operators import (
    NEAR_TERMS_LIMIT,
    NEAR_WORDS,
    NEAR_WORDS_LIMIT,
    NEAR_WORDS_WARNING,
    OPERATORS,
    Shape,
    required,
)
from monitor.core.patterns import PatternError, check_pattern, literals
from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.problems import Level, did_you_mean
from monitor.core.rules.query import FIELDS, parse_query
from monitor.core.rules.ruleset import is_costly
from monitor.core.rules.shapes import NOT_YET
from monitor.core.rules.words import complaints
from monitor.core.types import ArticleField, Condition

#: A Boolean string stands wherever a condition does; it is no operator of its own.
QUERY = "query"

_GROUPS = tuple(name for name, row in OPERATORS.items() if row.shape is Shape.CONDITIONS)
_LEAVES = tuple(name for name, row in OPERATORS.items() if row.shape is not Shape.CONDITIONS)
# What `near` and `same_sentence` take as their terms.
_TERMS = tuple(name for name, row in OPERATORS.items() if row.shape in (Shape.WORDS, Shape.ENTITY))


class ConditionReader:
    """Reads the conditions of one file; `lists` and `entities` are those of the whole folder.

    Mistakes are noted in the document; what could be read is returned all the same.
    """

    def __init__(
        self, document: Document, lists: Mapping[str, Sequence[str]], entities: Collection[str]
    ) -> None:
        self._document = document
        self._lists = lists
        self._entities = entities
        # Patterns of the rule that is read which need no letters.
        self._without_letters: list[Loc] = []

    def read_match(self, value: object, loc: Loc) -> Condition | None:
        """The rule's whole condition: `all` AND `any` AND NOT `none`."""
        if not isinstance(value, dict):
            self._error(
                loc, "wrong-type", "'match' must hold all, any or none", "match: {any: [{keyword: …}]}"
            )
            return None
        children: list[Condition] = []
        for key, inner in value.items():
            here = (*loc, key)
            if key not in _GROUPS:
                self._unknown_operator(here, key, _GROUPS)
                continue
            group = self._group(key, inner, here)
            if group is None:
                continue
            children.extend(group.children if key == "all" else [group])
        return self._checked(Condition(operator="all", children=tuple(children)), loc)

    def read_query(self, value: object, loc: Loc) -> Condition | None:
        """A rule's whole condition, written as a Boolean string."""
        condition = self._query(value, loc)
        return None if condition is None else self._checked(condition, loc)

    def read_none(self, value: object, loc: Loc) -> Condition | None:
        """The exclusions of a filter."""
        condition = self._group("none", value, loc)
        # Whatever its patterns cost, they run only where a rule would match.
        self._without_letters = []
        return condition

    def _query(self, value: object, loc: Loc) -> Condition | None:
        if not isinstance(value, str):
            self._error(loc, "wrong-type", "a Boolean string is wanted here", "put it in single quotes")
            return None
        condition, mistakes = parse_query(value, self._lists, self._entities)
        for mistake in mistakes:
            place = self._document.place_within(loc, mistake.at, mistake.width)
            self._document.problem_at(
                place, mistake.code, mistake.message, help=mistake.help, level=mistake.level
            )
        return condition

    def _checked(self, condition: Condition, loc: Loc) -> Condition:
        """A rule's whole condition, with complaints where it matches nearly everything or costs too much."""
        patterns, self._without_letters = self._without_letters, []
        if is_costly(condition):
            for place in patterns:
                message = "nothing that the rule needs can be looked for: it runs on every article"
                help = "add a word that must be there: three letters in the pattern, or a keyword under 'all'"
                self._document.problem(
                    place, "regex-without-literal", message, help=help, level=Level.WARNING
                )
        if not self._has_errors() and not required(condition):
            self._error(
                loc,
                "no-positive-condition",
                "the rule could match an article that has none of its words",
                "at least one condition outside 'none' must hold in every match",
                of_key=True,
            )
        return condition

    def _has_errors(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self._document.problems)

    # ------------------------------------------------------------ one condition

    def _condition(self, value: object, loc: Loc, allowed: Collection[str]) -> Condition | None:
        if not isinstance(value, dict):
            shown = f"{{keyword: {value}}}" if isinstance(value, str) else "{keyword: …}"
            self._error(loc, "wrong-type", "a condition must be a mapping", f"write {shown}")
            return None
        named = [key for key in value if key in OPERATORS or key == QUERY]
        for key in value:
            if key not in OPERATORS and key not in ("in", QUERY):
                self._unknown_operator((*loc, key), key, [*allowed, "in"])
        if len(named) != 1:
            if len(named) > 1 or all(key in ("in",) for key in value):
                has = ", ".join(named) or "none"
                help = "one condition a mapping; join several with {all: [{…}, {…}]}"
                self._error(
                    loc, "one-condition", f"needs exactly one of {', '.join(allowed)}; has {has}", help
                )
            return None
        name = named[0]
        here = (*loc, name)
        if name == QUERY and QUERY in allowed:
            if "in" in value:
                help = "write title:, summary: or text: in the query"
                self._error(
                    (*loc, "in"), "unknown-key", "'in' cannot stand beside 'query'", help, of_key=True
                )
            return self._query(value[name], here)
        if name not in allowed:
            help = f"possible here: {', '.join(allowed)}"
            self._error(here, "unknown-value", f"{name!r} cannot stand here", help, of_key=True)
            return None
        return self._read(name, value, here)

    def _read(self, name: str, value: Mapping[str, object], loc: Loc) -> Condition | None:
        field_loc = (*loc[:-1], "in")
        inner = value[name]
        match OPERATORS[name].shape:
            case Shape.CONDITIONS:
                if "in" in value:
                    help = "write 'in' beside each keyword, phrase or entity"
                    self._error(
                        field_loc, "unknown-key", f"'in' cannot stand beside {name!r}", help, of_key=True
                    )
                return self._group(name, inner, loc)
            case Shape.WORDS:
                terms = tuple(form for form, _ in self._words(inner, loc))
                read = Condition(operator=name, terms=terms) if terms else None
            case Shape.ENTITY:
                read = self._entity(name, inner, loc)
            case Shape.NEAR:
                read = self._near(name, inner, loc)
            case Shape.PATTERN:
                read = self._pattern(name, inner, loc)
            case Shape.TERMS:
                read = self._terms(name, inner, loc)
        field = self._field(value.get("in", "any"), field_loc)
        return None if read is None else _placed(read, field)

    def _field(self, value: object, loc: Loc) -> ArticleField | None:
        if not isinstance(value, str) or value not in FIELDS:
            message = f"{value!r} is not one of {', '.join(FIELDS)}"
            self._error(loc, "unknown-value", message, did_you_mean(str(value), FIELDS))
            return None
        return FIELDS[value]

    def _group(self, name: str, value: object, loc: Loc) -> Condition | None:
        if not isinstance(value, list):
            help = "write one '- …' a line, or [{…}, {…}]"
            self._error(loc, "wrong-type", f"{name!r} must hold a list of conditions", help)
            return None
        if not value:
            self._error(loc, "bad-value", f"{name!r} is empty", "leave it out, or give it a condition")
            return None
        allowed = (*_LEAVES, QUERY, *_GROUPS)
        children = [self._condition(child, (*loc, index), allowed) for index, child in enumerate(value)]
        return Condition(operator=name, children=tuple(child for child in children if child is not None))

    # ------------------------------------------------------------ words and entities

    def _words(self, value: object, loc: Loc) -> list[tuple[str, Loc]]:
        """Every written form, lists unfolded, with the place that names it."""
        if isinstance(value, list):
            if not value:
                self._error(loc, "empty-term", "the list is empty", "")
            return [pair for index, word in enumerate(value) for pair in self._one_word(word, (*loc, index))]
        return self._one_word(value, loc)

    def _one_word(self, value: object, loc: Loc) -> list[tuple[str, Loc]]:
        if not isinstance(value, str):
            shown = "nothing" if value is None else "no text"
            self._error(loc, "wrong-type", f"a word is wanted here, this is {shown}", "put it in quotes")
            return []
        if value.startswith("$"):
            if value[1:] not in self._lists:
                self._error(loc, "unknown-list", f"no list is called {value!r}", self._list_help(value[1:]))
            # The words of a list are checked where they stand.
            return [(form, loc) for form in self._lists.get(value[1:], ())]
        for code, level, message, help in complaints(value):
            self._document.problem(loc, code, message, help=help, level=level)
        return [(value, loc)]

    def _list_help(self, name: str) -> str:
        hint = did_you_mean(name, self._lists)
        return hint or f"define it: lists: {{{name}: […]}}"

    def _entity(self, name: str, value: object, loc: Loc) -> Condition | None:
        named = value if isinstance(value, list) else [value]
        known: list[str] = []
        for index, entity in enumerate(named):
            here = (*loc, index) if isinstance(value, list) else loc
            if isinstance(entity, str) and entity in self._entities:
                known.append(entity)
            else:
                hint = did_you_mean(str(entity), self._entities)
                message = f"no file defines an entity {entity!r}"
                self._error(here, "unknown-entity", message, hint or "define it under 'entities:'")
        return Condition(operator=name, terms=tuple(known)) if known else None

    def _pattern(self, name: str, value: object, loc: Loc) -> Condition | None:
        if not isinstance(value, str):
            self._error(loc, "wrong-type", "a pattern is wanted here", "put it in single quotes")
            return None
        if not value:
            self._error(loc, "empty-term", "the pattern is empty", "")
            return None
        try:
            check_pattern(value)
        except PatternError as error:
            place = self._document.place_within(loc, error.at)
            message = f"not a pattern that can be used: {error.message}, at character {error.at + 1}"
            self._document.problem_at(place, "bad-regex", message, help=error.help)
            return None
        if not literals(value):
            self._without_letters.append(loc)
        return Condition(operator=name, terms=(value,))

    # ------------------------------------------------------------ near, same_sentence

    def _near(self, name: str, value: object, loc: Loc) -> Condition | None:
        if not isinstance(value, dict):
            self._error(loc, "wrong-type", "'near' must be a mapping", "near: {terms: [one, two], within: 8}")
            return None
        for key in value:
            if key not in ("terms", "within", "ordered"):
                self._unknown_key((*loc, key), key, ("terms", "within", "ordered"))
        if "terms" not in value:
            self._error(
                loc, "missing-key", "missing required key 'terms'", "near: {terms: [one, two]}", of_key=True
            )
            return None
        read = self._terms(name, value["terms"], (*loc, "terms"))
        within = self._within(value.get("within", str(NEAR_WORDS)), (*loc, "within"))
        ordered = value.get("ordered", "false")
        if ordered not in ("true", "false"):
            message = f"{ordered!r} is neither true nor false"
            self._error((*loc, "ordered"), "wrong-type", message, "write true or false")
        if read is None:
            return None
        if len(read.children) > NEAR_TERMS_LIMIT:
            help = "join alternatives in one list: [[one, two], three]"
            self._error((*loc, "terms"), "bad-value", f"more than {NEAR_TERMS_LIMIT} terms", help)
            return None
        options = (("ordered", "true" if ordered == "true" else "false"), ("within", str(within)))
        return Condition(operator=name, children=read.children, options=options)

    def _within(self, value: object, loc: Loc) -> int:
        if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 4:
            self._error(
                loc, "wrong-type", f"{value!r} is not a whole number", "how many words may stand between"
            )
            return NEAR_WORDS
        words = int(value)
        if words > NEAR_WORDS_LIMIT:
            self._error(
                loc, "bad-value", f"within {words} words; at most {NEAR_WORDS_LIMIT}", "use same_sentence"
            )
        elif words > NEAR_WORDS_WARNING:
            message = f"words {words} apart have little to do with each other"
            self._document.problem(loc, "bad-value", message, help="try 8", level=Level.WARNING)
        return min(words, NEAR_WORDS_LIMIT)

    def _terms(self, name: str, value: object, loc: Loc) -> Condition | None:
        """Two or more terms: a word, a $list, a list of words, or a condition without children."""
        if not isinstance(value, list) or len(value) < 2:
            help = f"{name} joins several: [one, two, {{entity: …}}]"
            self._error(loc, "wrong-type", f"{name!r} needs a list of two or more terms", help)
            return None
        children: list[Condition | None] = []
        for index, term in enumerate(value):
            here = (*loc, index)
            if isinstance(term, dict):
                if "in" in term:
                    self._error((*here, "in"), "unknown-key", f"'in' stands beside {name!r}", "", of_key=True)
                children.append(self._condition(term, here, _TERMS))
            else:
                forms = tuple(form for form, _ in self._words(term, here))
                children.append(Condition(operator="keyword", terms=forms) if forms else None)
        read = tuple(child for child in children if child is not None)
        return Condition(operator=name, children=read) if len(read) == len(children) else None

    # ------------------------------------------------------------ complaints

    def _unknown_operator(self, loc: Loc, key: str, allowed: Collection[str]) -> None:
        if key in NOT_YET:
            help = f"there are: {', '.join(allowed)}"
            self._error(loc, "not-supported-yet", f"{key!r} is not supported yet", help, of_key=True)
        elif key in OPERATORS:
            help = f"write any: [{{{key}: …}}]"
            self._error(loc, "unknown-key", f"{key!r} cannot stand directly under 'match'", help, of_key=True)
        else:
            self._unknown_key(loc, key, allowed)

    def _unknown_key(self, loc: Loc, key: str, allowed: Collection[str]) -> None:
        self._error(loc, "unknown-key", f"unknown key {key!r}", did_you_mean(key, allowed), of_key=True)

    def _error(self, loc: Loc, code: str, message: str, help: str, *, of_key: bool = False) -> None:
        self._document.problem(loc, code, message, help=help, of_key=of_key)


def _placed(condition: Condition, field: ArticleField | None) -> Condition:
    """The condition, and the terms it holds, looking into one field."""
    children = tuple(_placed(child, field) for child in condition.children)
    return Condition(
        operator=condition.operator,
        terms=condition.terms,
        children=children,
        field=field,
        options=condition.options,
    )
