"""Words of which only one can hold of one thing at one time: a table, one row an aspect.

A row is two sides; on one side stand adjectives, participles and verbs in their dictionary form, and phrases
with _ between their words ("out_of_order", "switch_off"). A verb is said of what it is done to ("locked the
gate"), and of who acts where it has no object ("prices rose"); with > before it always of who acts (">win").
A word with * after it has this sense only of the row's nouns (`of`); where no word has one, all have.
A word may stand in one row only, on one side; what un- or in- turns round needs no row ("unarmed").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.facts import kind
from monitor.core.wording import stem_set, word_set


@dataclass(frozen=True, slots=True, kw_only=True)
class Opposites:
    """One aspect with its two sides."""

    id: str
    yes: str
    no: str
    # Nouns that the words have this sense of; empty: of anything.
    of: str = ""
    # Also as an attribute ("the locked exits"): words with few other senses.
    attributive: bool = False
    # It may be the one today and the other tomorrow.
    changes: bool = True
    # Of one period and not of the next ("rose in May"): what else the two say must be the same.
    by_period: bool = False


OPPOSITES = (
    Opposites(
        id="open",
        yes=(
            "open* unlocked unlock reopen* ajar free* unblocked unobstructed открыть* открытый* отпереть "
            "незапертый распахнуть* свободный*"
        ),
        no=(
            "closed* close* shut* blocked* block* locked lock chained* chain* bolted bolt padlock barricade "
            "закрыть* закрытый* запереть запертый заблокировать* заколотить"
        ),
        of=(
            "door window border road bridge port airport school market shop valve crossing checkpoint "
            "station tunnel street embassy barrier corridor strait grid shutter passage lane runway counter "
            "окно граница дорога мост порт аэропорт школа рынок переезд тоннель улица клапан люк проход"
        ),
        attributive=True,
    ),
    Opposites(
        id="working",
        yes=(
            "working* work* functioning function operational operating* functional serviceable "
            "in_operation in_service in_working_order switch_on turn_on activate active* on* >run* >operate* "
            "up_and_running включить* работать* исправный ходить*"
        ),
        no=(
            "broken* faulty defective inoperable out_of_order out_of_operation out_of_service "
            "out_of_action switch_off turn_off disabled* disable* deactivate disconnect malfunction fail* "
            "break_down dead* dark* off* shut_down* idle* halt* stop* at_a_standstill* stand_still* "
            "paralyse* paralysed* отключить* выключить* сломать неисправный отказать* остановить* "
            "остановиться* простаивать* стоять* встать* парализовать*"
        ),
        of=(
            "alarm siren engine pump cable sprinkler system camera transponder radar brake motor "
            "generator light heating signal radio line detector sensor elevator lift machine turbine "
            "reactor computer server website network phone hotline monitor recorder equipment device "
            "valve ventilation conditioner turnstile gauge meter plant factory mill refinery smelter mine "
            "furnace kiln train tram trolleybus metro ferry port line сигнализация датчик двигатель насос "
            "кабель система камера тормоз генератор свет отопление сирена сайт лифт завод фабрика шахта "
            "комбинат реактор печь поезд трамвай троллейбус метро паром конвейер"
        ),
    ),
    Opposites(
        id="whole",
        yes="intact undamaged unharmed unscathed целый неповрежденный уцелеть",
        no="damaged damage destroyed destroy cracked wrecked smashed повредить разрушить уничтожить",
        changes=False,
    ),
    Opposites(
        id="full",
        yes="full packed crowded occupied полный переполненный",
        no="empty deserted vacant unoccupied пустой безлюдный",
        of=(
            "building school hall ward hotel train bus plane tank reservoir hospital house gym room "
            "hostel stadium camp village flat office depot warehouse shelter theatre cinema club church "
            "здание школа зал поезд автобус гостиница склад дом больница стадион"
        ),
    ),
    Opposites(
        id="readable",
        yes="encrypted encrypt зашифровать зашифрованный",
        no="readable unprotected in_plain_text in_clear_text in_plaintext in_the_clear незашифрованный",
        changes=False,
    ),
    Opposites(
        id="specific",
        yes="specific concrete detailed precise конкретный подробный",
        no=(
            "general vague generic non-specific unspecific imprecise of_a_general_nature in_general_terms "
            "общий расплывчатый неконкретный"
        ),
        of=(
            "warning threat information intelligence tip alert report data message complaint allegation "
            "предупреждение угроза информация сведение данные сообщение"
        ),
        changes=False,
    ),
    Opposites(
        id="willing",
        yes=(
            "voluntary voluntarily of_his_own_accord of_her_own_accord of_its_own_accord "
            "of_their_own_accord of_his_own_free_will of_her_own_free_will добровольный добровольно"
        ),
        no=(
            "forced force coerce under_duress under_pressure involuntary compulsory принудительный "
            "вынужденный насильно"
        ),
        changes=False,
    ),
    Opposites(
        id="alone",
        yes="alone single-handedly on_his_own on_her_own on_their_own в_одиночку",
        no="with_accomplices with_an_accomplice with_others with_helpers с_сообщниками",
        changes=False,
    ),
    Opposites(
        id="sober",
        yes="sober трезвый",
        no="drunk intoxicated inebriated over_the_limit пьяный нетрезвый",
    ),
    Opposites(
        id="lawful",
        yes="legal lawful законный legitimate",
        no="illegal unlawful illegitimate незаконный",
        changes=False,
    ),
    Opposites(
        id="public",
        yes="public in_public открыто публичный гласный",
        no=(
            "secret confidential in_secret in_private behind_closed_doors тайный секретный "
            "за_закрытыми_дверями"
        ),
        of=(
            "vote hearing trial meeting session talk contract deal report agreement ballot document list "
            "debate голосование слушание заседание собрание договор"
        ),
        changes=False,
    ),
    Opposites(
        id="conscious",
        yes="conscious awake в_сознании",
        no="unconscious asleep без_сознания",
    ),
    Opposites(
        id="there",
        yes="present присутствовать",
        no="absent отсутствовать",
    ),
    Opposites(
        id="up",
        yes="rise increase grow climb go_up вырасти расти подняться увеличиться повыситься",
        no="fall decrease decline drop shrink go_down упасть снизиться сократиться уменьшиться",
        changes=False,
        by_period=True,
    ),
    Opposites(
        id="won",
        yes=">win выиграть",
        no=">lose проиграть",
        of=("party candidate team club firm company government opposition president mayor plaintiff union"),
        changes=False,
    ),
    Opposites(
        id="accepted",
        yes="accept approve adopt endorse принять одобрить утвердить",
        no="reject refuse turn_down vote_down throw_out отклонить отвергнуть",
        of=(
            "offer plan proposal bill budget law resolution amendment report request appeal application "
            "deal motion complaint petition предложение план закон бюджет поправка заявка жалоба"
        ),
        changes=False,
    ),
    Opposites(
        id="allowed",
        yes="allow permit authorise authorize admit let_in разрешить допустить пустить",
        no="ban prohibit forbid bar turn_away expel запретить не_допустить",
        changes=False,
    ),
    Opposites(
        id="genuine",
        yes="genuine authentic подлинный настоящий",
        no="fake forged forge counterfeit doctored fabricated fabricate поддельный фальшивый подделать",
        attributive=True,
        changes=False,
    ),
    Opposites(
        id="punctual",
        yes="on_time punctual on_schedule вовремя",
        no="late delayed behind_schedule опоздать",
    ),
    Opposites(
        id="complete",
        yes="complete",
        no="incomplete неполный",
        of="minute list file record document report protocol log account register",
        changes=False,
    ),
    Opposites(
        id="finished",
        yes="over finished completed complete_work ended end закончить завершить",
        no="ongoing under_way underway in_progress continue go_on продолжаться",
        of=(
            "repair strike search talk work operation fighting investigation siege trial evacuation "
            "blockade ремонт забастовка поиск переговоры работа операция расследование эвакуация"
        ),
    ),
    Opposites(
        id="clean",
        yes="clean чистый",
        no="dirty filthy contaminated contaminate polluted грязный",
        of="water river kitchen well beach air lake ward food вода река кухня",
    ),
    Opposites(
        id="armed",
        yes="armed вооруженный вооружить",
        no="unarmed невооруженный безоружный",
        changes=False,
    ),
    Opposites(
        id="guilty",
        yes="guilty виновный виновен",
        no="innocent невиновный невиновен",
        changes=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a row that a word stands on."""

    row: Opposites
    holds: bool
    # Said of who acts, also where it has an object.
    of_actor: bool
    # Has this sense only of the row's nouns.
    only_of: bool


@lru_cache(maxsize=1)
def sides() -> Mapping[str, Side]:
    """Word or phrase (with _) → the side that it stands on."""
    found: dict[str, Side] = {}
    for row in OPPOSITES:
        starred = "*" in row.yes + row.no
        for words, holds in ((row.yes, True), (row.no, False)):
            for word in words.split():
                plain = word.removeprefix(">").removesuffix("*")
                only_of = word.endswith("*") or (bool(row.of) and not starred)
                found[plain] = Side(row, holds, word.startswith(">"), only_of)
    return found


@lru_cache(maxsize=1)
def openings() -> Mapping[str, tuple[str, ...]]:
    """First word of a phrase → the phrases that begin with it, the longest first."""
    found: dict[str, list[str]] = {}
    for word in sides():
        if "_" in word:
            found.setdefault(word.split("_")[0], []).append(word)
    return {first: tuple(sorted(words, key=lambda w: -len(w))) for first, words in found.items()}


@lru_cache(maxsize=1)
def rows() -> Mapping[str, Opposites]:
    """The rows by their ids."""
    return {row.id: row for row in OPPOSITES}


@lru_cache(maxsize=64)
def _senses(of: str) -> frozenset[str]:
    return frozenset(kind(word) for word in word_set(of)) | stem_set(of)


def has_this_sense(side: Side, subject: str) -> bool:
    """Whether a word means this of such a subject (a stem, as facts.kind gives it)."""
    return not side.only_of or subject in _senses(side.row.of)
