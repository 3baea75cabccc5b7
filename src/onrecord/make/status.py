"""Whether a step's products are fresh, and if not, why, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from onrecord.folder import files
from onrecord.folder.digests import Digests
from onrecord.make.step import Receipt, Task

State = Literal["fresh", "missing", "stale", "waiting"]


@dataclass(frozen=True, slots=True)
class Status:
    """How a task stands, and why; `why` is empty where it is fresh."""

    state: State
    why: str = ""


def status(task: Task, digests: Digests | None = None) -> Status:
    """Are a task's products what its inputs, settings and version call for?

    Contents decide; `digests` may remember those of files that were not touched. A correctable product
    need only exist: what a person makes of it does not make it stale.
    """
    digests = digests or Digests(files.series_folder(task.folder))
    needs = read_needs(task, digests)
    gone = [path for path, found in needs.items() if found is None]
    if gone:
        return Status("waiting", "needs " + " and ".join(gone))
    try:
        receipt = Receipt.read(task.receipt.read_bytes())
    except FileNotFoundError:
        return Status("missing", "never made")
    except (OSError, ValueError, KeyError, TypeError):
        return Status("missing", f"its receipt record/{task.receipt.name} cannot be read")
    lost = [path for path in task.makes if not (task.folder / path).exists()]
    if lost:
        return Status("missing", "; ".join(f"{path} is gone" for path in lost))
    reasons = [*_changes(task, receipt, needs), *_spoilt(task, receipt, digests)]
    return Status("stale", "; ".join(reasons)) if reasons else Status("fresh")


def read_needs(task: Task, digests: Digests) -> dict[str, str | None]:
    """The sha256 of each declared input, None where there is no such file."""
    return {path: digests.of(task.folder / path) for path in task.needs}


def _changes(task: Task, receipt: Receipt, needs: Mapping[str, str | None]) -> Iterator[str]:
    """What differs from the time of the receipt; nothing if the key is the same."""
    if receipt.key == task.key(needs):
        return
    reasons = list(_differences(task, receipt, needs))
    yield from reasons or ["its inputs are in another order, or its receipt was changed by hand"]


def _differences(task: Task, receipt: Receipt, needs: Mapping[str, str | None]) -> Iterator[str]:
    if receipt.version != task.version:
        yield f"the step's version went from {receipt.version} to {task.version}"
    for path in sorted(receipt.needs.keys() | needs.keys()):
        if path not in receipt.needs:
            yield f"{path} is now needed too"
        elif path not in needs:
            yield f"{path} is no longer needed"
        elif receipt.needs[path] != needs[path]:
            yield f"{path} changed"
    params = json.loads(task.params)
    for name in sorted(receipt.params.keys() | params.keys()):
        if name not in receipt.params:
            yield f"setting `{name}` is new: {_show(params[name])}"
        elif name not in params:
            yield f"setting `{name}` is gone"
        elif receipt.params[name] != params[name]:
            yield f"setting `{name}` changed from {_show(receipt.params[name])} to {_show(params[name])}"


def _spoilt(task: Task, receipt: Receipt, digests: Digests) -> Iterator[str]:
    """Products that are not what the step made, and that nobody may correct."""
    for path in task.makes:
        if path not in receipt.made:
            if not task.is_correctable(path):
                yield f"{path} is now made too"
        elif not task.is_correctable(path) and digests.of(task.folder / path) != receipt.made[path]:
            yield f"{path} is not what the step made"


def _show(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
