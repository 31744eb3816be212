"""routes.yml → receivers and the tree of routes, every mistake noted at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.matchers import LABELS, MatcherError, checked, read_matcher
from monitor.core.rules.documents import Document, Loc
from monitor.core.rules.problems import Level, did_you_mean
from monitor.core.rules.route_shapes import (
    FlatRoutesFileShape,
    FlatRouteShape,
    InhibitShape,
    RoutesFileShape,
    RouteShape,
)
from monitor.core.rules.shapes import dotted, read_shape
from monitor.core.types import (
    DigestTimes,
    Escalation,
    Inhibition,
    Matcher,
    MatchOperator,
    QuietHours,
    Receiver,
    Route,
    Routing,
)

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9_]*", re.ASCII)
# A channel's scheme; or a variable, which may bring the rest of it: "webhook+${DESK_URL}".
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*)?\$\{|[a-z][a-z0-9+.-]*:", re.ASCII)

_NO_RECEIVERS = "the first route, the root, names no receivers"


def read_routing(document: Document, environ: Mapping[str, str]) -> Routing:
    """Receivers with their secrets filled in, and the tree; mistakes are noted in the document.

    A file whose `route` is a list, as it was before there was a tree, loads as what it meant: the last route
    is the root, the others stand below it.
    """
    if isinstance(document.value, dict) and isinstance(document.value.get("route"), list):
        flat = read_shape(document, FlatRoutesFileShape)
        if flat is None:
            return Routing()
        root = _flat_tree(_Reader(document, frozenset(flat.receivers)), flat.route)
        return Routing(receivers=_receivers(document, flat.receivers, environ), root=root)
    shape = read_shape(document, RoutesFileShape)
    if shape is None:
        return Routing()
    reader = _Reader(document, frozenset(shape.receivers), frozenset(shape.templates))
    return Routing(
        receivers=_receivers(document, shape.receivers, environ),
        root=reader.root(("route",), shape.route),
        inhibitions=tuple(
            reader.inhibition(("inhibit", number), each) for number, each in enumerate(shape.inhibit)
        ),
        templates=dict(shape.templates),
    )


def _flat_tree(reader: _Reader, routes: Sequence[FlatRouteShape]) -> Route:
    nodes = []
    for number, route in enumerate(routes):
        loc: Loc = ("route", number)
        reader.check_receivers((*loc, "receivers"), route.receivers)
        matchers = reader.matchers((*loc, "match"), route.match)
        nodes.append(Route(receivers=route.receivers, matchers=matchers, place=dotted(loc).rstrip(": ")))
    *others, last = nodes
    if last.matchers:
        message = "the last route must take everything"
        help = "add '- {receivers: [default]}' at the end"
        reader.document.problem(("route", len(nodes) - 1), "no-catch-all", message, help=help)
    return Route(receivers=last.receivers, routes=tuple(others), place=last.place)


@dataclass(frozen=True, slots=True)
class _Reader:
    document: Document
    receivers: frozenset[str]
    templates: frozenset[str] = frozenset()

    def root(self, loc: Loc, shape: RouteShape) -> Route:
        if not shape.receivers:
            help = "add 'receivers: [default]': who is told what no other route takes"
            self.document.problem(loc, "no-catch-all", _NO_RECEIVERS, help=help, of_key=True)
        if shape.match not in (None, {}, []):
            help = "it takes what no other route takes; move the match into 'routes:' below it"
            self.document.problem((*loc, "match"), "no-catch-all", "the root must take everything", help=help)
        if shape.continue_:
            message = "nothing stands beside the root to continue with"
            self.document.problem((*loc, "continue"), "bad-value", message, help="remove it")
        return self.node(loc, shape, above=None)

    def node(self, loc: Loc, shape: RouteShape, above: Route | None) -> Route:
        """The route and all below it; what it does not say is as above."""
        self.check_receivers((*loc, "receivers"), shape.receivers)
        escalation = above.escalation if above else None
        if shape.escalate is not None:
            self.check_receivers((*loc, "escalate", "receivers"), shape.escalate.receivers)
            escalation = Escalation(after=shape.escalate.after, receivers=shape.escalate.receivers)
        self._check_template((*loc, "template"), shape.template)
        matchers = () if above is None else self.matchers((*loc, "match"), shape.match)
        if above is not None and not matchers and not shape.continue_:
            message = "a route without match takes everything, and the ones after it never get anything"
            last = loc[-1] == self._last(loc)
            if not last:
                help = "add a match, or move it to the end"
                self.document.problem(loc, "dead-route", message, help=help, level=Level.WARNING)
        node = Route(
            receivers=shape.receivers or (above.receivers if above else ()),
            matchers=matchers,
            continues=shape.continue_,
            place=dotted(loc).rstrip(": "),
            escalation=escalation,
            quiet=_quiet(shape, above),
            digest=_digest(shape, above),
            template=_template(shape, above),
        )
        below = tuple(
            self.node((*loc, "routes", number), route, node) for number, route in enumerate(shape.routes)
        )
        return replace(node, routes=below)

    def _check_template(self, loc: Loc, name: str | None) -> None:
        if name is not None and name != NONE and name not in self.templates:
            help = did_you_mean(name, self.templates) or "define it under 'templates:'"
            self.document.problem(loc, "unknown-template", f"no template is called {name!r}", help=help)

    def inhibition(self, loc: Loc, shape: InhibitShape) -> Inhibition:
        when = self.matchers((*loc, "when"), shape.when)
        holds_back = self.matchers((*loc, "holds_back"), shape.holds_back)
        for name, found in (("when", when), ("holds_back", holds_back)):
            if not found:
                message = f"{name} has no matcher, so it would agree with everything"
                self.document.problem(
                    (*loc, name), "bad-value", message, help="such as {kind: contradiction}"
                )
        for index, label in enumerate(shape.equal):
            if label not in LABELS:
                help = did_you_mean(label, LABELS) or "docs/alerts.md lists the labels"
                message = f"no alert has a label {label!r}"
                place: Loc = (*loc, "equal", index)
                self.document.problem(place, "unknown-label", message, help=help, level=Level.WARNING)
        return Inhibition(
            when=when,
            holds_back=holds_back,
            equal=shape.equal,
            lasts=shape.for_,
            place=dotted(loc).rstrip(": "),
        )

    def _last(self, loc: Loc) -> int:
        """The number of the last route beside this one."""
        here: object = self.document.value
        for part in loc[:-1]:
            here = here[part]  # type: ignore[index]  # the shape was read from it
        return len(here) - 1 if isinstance(here, list) else 0

    def check_receivers(self, loc: Loc, named: Sequence[str]) -> None:
        for index, name in enumerate(named):
            if name not in self.receivers:
                help = did_you_mean(name, self.receivers) or "define it under 'receivers:'"
                message = f"no receiver is called {name!r}"
                self.document.problem((*loc, index), "unknown-receiver", message, help=help)

    # ------------------------------------------------------------ matchers

    def matchers(self, loc: Loc, written: object) -> tuple[Matcher, ...]:
        """Of a mapping (label: value, or label: [one, of, these]) or of a list of written matchers."""
        found = []
        if isinstance(written, Mapping):
            for label, value in written.items():
                found.append(self._of_pair((*loc, label), label, value))
        elif isinstance(written, list):
            for index, text in enumerate(written):
                found.append(self._of_text((*loc, index), text))
        elif written is not None:
            help = "match: {severity: high, kind: [match, update]} or match: ['speaker =~ Mayor.*']"
            message = "match is a mapping of labels or a list of matchers"
            self.document.problem(loc, "wrong-type", message, help=help)
        return tuple(one for one in found if one is not None)

    def _of_pair(self, loc: Loc, label: str, value: object) -> Matcher | None:
        listed = value if isinstance(value, list) else [value]
        values = tuple(one for one in listed if isinstance(one, str))
        if not values or len(values) < len(listed):
            help = "a value, or a list of values of which one is enough"
            self.document.problem(loc, "wrong-type", f"label {label!r} has no value", help=help)
            return None
        operator = MatchOperator.IN if isinstance(value, list) else MatchOperator.IS
        return self._known(loc, Matcher(label=label, operator=operator, values=values), of_key=True)

    def _of_text(self, loc: Loc, text: object) -> Matcher | None:
        if not isinstance(text, str):
            message = "a matcher is a text"
            self.document.problem(loc, "wrong-type", message, help="such as 'severity = high'")
            return None
        try:
            return self._known(loc, checked(read_matcher(text)))
        except MatcherError as error:
            place = self.document.place_within(loc, error.at)
            self.document.problem_at(place, "bad-matcher", error.message, help=error.help)
            return None

    def _known(self, loc: Loc, matcher: Matcher, *, of_key: bool = False) -> Matcher:
        if matcher.label not in LABELS:
            help = did_you_mean(matcher.label, LABELS) or "docs/alerts.md lists the labels"
            message = f"no alert has a label {matcher.label!r}"
            self.document.problem(
                loc, "unknown-label", message, help=help, of_key=of_key, level=Level.WARNING
            )
        return matcher


# ---------------------------------------------------------------- what a route inherits

#: Undoes what the route above says.
NONE = "none"


def _quiet(shape: RouteShape, above: Route | None) -> tuple[QuietHours, ...]:
    if shape.quiet is None:
        return above.quiet if above else ()
    return tuple(
        QuietHours(begins=one.from_, ends=one.to, zone=one.zone, days=one.day_numbers) for one in shape.quiet
    )


def _digest(shape: RouteShape, above: Route | None) -> DigestTimes | None:
    if shape.digest is None:
        return above.digest if above else None
    if shape.digest.every is None and not shape.digest.at:
        return None
    return DigestTimes(every=shape.digest.every, at=shape.digest.at, zone=shape.digest.zone)


def _template(shape: RouteShape, above: Route | None) -> str:
    if shape.template is None:
        return above.template if above else ""
    return "" if shape.template == NONE else shape.template


# ---------------------------------------------------------------- receivers


def _receivers(
    document: Document, written: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[Receiver, ...]:
    return tuple(
        Receiver(name=name, url=_receiver_url(document, ("receivers", name), url, environ))
        for name, url in written.items()
    )


def _receiver_url(document: Document, loc: Loc, written: str, environ: Mapping[str, str]) -> str:
    """The URL with its variables filled in; messages show it only as written, never a secret."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if not _VARIABLE_NAME.fullmatch(name):
            help = "capital letters, digits and _: ${CLAIMWATCH_SECRET_DESK_URL}"
            document.problem(loc, "bad-value", f"{found[0]!r} names no environment variable", help=help)
        elif not environ.get(name):
            help = f"set {name} where the service runs, or remove the receiver"
            message = f"the environment variable {name} is not set"
            document.problem(loc, "missing-variable", message, help=help)
        return environ.get(name, "")

    url = _VARIABLE.sub(value, written)
    if not _SCHEME.match(written):
        help = "begin with the channel: stdout:, webhook+https://…"
        document.problem(loc, "bad-url", f"{written!r} does not name a channel", help=help)
    return url
