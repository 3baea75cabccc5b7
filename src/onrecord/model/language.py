"""Facts of languages: their tags and names, which way they are written, which put no spaces between words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal

_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_RTL_SCRIPTS = frozenset(("arab", "hebr", "thaa", "syrc", "nkoo", "adlm"))
_RTL = frozenset(("ar", "he", "iw", "fa", "ur", "ps", "yi", "dv", "ug", "sd", "ckb", "arc"))
UNSPACED: Final = frozenset(("ja", "zh", "yue", "th", "lo", "my", "km", "bo"))
"""Languages written without spaces between words."""

_FAMILIES = {"hr": "sr", "bs": "sr", "sh": "sr", "cnr": "sr", "me": "sr", "nb": "no", "nn": "no", "iw": "he"}


def _names(text: str) -> dict[str, str]:
    rows = (row.partition("=") for row in text.replace("\n", " ").split(";") if row.strip())
    return {code.strip(): name.strip() for code, _, name in rows}


NAMES: Final[Mapping[str, str]] = _names("""
en=English; de=German; fr=French; es=Spanish; it=Italian; pt=Portuguese; nl=Dutch; pl=Polish; cs=Czech;
sk=Slovak; sl=Slovene; hr=Croatian; bs=Bosnian; sr=Serbian; mk=Macedonian; sq=Albanian; bg=Bulgarian;
ro=Romanian; hu=Hungarian; el=Greek; tr=Turkish; uk=Ukrainian; ru=Russian; ar=Arabic; he=Hebrew; fa=Persian;
zh=Chinese; ja=Japanese; ko=Korean; af=Afrikaans; am=Amharic; as=Assamese; az=Azerbaijani; ba=Bashkir;
be=Belarusian; bn=Bengali; bo=Tibetan; br=Breton; ca=Catalan; cy=Welsh; da=Danish; et=Estonian; eu=Basque;
fi=Finnish; fo=Faroese; gl=Galician; gu=Gujarati; ha=Hausa; haw=Hawaiian; hi=Hindi; ht=Haitian Creole;
hy=Armenian; id=Indonesian; is=Icelandic; jw=Javanese; ka=Georgian; kk=Kazakh; km=Khmer; kn=Kannada;
la=Latin; lb=Luxembourgish; ln=Lingala; lo=Lao; lt=Lithuanian; lv=Latvian; mg=Malagasy; mi=Maori;
ml=Malayalam; mn=Mongolian; mr=Marathi; ms=Malay; mt=Maltese; my=Burmese; ne=Nepali; nn=Nynorsk;
no=Norwegian; oc=Occitan; pa=Punjabi; ps=Pashto; sa=Sanskrit; sd=Sindhi; si=Sinhala; sn=Shona; so=Somali;
su=Sundanese; sv=Swedish; sw=Swahili; ta=Tamil; te=Telugu; tg=Tajik; th=Thai; tk=Turkmen; tl=Tagalog;
tt=Tatar; ur=Urdu; uz=Uzbek; vi=Vietnamese; yi=Yiddish; yo=Yoruba; yue=Cantonese
""")
"""The English name of each language that Whisper knows, by the first part of its tag."""

_UNSPACED_LETTER = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3000-\u30ff\u3100-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003134f"
)
UNSPACED_LETTERS: Final = f"[{_UNSPACED_LETTER}]"
"""A class of a regular expression: Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese letters."""

_UNSPACED_START = _UNSPACED_ANY = re.compile(UNSPACED_LETTERS)
_UNSPACED_END = re.compile(f"{UNSPACED_LETTERS}\\Z")
_UNSPACED_PART = re.compile(f"{UNSPACED_LETTERS}|(?:(?!{UNSPACED_LETTERS}).)+")
_INNER_BREAK = re.compile(f"(?<={UNSPACED_LETTERS})[ ]*\n[ ]*(?={UNSPACED_LETTERS})")


@lru_cache(maxsize=256)
def tag(text: str) -> str:
    """The text as a language tag of BCP 47; empty where it has not the form of one.

    >>> tag(" sr_Latn "), tag("pt-BR"), tag("-"), tag("a b")
    ('sr-Latn', 'pt-BR', '', '')
    """
    found = text.strip().replace("_", "-")
    return found if _TAG.fullmatch(found) and len(found) <= 35 else ""


def primary(language: str) -> str:
    """The first part of a tag, in small letters.

    >>> primary("sr-Latn-RS")
    'sr'
    """
    return language.partition("-")[0].lower()


def family(language: str) -> str:
    """What stands for a language where those that are one speech are one: sr for hr, bs and sr.

    >>> family("hr"), family("sr-Latn"), family("mk")
    ('sr', 'sr', 'mk')
    """
    first = primary(language)
    return _FAMILIES.get(first, first)


def script(language: str) -> str:
    """The script that a tag names, as `Latn`; empty where it names none.

    >>> script("sr-latn-RS"), script("sr")
    ('Latn', '')
    """
    return next((part.title() for part in language.split("-")[1:] if len(part) == 4 and part.isalpha()), "")


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Which way a language is written.

    >>> direction("ar"), direction("ku-Arab"), direction("az-Latn")
    ('rtl', 'rtl', 'ltr')
    """
    named = script(language).lower()
    return "rtl" if (named in _RTL_SCRIPTS if named else primary(language) in _RTL) else "ltr"


def meant(text: str) -> str:
    """The tag that somebody most likely meant; empty where that cannot be told.

    >>> meant("Serbian"), meant("sr Latn"), meant("?")
    ('sr', 'sr-Latn', '')
    """
    name = text.strip().casefold()
    named = (code for code, known in NAMES.items() if known.casefold() == name)
    return next(named, tag("-".join(re.findall(r"[A-Za-z0-9]+", text))))


def spaced(before: str, after: str) -> bool:
    """Whether a space stands between two words: none beside a letter of a script that has no spaces."""
    if before.isascii() and after.isascii():
        return True
    return not (_UNSPACED_END.search(before) or _UNSPACED_START.match(after))


def joined(texts: Iterable[str]) -> str:
    """Words as a line of text.

    >>> joined(["Good", "day."]), joined(["本当", "です", "か？", "NATO", "です"])
    ('Good day.', '本当ですか？NATOです')
    """
    line: list[str] = []
    for text in texts:
        if line and spaced(line[-1], text):
            line.append(" ")
        line.append(text)
    return "".join(line)


def one_line(text: str) -> str:
    r"""A text of several lines in one, with single spaces.

    >>> one_line("Good\nday. "), one_line("本当\nです か？")
    ('Good day.', '本当です か？')
    """
    return " ".join((text if text.isascii() else _INNER_BREAK.sub("", text)).split())


def parts(text: str) -> list[str]:
    """The words of a text; of a script without spaces, its letters, each with the marks behind it.

    >>> parts("Good day."), parts("NATO です か？")
    (['Good', 'day.'], ['NATO', 'で', 'す', 'か？'])
    """
    words = text.split()
    if text.isascii() or not _UNSPACED_ANY.search(text):
        return words
    found: list[str] = []
    for word in words:
        own: list[str] = []
        for part in _UNSPACED_PART.findall(word):
            if own and not any(c.isalnum() for c in part):
                own[-1] += part
            else:
                own.append(part)
        found += own
    return found


def begins(text: str) -> Iterator[int]:
    """Where in a text each of its `parts` begins.

    >>> list(begins("Good day.")), list(begins("NATO です"))
    ([0, 5], [0, 5, 6])
    """
    at = 0
    for part in parts(text):
        at = text.index(part, at)
        yield at
        at += len(part)
