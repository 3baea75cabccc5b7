"""Cards and the memory of a release read back as they were written."""

from __future__ import annotations

import json

from tests import sample

from onrecord.craft.card import card
from onrecord.flow import memory
from onrecord.flow.memory import Memory, Remembered
from onrecord.text import card_json


def test_cards_read_back_as_they_were_written() -> None:
    cards = tuple(card(edition) for edition in (sample.full(), sample.video(), sample.announced()))
    assert card_json.read(map(card_json.write, cards)) == cards


def test_cards_of_another_version_are_not_read() -> None:
    assert card_json.read(['{"title": "of another time"}']) is None


def test_the_memory_of_a_release_reads_back() -> None:
    known = Remembered("k", "2025-03-12T12:00:00+01:00", True, ("a/index.html",), '{"id": "x"}', (["a", 1],))
    whole = Memory("key", {"a": known}, (("series.yaml", "00"), ("people.yaml", None)), (["b", 2],))
    assert memory.read(json.loads(json.dumps(whole.as_receipt()))).as_receipt() == whole.as_receipt()
    older = whole.as_receipt()
    older["episodes"]["a"]["card"] = {"id": "x"}
    assert memory.read(older).as_receipt() == whole.as_receipt()
    assert memory.read({}) == Memory()
