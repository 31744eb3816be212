"""Names in running text: where they stand, which words before them are titles, what looks like a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.core.claims.first_names import FORMS_OF_ADDRESS, pronoun_of
from monitor.core.wording import word_set

PARTICLES = "van|von|der|den|de|da|di|la|al|bin|ibn|el|ap|ter|dos|das|do|du|del|della|le|ben|abu|zu|af"
# "Al-Sadiq" is "Sadiq", too.
_JOINED = "al|el|ul|ar|as|ash|an|ad|at|ibn"
_OWN_PART = re.compile(rf"^(?:{_JOINED})-(?=\w)", re.IGNORECASE)
_UPPER = r"[^\W\d_a-zа-яß-öø-ÿ]"
_ONE_NAME = re.compile(rf"{_UPPER}[\w'’\-]+")
#: Titles that are written short, with a stop that ends no sentence: "Lt. Gov. Ivo Lund".
SHORTENED = sorted(
    word_set(
        """
        Gen Col Capt Cmdr Lt Sgt Cpl Pvt Maj Brig Adm Sen Sens Rep Reps Gov Govs Amb Rev Hon Dr Mr Mrs Ms Prof
        St Det Insp Supt
        """
    )
)
_WITH_STOP = "|".join(SHORTENED)
MONTHS = frozenset(
    month.title()
    for month in word_set(
        "january february march april may june july august september october november december"
    )
)
WEEKDAYS = frozenset(
    day.title() for day in word_set("monday tuesday wednesday thursday friday saturday sunday")
)
_DATE = re.compile(r"(?:\d|\b(?i:in|last|next|this))\s$")
# "Bureau for ", "Ministry of ": what goes on is the body's name, and may end in somebody's.
_OF_BODY = re.compile(
    r"\b(?:Committee|Ministry|Department|Bureau|Office|Agency|Service|Council|Commission|Inspectorate|Centre"
    r"|Institute|Directorate|Administration|Board|Union|Chamber|Academy)\s(?:for|of)\s(?:the\s)?$"
)
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[a-zа-я]+)+")
# Names never run over the end of a line.
NAME = re.compile(
    rf"(?<!\w)(?:[a-z]?{_UPPER}[\w'’\-]*|(?:{_WITH_STOP})\.|(?:{_UPPER}\.)+)"
    rf"(?:[^\S\n]+(?:(?:{PARTICLES})[^\S\n]+)*(?:(?:(?:{_UPPER}\.)+|(?:{_WITH_STOP})\.)[^\S\n]*)*"
    rf"(?:(?:{_JOINED})-)?{_UPPER}[\w'’\-]+){{1,3}}"
)
TITLES = word_set(
    """
    mr mrs ms miss dr prof professor sir lord lady dame president prime minister foreign defence
    defense interior health finance transport vice premier chancellor king queen prince princess
    general colonel major captain lieutenant sergeant admiral commander senator governor mayor judge
    justice rev father bishop archbishop chief director secretary ambassador spokesman spokeswoman
    spokesperson the a an on in at but and after former when while as for if then monday tuesday
    wednesday thursday friday saturday sunday deputy acting chairman chairwoman chief executive
    officer commissioner inspector superintendent sheriff coach afterward afterwards later earlier meanwhile
    however today yesterday instead still now here there despite amid like unlike since with
    because although though while both so yet only even according during before
    commodore honourable honorable excellency
    detective constable brigadier marshal lt col gen capt sgt maj rep sen gov attorney first second
    """
)
PERSON_NOUNS = word_set(
    """
    official spokesman spokeswoman spokesperson minister president chief head director leader mayor
    governor officer commander captain analyst expert lawyer prosecutor judge witness resident secretary
    chairman chairwoman ceo manager doctor engineer senator lawmaker activist source king queen ambassador
    envoy critic boss coach founder member owner pilot researcher scientist veteran worker man woman
    mother father aide adviser advisor deputy diplomat investigator inspector professor economist
    executive politician candidate driver farmer nurse premier chancellor general colonel skipper foreman
    auditor negotiator suspect defendant victim major sergeant lieutenant admiral detective representative
    reverend bishop priest imam rabbi mp mep msp lord parent matron pensioner shopkeeper housewife chef
    waiter tourist barber tailor baker butcher mechanic carpenter painter singer actor actress author
    writer novelist journalist reporter editor blogger columnist historian cleaner cook courier porter
    warden ranger curator librarian archivist referee striker goalkeeper sprinter champion jockey
    pharmacist therapist psychologist anaesthetist vet trainer tutor lecturer academic rector dean vicar
    monk nun clerk bailiff juror magistrate convict inmate prisoner hostage refugee migrant asylum-seeker
    tenant landlord homeowner customer client patient motorist cyclist pedestrian commuter hiker climber
    diver swimmer surfer skier tribesman chieftain warlord militant gunman teacher student caretaker
    technician electrician plumber sailor survivor colleague neighbour neighbor relative husband brother
    sister daughter son widow uncle aunt cousin friend guard whistleblower insider informant legislator
    counsel solicitor barrister attorney trader banker investor shareholder passenger fisherman trucker
    organiser organizer campaigner protester commissioner rapporteur statistician meteorologist
    seismologist virologist epidemiologist surgeon physician midwife paramedic firefighter policeman
    policewoman soldier conscript sentry
    dissident defector exile vendor grocer bookseller hairdresser designer architect bricklayer mason docker
    seaman deckhand bosun helmsman navigator purser stewardess steward welder machinist biologist chemist
    physicist botanist scholar strategist lobbyist pollster pundit mediator arbitrator observer monitor
    volunteer trustee treasurer registrar councillor councilor alderman shepherd herder grower winemaker
    landowner bartender agent entrepreneur tycoon oligarch heir heiress bystander passer-by onlooker villager
    islander parent grandmother grandfather grandson granddaughter classmate teammate roommate fiance
    girlfriend boyfriend principal headteacher headmaster headmistress dentist carer caregiver dispatcher
    consul delegate legislator speaker counsellor undersecretary musician dancer rapper producer presenter
    anchor organist conductor guide instructor watchmaker jeweller hunter trapper
    sheriff superintendent constable archbishop prince princess justice cardinal pastor trooper corporal
    baroness eyewitness accountant stepson stepdaughter stepfather stepmother son-in-law daughter-in-law
    brigadier commodore marshal
    brother-in-law sister-in-law father-in-law mother-in-law flatmate nephew niece co-owner co-founder usher
    gardener forester coroner rescuer ally rival supporter backer logger lumberjack smith blacksmith
    locksmith glazier roofer
    mum mom dad cop granny grandma grandad hubby
    wife bride groom girl boy teenager toddler fiancee widower orphan twin godfather godmother
    caterer restaurateur promoter doorman roadie supremo fitter potter brewer picker packer
    stoker stallholder shopowner storeowner innkeeper hotelier barista butler maid nanny janitor bookkeeper
    chambermaid commando marine raider paratrooper gunner cadet recruit trainee apprentice reveller
    clockmaker plasterer miller farmhand ferryman boatswain cabinboy stowaway lifeguard bodyguard gravedigger
    undertaker mortician pathologist orderly radiographer warder jailer turnkey interpreter translator
    cashier salesperson stockbroker broker underwriter actuary surveyor planner geographer oceanographer
    mullah ayatollah mufti patriarch abbot deacon muezzin preacher missionary chaplain sexton
    """
)
# After a name, and no part of it: "Fiona Achebe KC".
_AFTER_NAMES = word_set("kc qc mp mps mep msp td mla obe cbe mbe kbe dbe cmg phd md jr sr ii iii iv esq")
#: How somebody feels or is felt for, before a name or a noun: "Furious Ivo Lund", "heartbroken relatives".
FEELINGS = word_set(
    """
    anxious angry furious heartbroken grieving stunned shocked worried desperate terrified horrified
    devastated tearful outraged distraught fearful bewildered weary jubilant panicked frightened bereaved
    brave defiant tragic embattled disgraced fuming shameless tormented plucky gutted
    """
)
_FAMILIAR = word_set("mum mom dad gran granny nan")
# Stand before a name, as titles do, and say nothing of whose it is.
_NO_ROLE = FEELINGS | word_set(
    """
    the a an on in at but and after when while as for if then monday tuesday wednesday thursday friday
    saturday sunday despite amid like unlike since with because although though both so yet only even
    according during before first second former afterward afterwards later earlier meanwhile however today
    yesterday instead still now here there
    """
)
ORG_WORDS = word_set(
    """
    ministry agency authority party union council committee group company airline bank court
    university institute service corporation inc ltd plc association federation government office
    bureau department commission police army navy force forces news times post team hospital board
    guard coastguard line exchange union fund chamber assembly parliament senate congress league movement
    front alliance coalition bloc federation foundation network operator registry centre center laboratory
    lab
    clinic school college club society holding industries energy motors systems partners capital
    technologies telecom railways railway shipping steel pharma foods brigade corps fleet command
    """
)


ANY_ORG = word_set(
    """
    company firm group organisation organization carrier airline operator manufacturer maker bank club utility
    charity broadcaster retailer supplier builder refinery chipmaker carmaker insurer lender brewer miner
    """
)
#: Stand before a firm's name of two words or more: "Operator Norvik Lines".
FIRM_TITLES = word_set(
    "operator shipowner owner manufacturer insurer broadcaster retailer supplier builder lender contractor"
)
# People, those of whom nothing more is told among them.
_PEOPLE = PERSON_NOUNS | word_set(
    """
    people person child kid baby boy girl member crew staff dead wounded injured victim survivor someone
    somebody everyone everybody nobody worshipper civilian other staffer
    """
)


def is_people(words: str) -> bool:
    """Whether these words (lemmas) for somebody name people: "six man", "interior minister"."""
    return any(word in _PEOPLE or word.endswith(("man", "woman", "people")) for word in words.split())


# What names of firms hold, among the words for bodies.
FIRM_WORDS = word_set(
    """
    company airline bank group corporation inc ltd plc holding industrie energy motor system partner capital
    technologie telecom railway shipping steel pharma food line
    """
)

# Who speaks for a country when its name stands beside them; and who does not, even so.
STATE_WORDS = word_set(
    """
    official authority authorities government ministry minister president presidency premier chancellor
    king queen emir sultan monarch crown regime junta leader leadership cabinet administration parliament
    state military army navy force forces troop troops soldier guard coastguard police intelligence security
    agency service spokesman spokeswoman spokesperson ambassador embassy envoy diplomat consulate delegation
    negotiator mission secretary chief commander general admiral colonel marshal prosecutor investigator
    investigators foreign defence defense interior treasury side aide
    """
)
AGAINST_STATE = word_set(
    """
    opposition dissident rebel exile exiled activist former ex jailed separatist protester critic
    independent
    """
)


_SHORT_TITLES = {
    "gen": "general", "col": "colonel", "capt": "captain", "cmdr": "commander", "dr": "doctor",
    "prof": "professor",
    "sen": "senator", "rep": "representative", "gov": "governor", "det": "detective", "insp": "inspector",
    "sgt": "sergeant", "lt": "lieutenant", "maj": "major", "adm": "admiral", "rev": "reverend",
}  # fmt: skip


# Besides titles.
_BEFORE_NAMES = _SHORT_TITLES.keys() | FEELINGS | _FAMILIAR


def role_before(before: str, titles: list[str]) -> set[str]:
    """The words for what somebody is, right before the name: 'union leader Ivo Lund', 'Gen. Ivo Lund'."""
    titles = [_SHORT_TITLES.get(word.rstrip("."), word) for word in titles]
    words = [*re.split(r"[.!?,;:\n]", before)[-1].split(), *titles]
    if not words or words[-1].casefold() not in PERSON_NOUNS:
        return set()
    role = {words[-1].casefold()}
    for word in reversed(words[:-1]):
        if word.casefold() in TITLES - PERSON_NOUNS or len(role) > 2:
            break
        role.add(word.casefold())
    return role


@dataclass(frozen=True, slots=True)
class Written:
    """A name of two words or more, or one with a title, as it stands in a text."""

    # Offsets of the name itself, titles left out.
    start: int
    end: int
    # The name, without what stands after it ("KC").
    words: tuple[str, ...]
    # The words of the same capitals before it, small, the last of them a title: ("french", "president").
    lead: tuple[str, ...]

    @property
    def name(self) -> str:
        return " ".join(self.words)

    def last_alone(self) -> Written:
        """The same with only the last name for a name, and what stands before it for its lead."""
        *before, last = self.words
        words = [*self.lead, *(word.casefold().rstrip(".") for word in before)]
        return replace(self, start=self.end - len(last), words=(last,), lead=tuple(words))

    def without_first(self, text: str) -> Written:
        """The same without its first word, which is none of the name; without words: nothing is left."""
        words = self.words[1:] if len(self.words) > 2 else ()
        start = text.index(words[0], self.start + 1) if words else self.end
        return replace(self, start=start, words=words)

    def role(self, before: str) -> set[str]:
        """The words for what somebody is, of its lead and right before it: 'union leader Ivo Lund'."""
        titles = list(self.lead)
        told = {word for word in titles if word not in _NO_ROLE} if titles and is_role(titles[-1]) else set()
        return told | role_before(before, titles if len(titles) < 2 else [])


def names_person(lemma: str) -> bool:
    """Whether a noun, small and in the singular, says that somebody is a person."""
    return lemma in PERSON_NOUNS or (
        len(lemma) > 5 and lemma.endswith(_OF_PEOPLE) and lemma not in _OF_THINGS and lemma not in ORG_WORDS
    )


_OF_PEOPLE = ("man", "woman", "person", "ist", "ician", "eer", "arian", "master", "keeper", "worker")
_OF_THINGS = word_set(
    "ottoman talisman career checklist shortlist blacklist whitelist playlist waitlist wishlist assist"
)


@lru_cache(maxsize=10_000)
def is_title(word: str) -> bool:
    low = word.casefold().rstrip(".")
    # "Major-General".
    return all(part in TITLES for part in low.split("-")) or low in _BEFORE_NAMES


def leads(word: str) -> bool:
    """Whether a title, and no joining word: 'Minister', 'Ms'."""
    return is_title(word) and word.casefold() not in _NO_ROLE


@lru_cache(maxsize=10_000)
def is_address(word: str) -> bool:
    """Whether a word before a last name may say no more than what its bearer is: "Skipper", "Cllr", "Old"."""
    low = word.casefold().rstrip(".")
    return leads(word) or names_person(low) or low in FORMS_OF_ADDRESS


def is_role(word: str) -> bool:
    """Whether somebody is what this word says: "minister", "Gen."."""
    low = word.casefold().rstrip(".")
    return _SHORT_TITLES.get(low, low) in PERSON_NOUNS


def names_in(text: str) -> Iterator[Written]:
    """Every name in order, without the titles that lead to it: 'Deputy Mining Minister Carmen Luz Ibarra'."""
    found = NAME.search(text)
    while found is not None:
        start, end = _without_owner(found)
        lead: list[str] = []
        while (at := _after_title(text, start, end)) is not None:
            # "Major-General" is a general.
            lead += [w.casefold().rstrip(".") for w in re.split(r"[\s-]+", text[start:at]) if w]
            start = at
            # What stands after a title may go on further than the pattern did.
            longer = NAME.match(text, start) or _ONE_NAME.match(text, start)
            end = max(end, _without_owner(longer)[1] if longer is not None else start)
        words = without_postnominals(text[start:end].split())
        if len(words) > 2 and _OF_BODY.search(text, max(0, start - 24), start) and _is_again(text, words):
            # "Head of the Office for Public Safety Ana Ruiz": the last two words.
            lead, words = [], words[-2:]
            start = text.rindex(words[0], start, end)
        while len(words) > 1 and (
            (len(words) > 2 and words[0].casefold() in FIRM_TITLES)
            or _COMPOUND.fullmatch(words[0])
            or _dated(text, start, words[0])
        ):
            # "Swiss-based Vantor", "Dad-of-two Ivo Lund", "on 4 November Ana Ruiz".
            start = text.index(words[1], start + len(words[0]))
            words = words[1:]
        if len(words) > 1 or (words and lead):
            yield Written(start, end, tuple(words), tuple(lead))
        found = NAME.search(text, max(end, start + 1))


def _is_again(text: str, words: list[str]) -> bool:
    """Whether the last two words are somebody's name: by the first name, or as the last one comes alone."""
    *_, first, last = words
    alone = rf"(?<!{re.escape(first)} )\b{re.escape(last)}\b"
    return bool(pronoun_of(first)) or re.search(alone, text) is not None


def _dated(text: str, start: int, word: str) -> bool:
    """Whether this is a month with its day, or what says which, before it."""
    return word in MONTHS and _DATE.search(text, max(0, start - 12), start) is not None


def without_postnominals(words: list[str]) -> list[str]:
    while len(words) > 2 and words[-1].casefold().rstrip(".") in _AFTER_NAMES:
        words = words[:-1]
    return words


def _without_owner(found: re.Match[str]) -> tuple[int, int]:
    """'Norway's Skarv Energi' are two names, and the one owned is meant; "Energi's" ends before its mark."""
    start, end = found.span()
    for owner in re.finditer(r"['’]s\s+", found.group()):
        start = found.start() + owner.end()
    tail = found.string[start:end]
    return start, end - (2 if tail.endswith(("’s", "'s")) else 0)


def _after_title(text: str, start: int, end: int) -> int | None:
    """Where the name begins that follows the last title of these words; None: there is none."""
    words = list(re.finditer(r"\S+", text[start:end]))
    following = _ONE_NAME.match(text, end + 1) if text[end : end + 1] == " " else None
    for n in range(len(words) - 1, -1, -1):
        low = words[n].group().casefold().rstrip(".")
        rest = [w.group() for w in words[n + 1 :]] or ([following.group()] if following is not None else [])
        if is_title(low) or (len(words) - n > 2 and is_address(low)):
            named = bool(rest) and not {rest[0].casefold().rstrip(".")} & (TITLES | ORG_WORDS)
            return (
                start + (words[n + 1].start() if n + 1 < len(words) else len(text[start:end]) + 1)
                if named
                else None
            )
        if low in ORG_WORDS and len(rest) > 1 and pronoun_of(rest[0]):
            # "Member of the European Parliament Ana Ruiz".
            return start + words[n + 1].start()
    return None


def family_of(word: str) -> str:
    """The last name that a last word stands for, small: "sadiq" of "al-Sadiq"."""
    return _OWN_PART.sub("", word).casefold()


def looks_like_person(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 4 and not any(w.casefold() in ORG_WORDS or w.isupper() for w in words)


@lru_cache(maxsize=10_000)  # asked of the same few names again and again
def without_article(surface: str) -> str:
    return _ARTICLE.sub("", surface.strip(' ,"“”'))


_ARTICLE = re.compile(r"^(?:(?:both|either)\s+)?(?:the|an?)\s+", re.IGNORECASE)


def without_titles(words: list[str]) -> list[str]:
    while len(words) > 2 and is_title(words[0]):
        words = words[1:]
    return words
