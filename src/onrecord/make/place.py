"""A finished step's products go from scratch to where people look, and its receipt after them."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import cast

from onrecord.folder import correct, files
from onrecord.make.step import Receipt, Task
from onrecord.model.problem import Place, Problem


def place(task: Task, receipt: Receipt) -> tuple[Problem, ...]:
    """Put products in their place and write the receipt, last; then the scratch folder goes.

    Returns:
        A note for each proposal that was laid beside a person's file.
    """
    root = files.series_folder(task.folder)
    before = _made_before(task)
    made = dict(receipt.made)
    notes = []
    for path in task.makes:
        if not task.is_correctable(path):
            files.put(task.draft(path), task.folder / path)
            continue
        data = task.draft(path).read_bytes()
        laid = correct.lay(
            task.folder / path,
            data,
            before.get(path),
            proposed=task.proposed(path),
            root=root,
            merge=_merge(task),
        )
        if laid.made is None:
            del made[path]
        else:
            made[path] = laid.made
        if laid.verdict == "beside":
            notes += _notes(task, path, laid)
    files.save(task.receipt, replace(receipt, made=made).write(), root=root)
    files.remove(task.scratch)
    return tuple(notes)


def sweep(task: Task) -> None:
    """Remove what an interrupted run of a task left where its files go."""
    places = {(task.folder / path).parent for path in task.makes}
    for folder in places | {task.receipt.parent, *(task.proposed(path).parent for path in task.makes)}:
        files.sweep(folder)


def _made_before(task: Task) -> dict[str, str]:
    try:
        return dict(Receipt.read(task.receipt.read_bytes()).made)
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _merge(task: Task) -> correct.Merge | None:
    if not task.merge:
        return None
    module, _, name = task.merge.partition(":")
    return cast("correct.Merge", getattr(importlib.import_module(module), name))


def _notes(task: Task, path: str, laid: correct.Laid) -> list[Problem]:
    """That a proposal waits, how many conflicts are shown in it, and why it could not be merged."""
    file = task.folder / path
    root = files.series_folder(task.folder)
    beside = correct.beside(file).relative_to(root).as_posix()
    says = f"a new proposal lies beside your {file.name}, which was not touched"
    if n := len(laid.conflicts):
        says += f"; in {n} place{'' if n == 1 else 's'} it has other words than you wrote, and shows both"
    hint = f"compare them; `onrecord accept {task.unit}` takes the new one"
    line = laid.conflicts[0].place.line if laid.conflicts else 0
    mine = file.relative_to(root).as_posix()
    unread = [
        replace(p, place=replace(p.place, path=mine), says=f"could not be merged: {p.says}", grave=False)
        for p in laid.unread
    ]
    return [Problem(Place(beside, line), says, hint, grave=False), *unread]
