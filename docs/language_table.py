"""The table of docs/languages.md: what each language gets, asked of the code itself."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.craft.chapter_title import EMPTIED, FRAMED
from onrecord.craft.cue import known_languages
from onrecord.craft.fold import fold
from onrecord.craft.sentence import edge
from onrecord.craft.stem import STEMMERS
from onrecord.engines import parakeet
from onrecord.model.language import NAMES, UNSPACED, direction, family
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

NOT = "not proposed"

ROWS = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "sl", "hr", "bs", "sr", "mk", "sq", "bg"),
    *("ro", "hu", "el", "tr", "uk", "ru", "ar", "he", "fa", "zh", "ja", "ko"),
)
"""The languages with a row of their own; all others that are recognised share the last ones."""

# How a language ends a sentence that tells and one that asks: two words, with their marks.
_LATIN_ENDS = ("Ana.", "Ana?")
_ENDS = {
    "el": ("ναι.", "ναι;"),
    "ar": ("نعم.", "نعم؟"),
    "fa": ("بله.", "بله؟"),
    "ur": ("ہاں۔", "ہاں؟"),
    "zh": ("是。", "是？"),
    "yue": ("是。", "是？"),
    "ja": ("はい。", "か？"),
    "hi": ("हाँ।", "हाँ?"),
    "mr": ("हो.", "हो?"),
    "ne": ("हो।", "हो?"),
    "bn": ("হ্যাঁ।", "হ্যাঁ?"),
    "hy": ("այո։", "այո։"),
    "am": ("አዎ።", "አዎ፧"),
    "my": ("ဟုတ်။", "ဟုတ်။"),
    "km": ("បាទ។", "បាទ?"),
    "bo": ("ཡིན།", "ཡིན།"),
    "pa": ("ਹਾਂ।", "ਹਾਂ?"),
    "as": ("হয়।", "হয়?"),
    "sa": ("आम्।", "आम्।"),
    "th": ("", ""),
    "lo": ("", ""),
}
_ABBREVIATED = {"en": "Dr.", "de": "bzw.", "fr": "Mme.", "es": "Sra.", "it": "Dott."}
_LETTERS = {
    "mk": "Ѓорѓи",
    "bg": "Търново",
    "uk": "Київ",
    "ru": "Москва",
    "el": "Αθήνα",
    "sr": "Ђорђе",
    "be": "Мінск",
    "kk": "Алматы",
    "mn": "Улаанбаатар",
    "tg": "Душанбе",
    "tt": "Казан",
    "ba": "Уфа",
    "ar": "بيروت",
    "he": "ירושלים",
    "fa": "تهران",
    "zh": "北京",
    "ja": "東京",
    "ko": "서울",
    "ur": "لاہور",
    "ps": "کابل",
    "sd": "سنڌ",
    "yi": "ייִדיש",
    "hi": "दिल्ली",
    "mr": "पुणे",
    "ne": "नेपाल",
    "sa": "काशी",
    "bn": "ঢাকা",
    "as": "অসম",
    "pa": "ਪੰਜਾਬ",
    "gu": "ગુજરાત",
    "ta": "சென்னை",
    "te": "తెలుగు",
    "kn": "ಕನ್ನಡ",
    "ml": "കേരളം",
    "si": "ලංකා",
    "th": "ไทย",
    "lo": "ລາວ",
    "my": "မြန်မာ",
    "km": "ខ្មែរ",
    "bo": "བོད",
    "ka": "თბილისი",
    "hy": "Երևան",
    "am": "አበባ",
    "yue": "香港",
}
_LATIN_LETTERS = "Čáěłøđß"

MEASURED = {
    "en": "yes",
    **dict.fromkeys(("de", "es", "it", "pl", "fr", "sr"), "synthetic speech only, see below"),
}


def table() -> str:
    """The whole table, a row a language, those without a row of their own in rows of equals."""
    heads = ("language", "recognised by", "sentence ends", "names by what is said", "lines of captions")
    heads = (*heads, "compared and found as", "word stems", "questions to titles", "measured")
    rows = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    rows += [f"| {NAMES[code]} (`{code}`) | {' | '.join(_cells(code))} |" for code in ROWS]
    alike: dict[tuple[str, ...], list[str]] = {}
    for code in sorted(set(NAMES) - set(ROWS), key=NAMES.__getitem__):
        alike.setdefault(_cells(code), []).append(f"{NAMES[code]} (`{code}`)")
    rows += [f"| {', '.join(names)} | {' | '.join(cells)} |" for cells, names in alike.items()]
    return "\n".join(rows) + "\n"


def _cells(code: str) -> tuple[str, ...]:
    engines = ["Whisper", *(["Parakeet"] if code in parakeet.LANGUAGES else [])]
    names = "yes" if code in naming_cues() else f"{NOT}; who is named, asks and begins still counts"
    return (
        ", ".join(engines),
        _sentence_ends(code),
        names,
        _lines(code),
        _folded(code),
        "yes" if family(code) in STEMMERS else NOT,
        _titles(code),
        MEASURED.get(code, "no"),
    )


def naming_cues() -> Mapping[str, object]:
    """The languages whose ways of naming are known."""
    try:
        from onrecord.craft.naming_cues import CUES
    except ModuleNotFoundError:
        return {}
    known: Mapping[str, object] = CUES
    return known


def _ends(word: str, after: str) -> bool:
    """Whether the code ends a sentence between two words."""
    at_once = Span(Ms(0), Ms(0))
    return edge(Word(at_once, word), Word(at_once, after)) == "sentence"


def _titles(code: str) -> str:
    if code in FRAMED:
        return "frames and empty words left out"
    return "empty words left out" if family(code) in EMPTIED else f"cut at clauses; else {NOT}"


def _sentence_ends(code: str) -> str:
    tells, asks = _ENDS.get(code, _LATIN_ENDS)
    after = tells.rstrip(".?;؟。？।։።፧။។།۔").capitalize() or "Ana"
    marks = dict.fromkeys(word[-1] for word in (tells, asks) if word and _ends(word, after))
    if not marks:
        return NOT
    known = code in _ABBREVIATED and not _ends(_ABBREVIATED[code], "Ana")
    return f"`{' '.join(marks)}`{', abbreviations' if known else ''}"


def _lines(code: str) -> str:
    if code in UNSPACED:
        return "by marks and pauses; a line may break inside of a word"
    known = "by marks, pauses, articles and conjunctions" if code in known_languages() else "by marks, pauses"
    return f"{known}; from the right" if direction(code) == "rtl" else known


def _folded(code: str) -> str:
    folded = fold(_LETTERS.get(code, _LATIN_LETTERS))
    if not folded.isascii():
        return "its own script only"
    if family(code) == "sr":
        return "Latin or Cyrillic, with or without marks"
    return "Latin, with or without marks"
