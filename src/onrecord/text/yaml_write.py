"""Writing YAML that reads back as the same text, in as few quotes as that takes."""

from __future__ import annotations

from onrecord.text.yaml_mend import quote
from onrecord.text.yaml_tree import Plain, says


def dump(value: Plain, indent: str = "", newline: str = "\n") -> str:
    """Write a value as block YAML, each line ended, `indent` before each.

    >>> print(dump({"by": "Ada Lind", "parts": ["Why: now?", "How?"]}), end="")
    by: Ada Lind
    parts:
      - "Why: now?"
      - How?
    """
    if isinstance(value, str):
        return indent + scalar(value) + newline
    out = []
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str) or not item:
                out.append(f"{indent}- {_inline(item)}{newline}")
            else:
                block = dump(item, indent + "  ", newline)
                out.append(f"{indent}- {block[len(indent) + 2 :]}")
    else:
        for key, item in value.items():
            if isinstance(item, str) or not item:
                out.append(f"{indent}{scalar(key, key=True)}: {_inline(item)}".rstrip(" ") + newline)
            else:
                out.append(f"{indent}{scalar(key, key=True)}:{newline}{dump(item, indent + '  ', newline)}")
    return "".join(out) or indent + _inline(value) + newline


def flow(value: Plain) -> str:
    """Write a value on one line.

    >>> flow({"by": "Ada Lind", "on": "2025-03-13"})
    '{by: Ada Lind, on: 2025-03-13}'
    """
    if isinstance(value, str):
        return scalar(value, in_flow=True)
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return "{" + ", ".join(f"{scalar(k, in_flow=True, key=True)}: {flow(v)}" for k, v in value.items()) + "}"


def _inline(value: Plain) -> str:
    return scalar(value) if isinstance(value, str) else flow(value)


def scalar(text: str, *, in_flow: bool = False, key: bool = False) -> str:
    """A text as a YAML scalar: plain where that reads back as the same text, else in double quotes.

    >>> scalar("Ada"), scalar("Why: now?"), scalar("10:03")
    ('Ada', '"Why: now?"', '10:03')
    """
    if not text or text != text.strip() or not text.isprintable() or text[0] in "\"'":
        return quote(text)
    if text.startswith(("---", "...")) or " #" in text or ": " in text or text.endswith(":"):
        return quote(text)
    wanted: Plain = {text: "v"} if key else text
    written = f"{text}: v" if key else text
    if in_flow and key:
        fits = says(f"{{{written}}}\n") == wanted
    elif in_flow:
        fits = says(f"[{written}]\n") == [wanted] and says(f"{{k: {written}}}\n") == {"k": text}
    else:
        fits = says(f"- {written}\n") == [wanted] and (key or says(f"k: {written}\n") == {"k": text})
    return text if fits else quote(text)
