"""What plain news disputes every day: how long, which way, running or not, let in, signed, owed, paid."""

from __future__ import annotations

import pytest
from reading_room import told_in_one_report

CONFLICTS = [
    # How long.
    (
        "The minister said the first ambulance came after five minutes.",
        "Ida Torsk, a nurse, said no ambulance came for an hour.",
    ),
    (
        "The company said repairs would take ten days.",
        "Ivo Lund, an engineer, said they would last four months.",
    ),
    (
        "The bank said the outage lasted forty minutes.",
        "Ida Torsk, a customer, said the machines were offline for at least three hours.",
    ),
    # Which way.
    (
        "Police said the robbers had sped off in a blue car toward Latvia.",
        "The sheriff said the car was seen heading south, in the direction of Poland.",
    ),
    ("Police said the van headed east.", "A witness said the van drove west."),
    # Running or not.
    ("The union said the plant was at a standstill.", "The owners said the plant was running normally."),
    ("The ministry said the refinery had been shut down.", "The owner said the refinery was in operation."),
    ("The union said production was at a standstill.", "The owners said production continued."),
    ("Survivors said the exit was blocked by a van.", "The owner said all exits were free."),
    # Asked, let in.
    ("The governor said he asked Brazil for experts.", "The embassy said no request was received."),
    ("The governor said he asked Brazil for help.", "Brazil said it had got no request for aid."),
    (
        "The fire chief said his crews had to wait at the gate for an hour.",
        "The plant said the firefighters were let in at once.",
    ),
    (
        "The lawyer said she was turned away eleven times.",
        "The prison said no visit had ever been refused.",
    ),
    ("The union said its delegates were turned away.", "The company said nobody was turned away."),
    # Signed, owed, paid, dismissed.
    ("The ministry said Lund had signed the contract.", "“I signed nothing,” Lund said."),
    ("Ida Torsk said she never signed anything.", "The notary said Torsk signed the deed in May."),
    ("The contractor said the city owed it two million.", "The city said nothing was outstanding."),
    ("Gasco said the city owed it 80 million.", "The mayor said every invoice was paid."),
    ("The miners said they had not been paid since spring.", "The company said all wages had been paid."),
    ("Hackers said a ransom was paid.", "The hospital said not a cent was paid."),
    ("The ministry said Lund resigned last week.", "Lund said he was dismissed."),
    ("The bank said customers were contacted in March.", "Customers said no one had contacted them."),
    # In Russian.
    (
        "Оператор заявил, что министерству сообщили об утечке сразу.",
        "В министерстве заявили, что им никто не сообщал об утечке.",
    ),
    ("В полиции заявили, что родственников известили.", "Вдова рассказала, что её никто не известил."),
    ("Адвокат заявил, что Морана избили.", "В прокуратуре заявили, что насилие не применялось."),
    ("Спецслужба заявила, что запись подлинная.", "Адвокат заявил, что запись склеена."),
    ("Губернатор заявил, что никто не погиб.", "Врач сообщил, что погибли трое рабочих."),
    ("Компания сообщила, что пострадавших нет.", "Профсоюз сообщил, что двое рабочих погибли."),
    ("Губернатор заявил, что просил о помощи.", "В штабе заявили, что просьб о помощи не поступало."),
    ("Адвокат заявил, что её не пустили к подзащитному.", "В колонии заявили, что адвоката пустили."),
    ("Министерство заявило, что Лунд подписал договор.", "Лунд заявил, что договор не подписывал."),
    ("Профсоюз заявил, что зарплату не выплатили.", "В компании заявили, что зарплата выплачена."),
    ("Министерство заявило, что Лунд ушёл по собственному желанию.", "Лунд заявил, что его уволили."),
    ("Хакеры заявили, что выкуп заплатили.", "В больнице заявили, что выкуп не платили."),
    ("Банк заявил, что сбой длился сорок минут.", "Регулятор сообщил, что сбой длился шесть часов."),
    ("Владелец заявил, что все выходы были свободны.", "Спасатели сообщили, что выход был заблокирован."),
]


@pytest.mark.parametrize(("first", "second"), CONFLICTS)
def test_what_plain_news_disputes_is_a_pair(first: str, second: str) -> None:
    assert len(told_in_one_report(first, second)) == 1


QUIET = [
    # Other lengths, days and things.
    ("The ministry said the repairs would take ten days.", "The union said the strike would last a year."),
    ("The company said the repairs may take a week.", "An engineer said the repairs could take a year."),
    ("The bank said Monday's outage lasted 20 minutes.", "It said the outage on May 1 had lasted six hours."),
    (
        "The police said the first ambulance came after a minute.",
        "A nurse said no helicopter came for an hour.",
    ),
    # South and east may be south-east; two vehicles.
    ("Police said the van headed east.", "A witness said the van drove south."),
    ("The airline said the plane flew north.", "The tower said the helicopter flew south."),
    # Then and now, planned and so; stopping at a place.
    ("The union said the smelter was idle in 2019.", "The company said the smelter was running."),
    ("The operator said the reactor will be shut down.", "The ministry said the reactor was running."),
    ("The union said the plant in Harn was idle.", "The company said the plant in Delt was running."),
    ("The union said the north gate was blocked.", "The company said the south gate was free."),
    # Asked for something else.
    ("The embassy asked its citizens for patience.", "The army said it got no request for boats."),
    ("The charity asked readers for help.", "The embassy said it got no request for a doctor."),
    # Somebody else, or another paper.
    ("Lund said he had signed the contract.", "Torsk said she had signed nothing."),
    ("The club said Lund signed the contract.", "The league said Lund did not sign the petition."),
    (
        "The teachers said they had not been paid since spring.",
        "The ministry said all pensions had been paid.",
    ),
    ("The ministry said Lund resigned.", "Torsk said she was dismissed."),
    ("The paper said Ida Torsk had resigned.", "Torsk said she was neither tired nor fired."),
    ("The guard said the boys were turned away.", "The lawyer said the observers had been let in."),
    ("Мэр заявил, что жителей предупредили за сутки.", "Завод заявил, что его никто не предупреждал."),
    ("Мэр сообщил жителям, что воды нет.", "Жители рассказали, что их не известили о налоге."),
    ("Министерство заявило, что Лунд подписал договор.", "Торская заявила, что ничего не подписывала."),
    (
        "В полиции сообщили, что погибли двое моряков.",
        "В больнице заявили, что пострадавших среди детей нет.",
    ),
]


@pytest.mark.parametrize(("first", "second"), QUIET)
def test_what_only_looks_alike_stays_quiet(first: str, second: str) -> None:
    assert told_in_one_report(first, second) == []
