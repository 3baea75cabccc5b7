"""Fix: mend a repeated misspelling in one episode or in all, with the quotes that hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from onrecord.craft.fix import Fixed, Mend, Wish, fix_text, fix_transcript
from onrecord.folder import files
from onrecord.folder.correct import beside
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import read_text
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import yaml_tree
from onrecord.text.yaml_patch import NotWritable, patch
from onrecord.text.yaml_patch import Path as Way


@dataclass(frozen=True, slots=True)
class FileFix:
    """A file with its mends: `seen` is the sha256 of what they were found in, `text` the mended file."""

    slug: str
    path: Path
    name: str
    seen: str
    text: str
    mends: tuple[Mend, ...]
    left: int


def find(
    home: SeriesFolder, episodes: Iterable[EpisodeFolder], wish: Wish
) -> tuple[tuple[FileFix, ...], tuple[Problem, ...]]:
    """Find what is to be mended; nothing is written.

    Returns:
        The files with something to mend, or with the words in other letters; and what cannot be read.
    """
    found: list[FileFix] = []
    problems: list[Problem] = []
    first = Wish(wish.words[0], "").pattern(any_case=True)  # most of a back catalogue does not even have it
    for own in episodes:
        for path in (own.transcript, beside(own.transcript), own.questions):
            name = home.name(path)
            text, wrong = read_text(path, name)
            problems += wrong
            if text is None or not first.search(text):
                continue
            try:
                fixed = fix_ledger(text, wish) if path == own.questions else fix_transcript(text, wish)
            except NotWritable as error:
                problems.append(Problem(Place(name), f"its quotes cannot be mended: {error}"))
                continue
            if fixed.mends or fixed.left:
                seen = files.digest(text.encode())
                found.append(FileFix(own.slug, path, name, seen, fixed.text, fixed.mends, fixed.left))
    return tuple(found), tuple(problems)


def write(home: SeriesFolder, fixes: Iterable[FileFix]) -> None:
    """Save mended files; the caller holds the writer lock. The versions before are kept in the history.

    Raises:
        UserError: somebody saved one of them in the meantime; those before it are mended.
    """
    for fix in fixes:
        if not fix.mends:
            continue
        try:
            files.save(fix.path, fix.text.encode(), if_match=fix.seen, root=home.root, keep_history=home.root)
        except files.Changed:
            says = "somebody saved this file while you looked at the preview, so it was left as it is"
            raise UserError((Problem(Place(fix.name), says, "run it again"),)) from None


def fix_ledger(text: str, wish: Wish) -> Fixed:
    """Mend the quotes of questions.yaml, and the names of those who answer.

    Raises:
        NotWritable: the file cannot be read.
    """
    tree, problems = yaml_tree.read(text, "")
    if tree is None or problems:
        raise NotWritable(problems[0].says if problems else "it is empty")
    mends: list[Mend] = []
    left = 0
    mended = text
    for way, node in _words(tree):
        fixed = fix_text(node.value, wish)
        left += fixed.left
        if fixed.mends:
            line = text.count("\n", 0, node.start) + 1
            mends += [Mend(line, m.lead, m.before, m.after, m.tail) for m in fixed.mends]
            mended = patch(mended, way, fixed.text)
    return Fixed(mended, tuple(sorted(mends, key=lambda m: m.line)), left)


def _words(tree: yaml_tree.Node) -> Iterator[tuple[Way, yaml_tree.Scalar]]:
    """The fields that hold words of the transcript, and names of its voices."""
    questions = tree.get("questions") if isinstance(tree, yaml_tree.Mapping) else None
    for i, question in _items(questions):
        for key, fields in (("answers", ("by",)), ("quotes", ("by", "text"))):
            items = question.get(key) if isinstance(question, yaml_tree.Mapping) else None
            for j, item in _items(items):
                for field in fields:
                    node = item.get(field) if isinstance(item, yaml_tree.Mapping) else None
                    if isinstance(node, yaml_tree.Scalar):
                        yield ("questions", i, key, j, field), node


def _items(node: yaml_tree.Node | None) -> Iterator[tuple[int, yaml_tree.Node]]:
    return enumerate(node.items) if isinstance(node, yaml_tree.Sequence) else iter(())
