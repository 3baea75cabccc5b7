"""Stories of the lists of the whole series: all episodes, organisations, tags."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from tests.stories.test_series import EPISODE, SLUG, edit, public_text, run, write_series

from onrecord.folder.layout import SeriesFolder

LISTS = ("episodes", "organisations", "tags")
OTHER = "2025-02-01-storm"


@pytest.fixture
def home(tmp_path: Path) -> SeriesFolder:
    """Two episodes: the ferry's captain, who has become a minister of something else by the second."""
    made = write_series(tmp_path / "series")
    edit(made, "episode.md", "questions:", "tags: [Selna, ferries]\nquestions:")
    own = made.root / "episodes" / OTHER
    own.mkdir()
    (own / "episode.md").write_text(
        EPISODE.replace("000000000001", "000000000002")
        .replace("The last winter ferry", "The storm")
        .replace(
            "Goran Petek, Captain, Selna Ferry Cooperative", "Goran Petek, Harbour Master, Port of Selna"
        )
        .replace("questions:", "tags: [selna, zeppelins]\nquestions:")
        .replace("-03-12", "-02-01")
    )
    shutil.copy(made.episode(SLUG).root / "transcript.vtt", own)
    return made


def tree_of(page: Path) -> Any:
    return lxml.html.fromstring(page.read_bytes())


def text_of(home: SeriesFolder, path: str, *, drafts: bool = False) -> str:
    root = home.preview / "public" if drafts else home.public
    return " ".join(tree_of(root / path).xpath("//main")[0].text_content().split())


def lists(home: SeriesFolder) -> str:
    return "\n".join(public_text(home.public / part) for part in LISTS)


def test_a_persons_organisation_is_the_one_of_that_day(home: SeriesFolder) -> None:
    assert run(home).well
    ferry = text_of(home, "organisations/selna-ferry-cooperative/index.html")
    assert "Goran Petek Captain 1 conversation, 2025" in ferry
    assert "12 Mar The last winter ferry Goran Petek, Captain" in ferry
    assert "The storm" not in ferry
    port = text_of(home, "organisations/port-of-selna/index.html")
    assert "1 Feb The storm Goran Petek, Harbour Master" in port
    assert "winter ferry" not in port
    host = text_of(home, "organisations/delta-institute/index.html")
    assert "Ada Lind Senior Fellow 2 conversations, 2025" in host
    index = text_of(home, "organisations/index.html")
    assert index.index("Delta Institute") < index.index("Port of Selna") < index.index("Selna Ferry")


def test_a_tag_in_two_spellings_is_one_page_with_the_questions(home: SeriesFolder) -> None:
    assert run(home).well
    selna = text_of(home, "tags/selna/index.html")
    assert "Also written selna" in selna
    assert selna.index("The last winter ferry") < selna.index("The storm"), "the newest first"
    assert "What is left of the winter ferry?" in selna
    assert "Selna 2 conversations" in text_of(home, "tags/index.html")
    assert "The storm" not in text_of(home, "tags/ferries/index.html")
    twin = (home.public / "tags/selna/index.md").read_text()
    assert f"](../../{SLUG}/index.md): 12 March 2025; Goran Petek" in twin


def test_the_page_of_an_episode_leads_to_its_organisations_and_tags(home: SeriesFolder) -> None:
    run(home)
    (opening,) = tree_of(home.public / SLUG / "index.html").xpath("//header[@class='opening']")
    links = {link.text_content(): link.get("href") for link in opening.iter("a")}
    assert links["Selna Ferry Cooperative"] == "../organisations/selna-ferry-cooperative/index.html"
    assert links["ferries"] == "../tags/ferries/index.html"


def test_a_draft_is_in_no_public_list(home: SeriesFolder) -> None:
    run(home)
    assert "zeppelins" in lists(home), "control: it is there while it is approved"
    file = home.root / "episodes" / OTHER / "episode.md"
    file.write_text(file.read_text().replace("approved: {by: Ada Lind, on: 2025-03-13}\n", ""))
    assert run(home).well
    for secret in ("The storm", OTHER, "Port of Selna", "port-of-selna", "zeppelins", "Also written"):
        assert secret not in lists(home), secret
        assert secret not in (home.public / "sitemap.xml").read_text()
    assert not (home.public / "organisations/port-of-selna").exists()
    assert not (home.public / "tags/zeppelins").exists()
    assert "Selna 1 conversation" in text_of(home, "tags/index.html")
    assert run(home, drafts=True).well
    assert "Draft, not public" in text_of(home, "tags/zeppelins/index.html", drafts=True)
    assert "The storm" in text_of(home, "organisations/port-of-selna/index.html", drafts=True)
    assert "Draft, not public" in text_of(home, "episodes/index.html", drafts=True)


def test_an_episode_that_was_taken_down_is_in_no_list(home: SeriesFolder) -> None:
    run(home)
    assert "The storm" in lists(home)
    file = home.root / "episodes" / OTHER / "episode.md"
    file.write_text(file.read_text().replace("approved:", "withdrawn: {on: 2025-04-01}\napproved:"))
    assert run(home).well
    assert (home.public / OTHER / "index.html").is_file(), "control: its notice stands"
    for gone in ("The storm", OTHER, "Port of Selna", "zeppelins"):
        assert gone not in lists(home), gone
    assert not (home.public / "organisations/port-of-selna").exists()


def test_what_is_announced_is_no_conversation_yet(home: SeriesFolder) -> None:
    shutil.rmtree(home.root / "episodes" / OTHER)
    for name in ("transcript.vtt", "questions.yaml"):
        (home.episode(SLUG).root / name).unlink()
    assert run(home, datetime(2025, 3, 1, tzinfo=UTC)).well
    assert "Goran Petek Captain announced" in text_of(
        home, "organisations/selna-ferry-cooperative/index.html"
    )
    assert "Goran Petek · announced" in text_of(home, "episodes/index.html")
    assert "ferries announced" in text_of(home, "tags/index.html")


def test_names_that_read_alike_in_an_address_have_pages_of_their_own(home: SeriesFolder) -> None:
    edit(home, "episode.md", "[Selna, ferries]", '[C, C++, "C#"]')
    file = home.root / "episodes" / OTHER / "episode.md"
    file.write_text(file.read_text().replace("Port of Selna", "Selna Ferry Cooperative №"))
    assert run(home).well
    titles = sorted(text_of(home, f"tags/{p.name}/index.html") for p in (home.public / "tags").glob("c*"))
    assert [title.split()[3] for title in titles] == ["C", "C#", "C++"]
    assert all("The last winter ferry" in title for title in titles)
    both = list((home.public / "organisations").glob("selna-ferry-cooperative*"))
    assert len(both) == 2
    assert "The storm" not in text_of(home, "organisations/selna-ferry-cooperative/index.html")


def test_a_series_in_which_nothing_is_out_has_empty_lists(home: SeriesFolder) -> None:
    for slug in (SLUG, OTHER):
        shutil.rmtree(home.root / "episodes" / slug)
    assert run(home).well
    assert "No episode is out yet." in text_of(home, "episodes/index.html")
    assert "Nobody has spoken for an organisation yet." in text_of(home, "organisations/index.html")
    assert "No episode has a tag yet." in text_of(home, "tags/index.html")
