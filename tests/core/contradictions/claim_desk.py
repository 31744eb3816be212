"""Claims as the detectors give them, made by hand, and a judge who holds the last against the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.core.contradictions import find_contradictions
from monitor.core.types import (
    ArticleField,
    Claim,
    ClaimKind,
    Contradiction,
    ContradictionKind,
    Entity,
    EntityType,
    Frame,
    FrameUse,
    PriorClaim,
    Quantity,
    Speaker,
    Stance,
    ThreadedClaim,
)

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)
BLAME = Frame(
    id="blame",
    kind=ContradictionKind.RESPONSIBILITY,
    phrases=("{agent} do {event}",),
    roles=("agent", "event"),
    exclusive=("agent",),
    question="who did {event}",
    same=(("hack", "breach", "intrusion"), ("outage", "blackout")),
)
HELD = Frame(
    id="held",
    kind=ContradictionKind.OTHER,
    phrases=("{} arrest {person}",),
    roles=("person",),
    question="whether {person} is held",
)
TOLL = Frame(
    id="toll",
    kind=ContradictionKind.NUMERIC,
    phrases=("{victim} be kill",),
    roles=("victim",),
    question="how many",
    same=(("killed", "die"),),
    grows=True,
)


@dataclass(frozen=True)
class Rules:
    frames: tuple[Frame, ...] = (BLAME, HELD, TOLL)
    entities: dict[str, Entity] = field(
        default_factory=lambda: {
            i: Entity(id=i, type=EntityType(kind), name=name, aliases=(), side=side)
            for i, kind, name, side in (
                ("bank", "org", "Harrow Bank", "bank"),
                ("chair", "person", "Mina Osei", "bank"),
                ("ministry", "org", "Ministry of Trade", "state"),
                ("crew", "org", "Zero Crew", ""),
                ("harrow_breach", "event", "Harrow breach", ""),
            )
        }
    )


RULES = Rules()
SIDES = {"bank": "bank", "chair": "bank", "ministry": "state", "crew": ""}


def says(
    who: str,
    words: str,
    *,
    agent: str = "",
    event: str = "breach ledger",
    person: str = "",
    yes: bool = True,
    hedged: bool = False,
    stance: Stance = Stance.ASSERT,
    hours: float = 0,
    article: int = 0,
    killed: tuple[float, str] | None = None,
    topic: str = "harrow_breach",
) -> Claim:
    uses = ()
    keys = [f"f|{f.id}|{topic}" for f in RULES.frames] + [f"q|killed|{topic}", "w|same|words"]
    if agent:
        roles = (("agent", agent), ("event", event)) if event else (("agent", agent),)
        uses = (FrameUse(frame="blame", affirmed=yes, roles=roles),)
        keys += [f"f|blame|{agent}"]
    if person:
        uses = (FrameUse(frame="held", affirmed=yes, roles=(("person", person),)),)
    amounts = () if killed is None else (
        Quantity(value=killed[0], bound=killed[1], unit="killed", surface=str(killed[0])),
    )  # fmt: skip
    return Claim(
        fingerprint=f"{who}|{words}|{hours}|{article}",
        article_id=article or int(hours * 10) + len(who),
        version_id=1,
        field=ArticleField.TEXT,
        start=0,
        end=len(words),
        quote=words,
        kind=ClaimKind.INDIRECT,
        speaker=Speaker(name=who, surface=who, entity=who if who in SIDES else "", side=SIDES.get(who, "")),
        stance=stance,
        hedged=hedged,
        cue="said",
        proposition=words,
        quantities=amounts,
        frames=uses,
        keys=tuple(keys),
        said_at=NOON + timedelta(hours=hours),
        rules=("r",),
    )


def judge(*claims: Claim) -> tuple[Contradiction, ...]:
    """The last claim judged against the others."""
    prior = [
        PriorClaim(id=n, claim=c, thread=c.fingerprint, origin=f"o{n}", publisher="P")
        for n, c in enumerate(claims[:-1])
    ]
    last = ThreadedClaim(claim=claims[-1], thread=claims[-1].fingerprint, is_new=True)
    return find_contradictions([last], prior, RULES)  # type: ignore[arg-type]  # a stand-in for the RuleSet


def only(*claims: Claim) -> Contradiction:
    (found,) = judge(*claims)
    return found
