"""Write the parts of docs/ that follow from the code: verbs, settings, steps, outputs.

`python docs/generate.py` writes them; with `--check` it only says whether they are as they should be.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click

DOCS = Path(__file__).resolve().parent
SAID = "<!-- Written by docs/generate.py from the code; change it there. -->\n"


def verbs() -> str:
    """docs/verbs.md: the help of every verb."""
    from onrecord.faces.cli import onrecord_command

    out = ["# Verbs\n", SAID, "What `onrecord --help` and the help of every verb say.\n"]
    for name, command, ctx in _commands("onrecord", onrecord_command, None):
        level = "##" if name.count(" ") < 2 else "###"
        out += [f"{level} {name}\n", "```text", command.get_help(ctx).rstrip(), "```\n"]
    return "\n".join(out)


def _commands(
    name: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    ctx = click.Context(command, info_name=name.rpartition(" ")[2], parent=parent, **command.context_settings)
    ctx.terminal_width = ctx.max_content_width = 100
    yield name, command, ctx
    if isinstance(command, click.Group):
        for verb in command.list_commands(ctx):
            inner = command.get_command(ctx, verb)
            if inner:
                yield from _commands(f"{name} {verb}", inner, ctx)


def settings() -> str:
    """docs/settings.md: every field of every file that people write."""
    from onrecord.text.episode_fields import EpisodeFile
    from onrecord.text.people_yaml import PersonFields
    from onrecord.text.questions_yaml import QuestionsFile
    from onrecord.text.series_yaml import SeriesFile

    out = [
        "# Settings\n",
        SAID,
        "Every field of the files that people write. Times are on the recording's clock.\n",
    ]
    for file, model in (
        ("series.yaml", SeriesFile),
        ("people.yaml, for each person", PersonFields),
        ("episode.md, between the lines of ---", EpisodeFile),
        ("questions.yaml", QuestionsFile),
    ):
        out += [f"## {file}\n", *_fields(model, "")]
    return "\n".join(out)


def _fields(model: Any, prefix: str) -> Iterator[str]:
    for key, field in model.model_fields.items():
        name = prefix + (field.alias or key)
        must = " MUST be there." if field.is_required() else ""
        yield f"### `{name}`\n\n{(field.description or '').capitalize()}.{must}\n"
        for inner in _inner(field.annotation):
            yield from _fields(inner, f"{name}.")


def _inner(annotation: Any) -> Iterator[Any]:
    if hasattr(annotation, "model_fields"):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _inner(inner)


def steps() -> str:
    """docs/steps.md: what each slow step does."""
    from onrecord import steps as floor

    out = ["# Steps\n", SAID, f"{_doc(_module('onrecord.steps.base'))}\n"]
    for step in floor.find():
        module = _module(step.do.__module__)
        out += [f"## {step.NAME}\n", f"{_doc(module)}\n", f"```text\n{inspect.getdoc(step.do)}\n```\n"]
    return "\n".join(out)


def outputs() -> str:
    """docs/outputs.md: what each output writes."""
    from onrecord import outputs as floor

    out = ["# Outputs\n", SAID, f"{_doc(_module('onrecord.outputs.base'))}\n"]
    kinds = (
        ("Of an episode", floor.episode_outputs()),
        ("Pictures of an episode", floor.picture_outputs()),
        ("Of the series", floor.series_outputs()),
    )
    for kind, found in kinds:
        out.append(f"## {kind}\n")
        for output in found:
            out += [f"### {output.NAME}\n", f"{_doc(_module(output.render.__module__))}\n"]
    return "\n".join(out)


def languages() -> str:
    """docs/languages.md: what each language gets, and what none is promised."""
    from language_table import table

    from onrecord.craft import language

    return "\n".join(
        [
            "# Languages\n",
            SAID,
            LANGUAGES_SAID,
            f"{table()}\n## How a language is found\n",
            f"{_doc(language)}\n",
            LANGUAGES_MEASURED,
        ]
    )


LANGUAGES_SAID = """\
An episode is in the language of its series unless `language:` in episode.md says otherwise: a tag of BCP 47
such as `sq` or `sr-Latn`, or `auto` to find it out. Where several are spoken, `languages: [en, sr-Latn]`
names them, and each stretch is heard in its own. Name them if you know them: a stretch is then found from
five seconds of clear speech on, else from nine, often more. With `auto` and no list, an answer of ten
seconds in another language can be missed, and Whisper then puts it into the wrong language.
Parakeet does not say which language it heard: with it, state the language.

What is said is written in the language in which it is said; nothing is translated. Each caption in another
language than the transcript's says so (`<lang sr-Latn>` in transcript.vtt, `lang=` on the page and in the
HTML transcript; SubRip, JSON and Markdown have no place for it).

Serbian is written in the script of the tag, `sr-Latn` or `sr-Cyrl`, whichever the recogniser wrote; `sr`
alone leaves it as it was heard, which may be both. A transcript that a person put into the other script
keeps all its word times.

"Not proposed" means that Onrecord makes no guess. "Recognised" says that the engine was trained on the
language, not how well it hears it; only what stands under "measured" was measured by us.
"""

LANGUAGES_MEASURED = """\
## Measured

English: see the figures for voices and words. Finding it: on four English recordings (gecko_demo,
pyannote_sample, falcon_test, pyaudioanalysis; 11 minutes) no false switch, with any language allowed and
with a list. It took 0.041 of the sound's length in CPU time, beside recognition.

Other languages were heard from a synthetic voice only (espeak-ng, 26 to 34 words each, Whisper base), which
proves that the words come in their language and little more. Word errors: Spanish 15 %, German 18 %, Polish
21 %, Italian 24 %, French 66 %, Serbian 81 %; English from the same machine 9 %. The last two are that
voice's as much as Whisper's.

Changes between two languages in stretches of 12 s of that voice, a quarter or four fifths of a second apart:
where the two are listed, 10 of 12 were found, nine within half a second and one four seconds off; where
nothing was listed, 4 of 12.
"""


def _module(name: str) -> ModuleType:
    return sys.modules.get(name) or __import__(name, fromlist=["_"])


def _doc(module: ModuleType) -> str:
    return inspect.cleandoc(module.__doc__ or "").replace("\n    ", "\n        ")


PAGES = {
    "verbs.md": verbs,
    "settings.md": settings,
    "steps.md": steps,
    "outputs.md": outputs,
    "languages.md": languages,
}


def main() -> int:
    """Write or check the pages; 1 if one is not as it should be."""
    wrong = []
    for name, page in PAGES.items():
        text = page().rstrip() + "\n"
        file = DOCS / name
        if "--check" not in sys.argv:
            file.write_text(text, "utf-8")
        elif not file.is_file() or file.read_text("utf-8") != text:
            wrong.append(name)
    for name in wrong:
        sys.stderr.write(f"docs/{name} is not what the code says; run `make docs`\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
