"""Small conversations in which voices get names, with each trap written out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from onrecord.craft.naming import CUES, Billed, Naming, Role, name_voices

MAXIM = Billed("maxim", "Maxim Samorukov", role="guest")
ILVA = Billed("ilva", "Ilva Tare", role="host")
SRDJAN = Billed("srdjan", "Srdjan Cvijić", ("Srđan Cvijić", "Срђан Цвијић"), role="guest")


def names(
    said: Sequence[tuple[str, str]],
    *billed: Billed,
    language: str = "en",
    likes: dict[tuple[str, str], float] | None = None,
) -> dict[str, str]:
    return {n.voice: n.person for n in full(said, *billed, language=language, likes=likes)}


def full(
    said: Sequence[tuple[str, str]],
    *billed: Billed,
    language: str = "en",
    likes: dict[tuple[str, str], float] | None = None,
) -> tuple[Naming, ...]:
    return name_voices(said, billed, language=language, likes=likes or {})


INTERVIEW = [
    (
        "A",
        "Welcome to the debrief. I'm Ilva Tare, and joining me is Maxim Samorukov. Maxim, thanks for coming.",
    ),
    ("B", "Thanks for having me, Ilva. It is good to be here."),
    ("A", "Who are the people who arrive, and why do they come?"),
    (
        "B",
        "Most of them are young and work from home. They left early in the war, and few have gone back.",
    ),
    ("A", "Maxim, how do they see the country that took them in?"),
    (
        "B",
        "With gratitude, mostly, and with very little interest in its politics, which is a story of its own.",
    ),
    ("A", "What would you tell the government there?"),
    ("B", "That these people are a chance, and that chances pass if nobody takes them."),
    ("A", "Thank you, Maxim. That's it for today. See you next time."),
]


def test_an_interview_is_named_with_its_reasons() -> None:
    host, guest = full(INTERVIEW, MAXIM, ILVA)
    assert (host.voice, host.person, guest.voice, guest.person) == ("A", "ilva", "B", "maxim")
    assert host.sure > 0.95
    assert guest.sure > 0.95
    assert any("`I'm Ilva Tare`" in reason and "turn 1" in reason for reason in host.reasons)
    assert any(reason.startswith("is introduced at turn 1: `") for reason in guest.reasons)


def test_without_roles_the_names_said_are_enough() -> None:
    found = names(INTERVIEW, Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare"))
    assert found == {"A": "ilva", "B": "maxim"}


def test_whoever_is_thanked_spoke_before_and_not_after() -> None:
    said = [
        ("A", "Good evening and welcome to the panel. We begin with the numbers."),
        ("B", "The numbers are bad, and they have been bad for six years in a row now."),
        ("A", "Thank you, Petra. And now the view from the coast."),
        ("C", "On the coast it is much the same, only that the sea hides a part of it."),
        ("A", "Thank you, Goran. Can this be mended?"),
        ("B", "It can be mended if somebody pays for it, and nobody wants to."),
        ("A", "Thank you, Petra. Last word?"),
        ("C", "I would only add that waiting is not free."),
        ("A", "Thank you, Goran, and good night."),
    ]
    people = (Billed("petra", "Petra Lund"), Billed("goran", "Goran Ilic"), Billed("host", "Ilva Tare"))
    found = names(said, *people)
    assert found["B"] == "petra"
    assert found["C"] == "goran"


def test_two_guests_presented_at_once_are_told_apart_by_what_comes_later() -> None:
    opening = [
        ("A", "Welcome to the show. With me today are Petra Lund and Goran Ilic."),
        ("B", "Hello."),
        ("C", "Hello."),
    ]
    later = [
        ("A", "Goran, let me start with you. What has changed since last year?"),
        ("C", "A good deal. The people who used to leave now stay, and the others come back."),
        ("A", "Petra, is that what you see too?"),
        ("B", "No, I see the opposite, and I will tell you why that is in a moment."),
        ("A", "Goran?"),
        ("C", "Then we look at different towns."),
    ]
    people = (Billed("petra", "Petra Lund", role="guest"), Billed("goran", "Goran Ilic", role="guest"), ILVA)
    assert names(opening + later, *people) == {"A": "ilva", "B": "petra", "C": "goran"}
    early = names(opening, *people)
    assert (early["B"], early["C"]) in {("", ""), ("petra", "goran")}


def test_a_guest_who_addresses_the_host_is_not_the_host() -> None:
    said = [
        ("A", "So what did you find?"),
        ("B", "Well, Ilva, we found that nobody had counted them before us, and that took a year."),
        ("A", "A whole year?"),
        ("B", "A whole year, Ilva. Then we counted them again, and the figure was another one."),
        ("A", "And what does that say?"),
        ("B", "That counting is hard, Ilva, and that people move."),
    ]
    found = names(said, ILVA, MAXIM)
    assert found["A"] == "ilva"
    assert found["B"] == "maxim"


def test_a_name_misheard_is_still_the_name() -> None:
    said = [
        (v, t.replace("Maxim", "Maksim").replace("Samorukov", "Samurukoff").replace("Ilva", "Elva"))
        for v, t in INTERVIEW
    ]
    assert any("Samurukoff" in text for _, text in said)
    assert names(said, Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare")) == {
        "A": "ilva",
        "B": "maxim",
    }


def test_two_marias_stay_apart_or_anonymous() -> None:
    said = [
        ("A", "Welcome. Two Marias today. Maria, you first: what do you do?"),
        ("B", "I teach in a school at the border, and I have done so for twenty years."),
        ("A", "And you, Maria?"),
        ("C", "I drive the bus that brings the children there, for as long as she has taught them."),
    ]
    marias = (Billed("lund", "Maria Lund", role="guest"), Billed("roth", "Maria Roth", role="guest"), ILVA)
    found = names(said, *marias)
    assert {found["B"], found["C"]} == {""}
    told = [
        ("A", "Maria Lund, Maria Roth, welcome."),
        ("B", "I'm Maria Roth."),
        ("C", "And I'm Maria Lund."),
        *said[1:],
    ]
    found = names(told, *marias)
    assert found["B"] in {"roth", ""}
    assert found["C"] in {"lund", ""}
    assert "roth" in found.values()


def test_a_quoted_name_is_not_the_speakers_own() -> None:
    said = [
        ("A", "What happened at the door?"),
        ("B", "A man came up and said, my name is Maxim Samorukov, and I did not believe him."),
        ("A", "And then?"),
        ("B", "Then he showed me a letter, and I had to let him in."),
    ]
    found = names(
        said, Billed("maxim", "Maxim Samorukov"), Billed("petra", "Petra Lund"), Billed("ilva", "Ilva Tare")
    )
    assert found["B"] != "maxim"
    control = [
        ("A", "Who are you?"),
        ("B", "My name is Maxim Samorukov, and I write about the railways."),
        *said[2:],
    ]
    assert names(control, Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare"))["B"] == "maxim"


def test_an_advertisement_stays_anonymous() -> None:
    advert = (
        "X",
        "This episode is sponsored by people who make ladders. Use the promo code CLIMB today.",
    )
    said = [*INTERVIEW[:4], advert, *INTERVIEW[4:]]
    assert names(said, MAXIM, ILVA) == {"A": "ilva", "B": "maxim", "X": ""}


def test_another_with_the_same_first_name_is_a_stranger() -> None:
    said = [
        ("A", "Maxim Gorky wrote it first. Have you read him?"),
        ("B", "Maxim Gorky, yes, at school, and never again."),
        ("A", "Maxim Gorky would have liked this town."),
        ("B", "He would have left it."),
    ]
    assert set(names(said, Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare")).values()) == {""}


def test_a_nickname_of_the_register_is_a_name() -> None:
    said = [(v, t.replace("Maxim Samorukov", "Bear").replace("Maxim", "Bear")) for v, t in INTERVIEW]
    bear = Billed("maxim", "Maxim Samorukov", ("Bear",))
    assert names(said, bear, Billed("ilva", "Ilva Tare")) == {"A": "ilva", "B": "maxim"}


def test_serbian_in_either_script() -> None:
    latin = [
        (
            "A",
            "Dobro došli u emisiju. Ja sam Ilva Tare, a moj gost je Srđan Cvijić. Srđane, hvala.",
        ),
        ("B", "Hvala na pozivu."),
        ("A", "Srđane, ko su ljudi koji dolaze?"),
        ("B", "To su uglavnom mladi ljudi koji rade od kuće i ne žele da se vrate."),
        ("A", "Hvala, Srđane. To je sve za danas."),
    ]
    cyrillic = [
        (
            "A",
            "Добро дошли у емисију. Ја сам Илва Таре, а мој гост је Срђан Цвијић. Срђане, хвала.",
        ),
        ("B", "Хвала на позиву."),
        ("A", "Срђане, ко су људи који долазе?"),
        ("B", "То су углавном млади људи који раде од куће и не желе да се врате."),
        ("A", "Хвала, Срђане. То је све за данас."),
    ]
    for said in (latin, cyrillic):
        assert names(said, SRDJAN, ILVA, language="sr-Latn") == {"A": "ilva", "B": "srdjan"}


SAID_ELSEWHERE = {
    "de": [
        (
            "A",
            "Willkommen zu unserer Sendung. Mein Name ist Ilva Tare, und mein Gast ist Maxim Samorukov.",
        ),
        ("B", "Vielen Dank für die Einladung."),
        ("A", "Herr Samorukov, wer sind die Menschen, die kommen?"),
        ("B", "Es sind vor allem junge Leute, die von zu Hause aus arbeiten."),
        ("A", "Danke, Herr Samorukov. Das war's für heute."),
    ],
    "fr": [
        ("A", "Bienvenue dans cette émission. Je suis Ilva Tare, et mon invité est Maxim Samorukov."),
        ("B", "Merci pour votre invitation."),
        ("A", "Maxim Samorukov, qui sont ces gens qui arrivent ?"),
        ("B", "Ce sont surtout des jeunes qui travaillent chez eux."),
        ("A", "Merci, Maxim Samorukov."),
    ],
    "es": [
        ("A", "Bienvenidos a este programa. Soy Ilva Tare y hoy nos acompaña Maxim Samorukov."),
        ("B", "Gracias por la invitación."),
        ("A", "Maxim, ¿quiénes son los que llegan?"),
        ("B", "Son sobre todo jóvenes que trabajan desde casa."),
        ("A", "Gracias, Maxim. Esto es todo por hoy."),
    ],
    "it": [
        ("A", "Benvenuti a questa puntata. Mi chiamo Ilva Tare e il nostro ospite è Maxim Samorukov."),
        ("B", "Grazie per l'invito."),
        ("A", "Maxim, chi sono le persone che arrivano?"),
        ("B", "Sono soprattutto giovani che lavorano da casa."),
        ("A", "Grazie, Maxim. Per oggi è tutto."),
    ],
    "sq": [
        ("A", "Mirë se vini në emision. Unë jam Ilva Tare dhe i ftuari im është Maxim Samorukov."),
        ("B", "Faleminderit për ftesën."),
        ("A", "Maxim, kush janë njerëzit që vijnë?"),
        ("B", "Janë kryesisht të rinj që punojnë nga shtëpia."),
        ("A", "Faleminderit, Maxim. Kaq për sot."),
    ],
}


@pytest.mark.parametrize("language", SAID_ELSEWHERE)
def test_other_languages_have_their_own_cues(language: str) -> None:
    said = SAID_ELSEWHERE[language]
    plain = (Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare"))
    assert names(said, *plain, language=language) == {"A": "ilva", "B": "maxim"}


def test_a_language_without_cues_goes_by_calls_or_names_nobody() -> None:
    assert "eo" not in CUES
    silent = [
        ("A", "Kio okazis?"),
        ("B", "Nenio grava, sed ĝi daŭris longe."),
        ("A", "Kaj poste?"),
        ("B", "Poste ni iris hejmen."),
    ]
    plain = (Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare"))
    assert set(names(silent, *plain, language="eo").values()) == {""}
    called = [
        ("A", "Maxim, kio okazis?"),
        ("B", "Nenio grava, Ilva."),
        ("A", "Maxim, kaj poste?"),
        ("B", "Ni iris hejmen, Ilva."),
    ] * 3
    assert names(called, *plain, language="eo") == {"A": "ilva", "B": "maxim"}


def test_nothing_said_and_no_roles_names_nobody() -> None:
    said = [
        ("A", "It rained."),
        ("B", "It did, and for a long time."),
        ("A", "All night."),
        ("B", "All night."),
    ]
    assert set(names(said, Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare")).values()) == {""}


def test_voice_prints_speak_where_words_do_not() -> None:
    said = [
        ("A", "It rained."),
        ("B", "It did, and for a long time."),
        ("A", "All night."),
        ("B", "All night."),
    ] * 3
    plain = (Billed("maxim", "Maxim Samorukov"), Billed("ilva", "Ilva Tare"))
    likes = {("A", "ilva"): 0.78, ("B", "ilva"): 0.12}
    assert names(said, *plain, likes=likes)["A"] == "ilva"
    unlike = {("A", "ilva"): 0.3, ("B", "ilva"): 0.3}
    assert "ilva" not in names(said, *plain, likes=unlike).values()


def test_a_voice_in_two_parts_gets_the_name_twice_only_with_reasons_of_its_own() -> None:
    later = [(v.replace("B", "C"), t) for v, t in INTERVIEW[2:]]
    found = names([*INTERVIEW, *later], MAXIM, ILVA)
    assert found["A"] == "ilva"
    assert found["B"] == "maxim"
    assert found["C"] in {"", "maxim"}
    unnamed = [("A", "And the trains?"), ("C", "They are late, and they have always been late.")] * 4
    assert names([*INTERVIEW, *unnamed], MAXIM, ILVA)["C"] == ""


@pytest.mark.parametrize("role", ["host", "guest", ""])
def test_somebody_billed_who_is_absent_gets_no_voice(role: Role) -> None:
    found = names(INTERVIEW, MAXIM, ILVA, Billed("petra", "Petra Lund", role=role))
    assert "petra" not in found.values()
    assert found["B"] == "maxim"


def test_nobody_billed_or_nothing_said() -> None:
    assert set(names(INTERVIEW).values()) == {""}
    assert full([], MAXIM, ILVA) == ()
    assert names([("A", "")], MAXIM, ILVA)["A"] == ""
