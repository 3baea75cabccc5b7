"""What the small server answers: as a good host would, and nothing from outside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from onrecord.faces.serve import app


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    public = tmp_path / "public"
    (public / "episode").mkdir(parents=True)
    (public / "index.html").write_text("home")
    (public / "404.html").write_text("nothing here")
    (public / "episode/index.html").write_text("an episode")
    (public / "episode/sound.mp3").write_bytes(bytes(range(256)) * 4)
    (public / "episode/transcript.vtt").write_text("WEBVTT\n")
    (public / "episode/chapters.json").write_text("{}")
    (tmp_path / "secret.txt").write_text("secret")
    return TestClient(app(public), follow_redirects=False)


def test_pages_and_their_folders(client: TestClient) -> None:
    assert client.get("/").text == "home"
    assert client.get("/episode/").text == "an episode"
    moved = client.get("/episode")
    assert moved.status_code == 308
    assert moved.headers["location"] == "/episode/"


def test_a_missing_page_has_its_own_page(client: TestClient) -> None:
    lost = client.get("/nowhere")
    assert lost.status_code == 404
    assert lost.text == "nothing here"


def test_media_can_be_asked_for_in_parts(client: TestClient) -> None:
    head = client.head("/episode/sound.mp3")
    assert head.headers["content-length"] == "1024"
    assert head.headers["content-type"] == "audio/mpeg"
    assert head.headers["accept-ranges"] == "bytes"
    part = client.get("/episode/sound.mp3", headers={"range": "bytes=256-259"})
    assert part.status_code == 206
    assert part.headers["content-range"] == "bytes 256-259/1024"
    assert part.content == bytes([0, 1, 2, 3])
    assert client.get("/episode/sound.mp3", headers={"range": "bytes=5000-"}).status_code == 416


def test_what_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/episode/sound.mp3")
    again = client.get("/episode/sound.mp3", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_types_that_clients_look_at(client: TestClient) -> None:
    assert client.get("/episode/transcript.vtt").headers["content-type"].startswith("text/vtt")
    assert client.get("/episode/chapters.json").headers["content-type"] == "application/json+chapters"
    assert client.get("/episode/transcript.vtt").headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/episode/..%2f..%2fsecret.txt", "/.hidden"]
)
def test_nothing_from_outside_the_folder(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_the_preview_is_brought_up_to_date_before_a_page_is_shown(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("home")
    asked: list[int] = []
    client = TestClient(app(tmp_path, lambda: asked.append(1)))
    client.get("/")
    assert not asked, "within a second of the build nothing is done"
    import time

    time.sleep(1.05)
    client.get("/")
    client.get("/")
    assert asked == [1]
