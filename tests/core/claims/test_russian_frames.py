"""The phrases of the shipped frames in Russian: what they find, in which order of words, denied or not."""

from __future__ import annotations

import pytest
from reading_room import claims_of, frames, rules

# A sentence; the frame, affirmed or not, and one role that it fills.
SAID: list[tuple[str, str, bool, tuple[str, str] | None]] = [
    ("Больница сообщила, что произошла утечка данных пациентов.", "theft", True, ("loot", "данные")),
    ("Больница сообщила, что записи пациентов украдены.", "theft", True, ("loot", "запись пациент")),
    ("Хакеры заявили, что получили доступ к базе данных.", "theft", True, ("taker", "хакер")),
    ("В министерстве заявили, что рейсы парома запрещены.", "permission", False, ("act", "рейс паром")),
    ("Губернатор сообщил, что вода не представляет опасности.", "safety", True, ("thing", "вода")),
    ("Представитель завода заявил, что насосы работали в штатном режиме.", "condition", True, None),
    ("По словам врачей, министр находится в сознании.", "life", True, ("person", "министр")),
    ("Министерство опровергло смерть генерала.", "life", True, ("person", "генерал")),
    ("Полиция заявила, что авария не была случайной.", "intent", True, ("event", "авария")),
    ("Директор заявил, что взрыв был несчастным случаем.", "intent", False, ("event", "взрыв")),
    ("Министр заявил, что был в курсе проверок.", "knowledge", True, ("matter", "проверка")),
    ("Мэр заявил, что не имел представления о сделке.", "knowledge", False, ("person", "мэр")),
    ("Оппозиция заявила, что победителем выборов стал её кандидат.", "vote", True, ("winner", "кандидат")),
    ("Жители сообщили, что их не предупреждали о наводнении.", "warning", False, ("danger", "наводнение")),
    ("Мэр заявил, что шторм застал город врасплох.", "warning", False, ("warned", "город")),
    ("Пресс-секретарь заявил, что президент не встречался с бизнесменом.", "talks", False, None),
    ("Оператор сообщил, что движение поездов возобновлено.", "operation", True, None),
    ("Штаб сообщил, что город перешёл под контроль повстанцев.", "control", True, ("holder", "повстанец")),
    ("Компания заявила, что не платила выкуп.", "payment", False, ("sum", "выкуп")),
    ("Совет проголосовал против реформы, сообщил спикер.", "position", False, ("plan", "реформа")),
]


@pytest.mark.parametrize(("text", "frame", "affirmed", "role"), SAID)
def test_a_phrase_is_found_in_any_order_of_words_and_with_its_polarity(
    text: str, frame: str, affirmed: bool, role: tuple[str, str] | None
) -> None:
    uses = [u for claim in claims_of(text, rules()) for u in claim.frames if u.frame == frame]
    assert [u.affirmed for u in uses] == [affirmed]
    assert role is None or role in uses[0].roles


# Who says that something was done did not do it; who says that he did, did.
DONE_BY = [
    ("Министерство сообщило, что мост взорван.", []),
    ("Министерство сообщило, что мост взорвали.", []),
    ("Больница сообщила, что похищены данные пациентов.", []),
    ("Министерство сообщило, что взорвало мост.", ["Министерство"]),
    ("Министр и генерал заявили, что взорвали мост.", ["генерал", "министр"]),
    ("Повстанцы сообщили, что захватили город.", ["повстанец"]),
    # Where she stood.
    ("Лоцман сообщил, что стоял сразу за ней.", []),
]


@pytest.mark.parametrize(("text", "agents"), DONE_BY)
def test_a_speaker_is_the_agent_only_of_what_he_says_he_did(text: str, agents: list[str]) -> None:
    uses = [u for claim in claims_of(text, rules()) for u in claim.frames if u.frame == "responsibility"]
    assert [value for u in uses for name, value in u.roles if name == "agent"] == agents


def test_a_gas_leak_is_no_theft() -> None:
    (claim,) = claims_of("Инженеры сообщили, что причиной пожара стала утечка газа.", rules())
    assert {use.frame for use in claim.frames} == {"cause"}


def test_every_shipped_frame_has_phrases_in_russian() -> None:
    assert [frame.id for frame in frames() if not any(w.lang == "ru" for w in frame.wordings)] == []
