"""Takes the golden pictures (docs/pictures/golden) of the built demo series, to be looked at.

    python docs/pictures.py SERIES

SERIES is a folder that `onrecord demo` built. Needs Debian's Chromium, node and the tools of `make tools`.
The pictures are made small: half the size, 96 colours.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "pictures" / "golden"
SEARCHED = "river"
COLOURS = 96


def pages(public: Path) -> list[dict[str, Any]]:
    """What is looked at: the newest episode that can be heard, one of its guests, and the lists."""
    heard = sorted(path.parent for path in public.glob("2*/said-*.html"))
    if not heard:
        raise SystemExit(f"{public} has no approved quote; build the demo series first")
    episode, quote = heard[-1], min(heard[-1].glob("said-*.html"))
    person = max(public.glob("people/*/index.html"), key=lambda path: path.stat().st_size).parent.name
    return [
        {"name": "home", "path": ""},
        {"name": "episode", "path": f"{episode.name}/"},
        {"name": "episodes", "path": "episodes/"},
        {"name": "person", "path": f"people/{person}/"},
        {"name": "questions", "path": "questions/"},
        {"name": "search", "path": f"search/?q={SEARCHED}", "wait": ".found > li"},
        {"name": "quote", "path": f"{episode.name}/{quote.name}"},
    ]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main(series: Path) -> None:
    """Serve, look, shrink."""
    public = series / "public"
    handler = partial(_Quiet, directory=str(public))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http, tempfile.TemporaryDirectory() as folder:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{http.server_address[1]}"
        command = ["node", str(ROOT / "docs" / "pictures.mjs"), str(ROOT / ".tools"), base, folder]
        subprocess.run(command, input=json.dumps(pages(public)), text=True, check=True)  # noqa: S603 - our own script
        http.shutdown()
        OUT.mkdir(parents=True, exist_ok=True)
        for taken in sorted(Path(folder).glob("*.png")):
            with Image.open(taken) as picture:
                width = 640 if picture.width == 1280 else 375
                small = picture.convert("RGB").resize((width, round(picture.height * width / picture.width)))
                small.quantize(COLOURS).save(OUT / taken.name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
