"""A small web server for this computer: ranges, types and the 404 page as a good host gives them."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

TYPES = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".md": "text/markdown",
    ".js": "text/javascript",
    ".m4a": "audio/x-m4a",
    ".webp": "image/webp",
}
"""Types that the system's table may not know."""

_EVERY_S = 1.0


def app(folder: Path, refresh: Callable[[], None] | None = None) -> Starlette:
    """The server for a folder; `refresh` is called before a page is shown, once a second at most."""
    last = {"at": time.monotonic()}
    lock = threading.Lock()

    def answer(request: Request) -> Response:
        path = request.path_params["path"]
        page = not path or path.endswith(("/", ".html"))
        if page and refresh:
            with lock:
                if time.monotonic() - last["at"] > _EVERY_S:
                    refresh()
                    last["at"] = time.monotonic()
        return _file(folder, path, request)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "HEAD"])])


def _file(folder: Path, path: str, request: Request) -> Response:
    parts = [p for p in path.split("/") if p]
    if any(p in {".", ".."} or p.startswith(".") or "\\" in p or "\0" in p for p in parts):
        return _missing(folder)
    file = folder.joinpath(*parts)
    if file.is_dir():
        if path and not path.endswith("/"):
            return Response(status_code=308, headers={"location": request.url.path + "/"})
        file /= "index.html"
    if not file.is_file():
        return _missing(folder)
    media_type = TYPES.get(file.suffix)
    if file.name == "chapters.json":
        media_type = "application/json+chapters"
    headers = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
    response = FileResponse(file, media_type=media_type, headers=headers, stat_result=file.stat())
    if request.headers.get("if-none-match") == response.headers["etag"]:
        return Response(status_code=304, headers=headers | {"etag": response.headers["etag"]})
    return response


def _missing(folder: Path) -> Response:
    page = folder / "404.html"
    if page.is_file():
        return FileResponse(page, status_code=404)
    return Response("there is no such page", status_code=404, media_type="text/plain")


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on this computer alone: the port, or the next free one if it is taken.

    Raises:
        OSError: none of them is free.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for candidate in range(port, port + 20 if port else 1):
            try:
                sock.bind(("127.0.0.1", candidate))
                break
            except OSError:
                if candidate == port + 19:
                    raise
        yield sock
    finally:
        sock.close()


def serve(folder: Path, port: int, refresh: Callable[[], None] | None = None) -> None:
    """Serve a folder until Ctrl-C."""
    with listening(port) as sock:
        host, real = sock.getsockname()[:2]
        click.echo(f"serving {folder}\nopen http://{host}:{real}/  (Ctrl-C ends it)")
        config = uvicorn.Config(app(folder, refresh), log_level="warning", lifespan="off")
        uvicorn.Server(config).run(sockets=[sock])
