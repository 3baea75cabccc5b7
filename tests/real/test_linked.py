"""JSON-LD before the vocabulary itself: each page's graph compiled against the types of schema.org."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests import sample
from tests.conftest import lacking

from onrecord.outputs import page as episode_page
from onrecord.outputs import tombstone

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

TOOLS = Path(__file__).parents[2] / ".tools"
_GRAPH = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_SPOILT = (
    ('"dateModified"', '"dateModfied"'),
    ('"inLanguage": "en"', '"inLanguage": 5'),
    ('"@type": "Person"', '"@type": "Persona"'),
    ('"@type": "Clip"', '"@type": "Clipp"'),
    ('"roleName"', '"jobTitle"'),
    ('"duration": "PT75S"', '"duration": 75'),
)


def _graphs() -> dict[str, Any]:
    files = sample.files(preview=True) | sample.files() | dict(tombstone.render(sample.withdrawn()))
    files |= episode_page.render(sample.video())
    found = {}
    for path, data in files.items():
        for written in _GRAPH.findall(data.decode()) if path.endswith(".html") else ():
            found[path] = json.loads(written)
    return found


def test_every_graph_is_of_the_types_of_schema_org(tmp_path: Path) -> None:
    for name in ("schema-dts", "typescript"):
        if not (TOOLS / "node_modules" / name).is_dir():
            lacking(f"{name} in .tools (make tools)")
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")

    def faults(written: str) -> str:
        """What the compiler finds."""
        (tmp_path / "graphs.ts").write_text(f'import type {{ Graph }} from "schema-dts";\n{written}', "utf-8")
        compiler = [str(TOOLS / "node_modules/.bin/tsc"), "--noEmit", "--strict", "--skipLibCheck"]
        command = [*compiler, "--module", "nodenext", "--moduleResolution", "nodenext", "graphs.ts"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return run.stdout + run.stderr

    graphs = _graphs()
    assert len(graphs) > 10
    written = (json.dumps(graph, indent=1) for graph in graphs.values())
    whole = "".join(f"export const g{n}: Graph = {graph};\n" for n, graph in enumerate(written))
    assert faults(whole) == ""
    for good, bad in _SPOILT:
        assert good in whole
        assert "error TS" in faults(whole.replace(good, bad)), f"{bad} is not seen"
