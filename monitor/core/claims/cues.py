"""The words that attribute: which verbs report, deny or accuse, and how sure they sound."""

from __future__ import annotations

from monitor.core.types import Stance
from monitor.core.wording import word_set

REPORTING: dict[str, Stance] = {
    **dict.fromkeys(
        word_set(
            """
            say tell state claim announce add insist argue maintain contend assert declare
            report explain note stress emphasise emphasize reiterate repeat warn suggest believe
            think estimate predict hint reveal disclose write tweet post comment remark respond
            reply answer testify swear vow promise pledge conclude complain boast recall
            indicate signal find determine caution counter clarify underline underscore observe
            describe point inform brief protest fear assess allege affirm agree continue joke
            mention acknowledge tell assure charge rule reckon calculate establish certify show
            recount narrate testify attest hear retort denounce lament relate remember record
            specify recommend advise demand remind recognise recognize proclaim posit forecast project
            reaffirm confide speculate imply intimate opine profess gripe quip
            """
        ),
        Stance.ASSERT,
    ),
    **dict.fromkeys(
        word_set(
            """
            confirm admit concede acknowledge verify allow grant
            """
        ),
        Stance.CONFIRM,
    ),
    **dict.fromkeys(
        word_set(
            """
            deny refute rebut reject dismiss dispute disavow rubbish
            """
        ),
        Stance.DENY,
    ),
    **dict.fromkeys(
        word_set(
            """
            retract withdraw recant
            """
        ),
        Stance.RETRACT,
    ),
    **dict.fromkeys(
        word_set(
            """
            ask question wonder doubt inquire
            """
        ),
        Stance.QUESTION,
    ),
    "allege": Stance.ACCUSE,
}
# How something is said; with a clause they report: "the dam was full, a guard whispered".
MANNER = word_set(
    """
    whisper mutter murmur growl sigh sob thunder rage fume snap scoff sneer shout yell cry snort sniff moan
    groan brag crow
    rant bluster volunteer venture surmise confess submit plead accept grumble insinuate splutter gloat jeer
    rail theorise theorize deduce blurt weep
    """
)
# Also takes a noun as its content: "confirmed the death of".
TAKES_NOUN = word_set(
    """
    confirm announce claim allege admit reveal disclose acknowledge predict report
    """
)
# With what was seen or heard in "-ing": "reported hearing shots".
PERCEIVED = word_set("report recall remember describe admit acknowledge mention confirm")
# With words between marks these say, too: '"It is in our garage," he laughed'.
VOICED = word_set(
    """
    laugh joke quip shout yell cry sob sigh shrug smile nod retort snap whisper murmur mutter exclaim
    interject read begin go continue conclude finish grumble lament muse plead thunder scoff
    bristle gush enthuse chuckle giggle growl groan fume rage storm weep wail croak roar bellow hiss sneer
    stammer stutter beam wince drawl chant crack blare scream gasp interrupt type text shudder blast
    challenge implore beg taunt boom bark spit squeal bawl howl
    """
)
# Whoever does this with a number gives a figure: "police counted 38", "the army spoke of 12 dead".
COUNTING = word_set("count record register tally log list document report")
# What is read, not heard: "the log shows". A picture shows to whoever looks, and speaks for nobody.
DOCUMENTS = word_set(
    """
    statement report post letter release communique document message memo tweet filing bulletin record minute
    tally count register manifest figure list survey study note email e-mail announcement log indictment
    affidavit transcript ledger dossier datum data statistic poll audit verdict ruling judgment file paper
    contract certificate invoice testimony log logbook diary recording assessment analysis page entry
    lease deed warrant permit timetable roster rota receipt almanac directory itinerary catalogue manual book
    notice polling average research editorial draft agreement series printout readout petition treaty lawsuit
    form slip label sticker
    """
)
# What stands on a paper shows, too.
MARKED = word_set("stamp date signature seal inscription plaque caption footnote")
# Verbs that report only of these: "the log shows", "the court heard".
ONLY_OF = {
    "show": DOCUMENTS,
    "record": DOCUMENTS,
    "hear": word_set("court inquest jury inquiry tribunal hearing committee parliament panel commission"),
}
# Nouns for something said, with the stance of whoever they belong to: "the airline's insistence that".
SAID_NOUNS: dict[str, Stance] = {
    **dict.fromkeys(
        word_set(
            """
            claim assertion insistence assurance account version contention statement argument finding
            conclusion warning suggestion belief declaration announcement testimony explanation estimate
            verdict remark theory story narrative reply answer promise prediction
            """
        ),
        Stance.ASSERT,
    ),
    **dict.fromkeys(word_set("accusation allegation charge reproach complaint insinuation"), Stance.ACCUSE),
    **dict.fromkeys(word_set("denial refutation rebuttal"), Stance.DENY),
    **dict.fromkeys(
        word_set("admission acknowledgement acknowledgment confession confirmation"), Stance.CONFIRM
    ),
}
# Reports what somebody holds, not what is so.
HEDGING_CUES = word_set(
    """
    believe think suggest suspect hint estimate predict fear assess indicate signal
    speculate imply intimate
    """
)
DENYING = word_set("deny reject dismiss refute rebut dispute disavow rubbish")
# Verbs that wave something said away with one of these words behind them: "laughed off the reports".
WAVING_AWAY = {
    "laugh": word_set("off"),
    "shrug": word_set("off"),
    "brush": word_set("off aside away"),
    "wave": word_set("off aside away"),
    "sweep": word_set("aside away"),
    "bat": word_set("off aside away"),
    "throw": word_set("out"),
    "pour": word_set("scorn water"),
    "heap": word_set("scorn"),
    "hit": word_set("back"),
}
# The same by one word, of what was said: "trashed the rumour that he fled".
BATTING_OFF = word_set("blast trash debunk scotch quash ridicule deride mock squash pooh-pooh")
# The same with a clause: "slammed claims that he fled".
SLAMMING = word_set("slam denounce")
# What is waved away so and was said: no snow, no hand, no criminal charge.
WAVED_AWAY = word_set(
    """
    accusation allegation claim report suggestion rumour rumor talk notion idea assertion speculation account
    theory story insinuation hypothesis version gossip innuendo
    """
)
ACCUSING = word_set("accuse blame implicate suspect fault hold")
BLAMING = word_set("accuse blame implicate fault")
# Doing these for a deed is not doing the deed: "accused of trying to shift the blame for the fire".
ATTEMPTS = word_set(
    """
    try seek attempt want use exploit hide conceal cover shift put pin spread mislead distract lie
    ignore fail refuse exaggerate invent fabricate falsify spin deflect divert avoid dodge evade
    """
)
# "described X as", "called it a lie".
NAMING = word_set("call describe brand label dub slam denounce")
# "gave no evidence", "named no source": what a speaker does, not what he says is so.
SHOWING = word_set("give name offer provide show present cite produce")
PROOF_NOUNS = word_set("source evidence proof detail reason explanation document name figure")
# What may be denied without being refused: an accusation is denied, an application is refused.
CLAIM_NOUNS = word_set(
    """
    accusation allegation claim report suggestion charge rumour rumor notion idea assertion
    speculation account version criticism theory narrative link connection responsibility
    involvement role finding conclusion blame complicity wrongdoing statement story insinuation
    hypothesis culpability negligence liability participation knowledge part hand figure number toll
    estimate reproach complaint attribution characterisation verdict gossip innuendo
    """
)
REFUSED_NOUNS = word_set(
    """
    access entry bail visa permission request application appeal motion asylum permit parole service
    treatment chance opportunity right aid leave comment
    """
)
# A noun that only points back at a claim that somebody else made.
ANAPHORIC_NOUNS = word_set(
    """
    accusation allegation claim charge report rumour rumor suggestion insinuation assertion account
    story gossip innuendo
    """
)

# Sums up what was just said, so that a relative clause may deny it: "…, something that the port denies".
SUMMING_UP = word_set("something thing idea notion possibility scenario theory version position finding")

FALSE_WORDS = word_set(
    """
    false untrue fake fabricate fabricated baseless unfounded groundless nonsense lie hoax
    fabrication invention forgery disinformation propaganda absurd ridiculous ludicrous laughable
    slander slanderous libel smear wrong inaccurate incorrect misleading outrageous
    absurdity delusion scaremongering imagination fantasy fiction myth rubbish fairy defamation distortion
    distorted exaggeration exaggerated speculation provocation concoction fable garbage tale bogus
    mistaken invented yarn folklore hogwash baloney bunk claptrap canard farce slur drivel misinformation
    preposterous grotesque fanciful far-fetched farcical scurrilous unsubstantiated tosh piffle poppycock
    tripe codswallop cobblers twaddle balderdash
    """
)
#: Also stand for what somebody said, though nobody "denies" them.
TALK_NOUNS = word_set("talk rumour rumor word statement comment remark assertion video footage picture photo")

#: Who does so says something, which a colon may bring: "contradicts the board: the vote was stopped".
SIDING = word_set(
    """
    contradict differ disagree object oppose correct criticise criticize attack defend justify excuse side
    agree protest challenge defy scorn mock praise rebuke lecture remember recollect
    """
)
#: Who is so holds that something is: "is adamant that". Of nothing but people: "the road is clear".
CONVINCED = word_set(
    """
    adamant certain sure convinced confident positive categorical emphatic insistent unequivocal clear
    satisfied persuaded firm unanimous unshakeable
    """
)
#: "In no doubt that", "of the opinion that".
HELD = word_set("doubt opinion view belief impression conviction")

SPEECH_WORDS = frozenset(REPORTING) | MANNER | ACCUSING | NAMING | COUNTING | frozenset(SAID_NOUNS)
FORMS_IRREGULAR = (
    word_set(
        """
    said told held wrote written found thought swore sworn according spokesman spokeswoman behind
    responsible spoke spoken shown showed per doubt wept
    """
    )
    | CONVINCED
)
# Words that attribute only together, as patterns: a sentence with one is worth a tree.
TOGETHER = (
    r"(?:laugh|shrug|brush|wav|sweep|swept|batt?|throw|threw)\w*\s(?:\w+\s){0,2}?(?:off|aside|away|out)",
    r"(?:pour|heap)\w*\s(?:scorn|cold\swater)",
    r"(?:ha[sd]|have|finds?|sees?|saw|seen|received?|discover(?:ed)?|detect(?:ed)?)\sno",
    r"(?:ha[sd]|have)\sno\sdoubt",
    r"at\spains",
    r"hits?\sback",
    r"(?:to\sunderstand|it\sknown|let\s(?:the\s)?\w+\sknow)\sthat",
    r"[Ii]n\s(?:the|his|her|its|their|[A-Z][\w’']+)\s(?:own\s)?"
    r"(?:view|opinion|words|judge?ment|phrase|eyes|account|telling|recollection|memory|reckoning)",
    r"[Bb]y\s(?:his|her|its|their|[A-Z][\w’']+)\s(?:own\s)?(?:account|count|reckoning|telling)",
    r"[Bb]y\s(?:the\s)?(?:\w+\s){0,2}?\w+['’]s?\s(?:own\s)?(?:account|count|reckoning|tally|figures|papers|records|books)",
    r"(?:remember|recall)s?",
    r"point(?:s|ed)?\s(?:\w+\s)?to",
    r"(?:is|was|remains)\sthat",
    r"ma(?:d?e|kes)\s(?:it\s)?(?:\w+\s)?(?:clear|plain|known)",
    r"le(?:t|ts|ft|aves?)\s(?:slip|it\sbe|no\sdoubt|no\sone|nobody)",
    r"(?:ga|gi)ves?\s(?:his|her|its|their)\sword",
    r"no\ssecret",
    r"(?:information|evidence|proof|word|indications?)\s(?:\w+\s){0,4}?that",
    r"(?:no|any|single)\s(?:trace|proof|evidence|document|sign)",
    r"[Cc]ontrary\sto",
    r"(?:ha[sd]|have|having)\snone\sof",
    r"(?:[Ff]ar\sas|[Tt]he\sway|[Tt]o\shear)",
    r"point\w*\s(?:the|a|his|her|its|their)\sfinger",
    r"(?:cling|clung|insist|believ|stick|stuck)\w*\s(?:to|on|in)",
    r"(?:ha[sd]|have)\sit\s(?:\w+\s){0,8}?that",
    r"kn(?:ow|ew)s?\s(?:of\sno|about\sno|nothing)",
    r"(?:speak|talk|writ|wrote)\w*\sof",
    r"(?:put|give|gave|given|plac\w+|set|trac\w+|list|date)\w*\s[^.;]{2,80}?\s(?:as|at|in|on|down\sto|to)",
    r"(?:ascrib|attribut)\w+",
    r"(?:take|took|taking|accept|assum)\w*\s(?:\w+\s){0,2}?(?:responsibility|blame)",
    r"(?:stick|stuck|stand|stood|hold)s?\s(?:to|by|with)\s(?:its|his|her|their|the\s\w+\sthat|\w+[.,;])",
    r"(?:saw|seen|watched|noticed|spotted)",
    r"(?:show|give|gave|contain|carrie|bear|bore|carry|name|detail)\w*\s(?:no|the|an?)",
    r"(?:urge|advise|order|instruct)\w*\s[^.;]{2,60}?\sto",
    r"as\s[^.;,]{2,60}?\sputs?\sit",
    r"short\sshrift",
    r"(?:portray|depict|condemn|hail|characteri)\w*\s[^.;]{2,60}?\sas",
)
