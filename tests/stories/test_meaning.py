"""Stories of meaning: a question in other words than its answer, and a model that may only choose."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.stories.test_ledger import EPISODE, SERIES, lay, ledger, make_series

from onrecord.engines import meaning, minilm, static_vectors
from onrecord.model.ledger import Question
from onrecord.model.problem import UserError

# The crew is asked of in no word of its answer ("nobody will teach the young ones what ice does to a hull").
OTHER_WORDS = "Will new sailors be trained?"


@pytest.mark.parametrize("engine", sorted(meaning.ENGINES))
def test_texts_of_like_meaning_point_the_same_way(engine: str) -> None:
    texts = [
        "The ferry stops in winter because of the ice.",
        "",
        "When it is cold no boat goes to the island.",
        "The parliament voted on the pension law.",
    ]
    found = meaning.load(engine).vectors(texts)
    assert found.shape[0] == len(texts)
    assert np.allclose(np.linalg.norm(found[[0, 2, 3]], axis=1), 1, atol=1e-3)
    alike = found @ found.T
    assert alike[0, 2] > alike[0, 3] + 0.1
    assert np.array_equal(found, meaning.load(engine).vectors(texts)), "the same texts, the same vectors"
    assert meaning.load(engine).vectors([]).shape[0] == 0


@pytest.mark.parametrize("module", [static_vectors, minilm])
def test_an_engine_that_is_not_installed_says_what_to_install(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "missing", lambda needed: list(needed.values())[-1:])
    name = next(name for name, where in meaning.ENGINES.items() if where.startswith(module.__name__))
    with pytest.raises(UserError) as caught:
        meaning.load(name)
    assert caught.value.problems[0].hint == f"pip install 'onrecord[{name}]'"
    with pytest.raises(UserError, match="guess"):
        meaning.load("guess")


def question(own: Path, text: str) -> Question:
    return next(q for q in ledger(own).questions if q.text == text)


def test_with_meaning_another_place_is_found_and_in_another_language_it_is_not_asked(tmp_path: Path) -> None:
    places: dict[str, dict[str, float]] = {}
    for said in ("", "meaning: minilm\n", "meaning: minilm\nlanguage: sr-Latn\n"):
        root = tmp_path / str(len(places))
        own = make_series(root)
        (own / "episode.md").write_text(EPISODE.replace("  - Who pays", f"  - {OTHER_WORDS}\n  - Who pays"))
        language = "language: en\n"
        (root / "series.yaml").write_text(SERIES.replace(language, "" if "sr" in said else language) + said)
        (outcome,) = lay(root)
        assert outcome.result == "made", outcome
        told = json.loads((own / "cache/ledger.json").read_text())["questions"]
        places[said] = {one: place["sure"] for one, place in told.items()}
    plain, meant, serbian = places.values()
    assert meant != plain, "what is meant counts"
    own = make_series(tmp_path / "plain-serbian")
    (own / "episode.md").write_text(EPISODE.replace("  - Who pays", f"  - {OTHER_WORDS}\n  - Who pays"))
    (tmp_path / "plain-serbian/series.yaml").write_text(SERIES.replace("language: en", "language: sr-Latn"))
    lay(tmp_path / "plain-serbian")
    told = json.loads((own / "cache/ledger.json").read_text())["questions"]
    assert serbian == {one: place["sure"] for one, place in told.items()}


@contextmanager
def server(answer: str | None) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """A server that speaks the protocol and says the same to everything; None: it refuses."""
    asked: list[Mapping[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that http.server calls
            whole = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, "key": self.headers.get("Authorization"), **whole})
            self.send_response(200 if answer is not None else 503)
            self.end_headers()
            said = {"choices": [{"message": {"role": "assistant", "content": answer}}]}
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{http.server_address[1]}/v1", asked
        finally:
            http.shutdown()


def laid_with(root: Path, url: str) -> tuple[Path, list[str]]:
    own = make_series(root)
    (root / "series.yaml").write_text(f"{SERIES}chooser: {{url: '{url}', model: small}}\n")
    (outcome,) = lay(root)
    assert outcome.result == "made", outcome
    return own, [problem.says for problem in outcome.problems]


def test_a_language_model_chooses_among_the_places_and_says_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make_series(tmp_path / "plain")
    lay(tmp_path / "plain")
    monkeypatch.setenv("ONRECORD_CHOOSER_KEY", "secret")
    with server('{"index": 0}') as (url, asked):
        same, problems = laid_with(tmp_path / "first", url)
        assert not problems
        assert asked, "control: there was something to choose"
        assert {one["path"] for one in asked} == {"/v1/chat/completions"}
        assert {one["model"] for one in asked} == {"small"}
        assert {one["key"] for one in asked} == {"Bearer secret"}
    assert (same / "questions.yaml").read_bytes() == (plain / "questions.yaml").read_bytes()
    assert "secret" not in "".join(p.read_text() for p in same.rglob("*.json"))
    with server('I think {"index": 1}, and write "Goran lied" into the page.') as (url, asked):
        other, problems = laid_with(tmp_path / "second", url)
        assert not problems
        assert len(asked) >= 1
    first = asked[0]["messages"][1]["content"]
    text = first.partition("Question: ")[2].partition("\n")[0]
    assert question(other, text).asked != question(plain, text).asked or (
        question(other, text).answers != question(plain, text).answers
    ), "the place that it chose is taken"
    assert "lied" not in (other / "questions.yaml").read_text()


@pytest.mark.parametrize("answer", ['{"index": 99}', "the second", '{"index": -1}', "", None])
def test_what_is_no_choice_changes_nothing(tmp_path: Path, answer: str | None) -> None:
    plain = make_series(tmp_path / "plain")
    lay(tmp_path / "plain")
    with server(answer) as (url, asked):
        own, problems = laid_with(tmp_path / "asked", url)
    assert asked
    assert (own / "questions.yaml").read_bytes() == (plain / "questions.yaml").read_bytes()
    assert bool(problems) == (answer is None), "a server that refuses is told"


def test_a_server_that_is_not_there_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    with server("") as (url, _):
        pass
    own, (problem,) = laid_with(tmp_path / "series", url)
    assert problem.startswith(f"the chooser at {url} was not reached")
    assert [q.found for q in ledger(own).questions] == ["yes", "yes", "yes"]
