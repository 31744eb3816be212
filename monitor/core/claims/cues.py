"""The words that attribute: which verbs report, deny or accuse, and how sure they sound."""

from __future__ import annotations

from monitor.core.types import Stance

REPORTING: dict[str, Stance] = {
    **dict.fromkeys(
        """say tell state claim announce add insist argue maintain contend assert declare report explain note
        stress emphasise emphasize reiterate repeat warn suggest believe think estimate predict hint reveal
        disclose write tweet post comment remark respond reply answer testify swear vow promise pledge conclude
        complain boast recall indicate signal find determine caution counter clarify underline underscore
        observe describe point inform brief protest fear assess allege affirm agree continue joke mention
        acknowledge tell assure charge""".split(),
        Stance.ASSERT,
    ),
    **dict.fromkeys("confirm admit concede acknowledge verify".split(), Stance.CONFIRM),
    **dict.fromkeys("deny refute rebut reject dismiss dispute disavow rubbish".split(), Stance.DENY),
    **dict.fromkeys("retract withdraw recant".split(), Stance.RETRACT),
    **dict.fromkeys("ask question wonder doubt inquire".split(), Stance.QUESTION),
    "allege": Stance.ACCUSE,
}
# Also takes a noun as its content: "confirmed the death of".
TAKES_NOUN = frozenset("confirm announce claim allege admit reveal disclose acknowledge predict report".split())
# Reports what somebody holds, not what is so.
HEDGING_CUES = frozenset("believe think suggest suspect hint estimate predict fear assess indicate signal".split())
DENYING = frozenset("deny reject dismiss refute rebut dispute disavow rubbish".split())
ACCUSING = frozenset("accuse blame implicate suspect fault hold".split())
# "described X as", "called it a lie".
NAMING = frozenset("call describe brand label dub slam denounce".split())
# What may be denied without being refused: an accusation is denied, an application is refused.
CLAIM_NOUNS = frozenset(
    """accusation allegation claim report suggestion charge rumour rumor notion idea assertion speculation account
    version criticism theory narrative link connection responsibility involvement role finding conclusion blame
    complicity wrongdoing statement story insinuation hypothesis culpability negligence liability participation
    knowledge part hand figure number toll estimate reproach complaint attribution characterisation verdict""".split()
)
REFUSED_NOUNS = frozenset(
    """access entry bail visa permission request application appeal motion asylum permit parole service treatment
    chance opportunity right aid leave comment""".split()
)
# A noun that only points back at a claim that somebody else made.
ANAPHORIC_NOUNS = frozenset(
    "accusation allegation claim charge report rumour rumor suggestion insinuation assertion account story".split()
)

FALSE_WORDS = frozenset(
    """false untrue fake fabricate fabricated baseless unfounded groundless nonsense lie hoax fabrication invention
    forgery disinformation propaganda absurd ridiculous ludicrous laughable slander slanderous libel smear wrong
    inaccurate incorrect misleading outrageous""".split()
)

SPEECH_WORDS = frozenset(REPORTING) | ACCUSING | NAMING
FORMS_IRREGULAR = frozenset(
    """said told held wrote written found thought swore sworn according spokesman spokeswoman behind responsible""".split()
)
