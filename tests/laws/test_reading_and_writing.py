"""Reading and writing undo each other, for all that the series' files can say."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests import strategies as own

from onrecord.model.episode import Episode, Series
from onrecord.model.ledger import Ledger
from onrecord.model.people import Person
from onrecord.text import episode_md, people_yaml, questions_yaml, series_yaml, yaml_tree
from onrecord.text.yaml_node import Plain
from onrecord.text.yaml_write import dump, flow

ROUNDS = settings(deadline=None, max_examples=60)


def no_places(ledger: Ledger) -> Ledger:
    questions = (
        replace(q, place=None, quotes=tuple(replace(u, place=None) for u in q.quotes))
        for q in ledger.questions
    )
    return Ledger(tuple(questions), tuple(replace(c, place=None) for c in ledger.chapters))


def no_places_in_episode(episode: Episode) -> Episode:
    questions = tuple(replace(q, place=None) for q in episode.questions)
    return replace(episode, place=None, questions=questions)


@ROUNDS
@given(own.serieses())
def test_a_series_reads_back_as_it_was_written(series: Series) -> None:
    text = series_yaml.write(series)
    again, problems = series_yaml.read(text)
    assert not problems, (text, problems)
    assert again is not None
    assert replace(again, place=None) == series


@ROUNDS
@given(own.registers())
def test_a_register_of_people_reads_back_as_it_was_written(people: tuple[Person, ...]) -> None:
    again, problems = people_yaml.read(people_yaml.write(people))
    assert (again, problems) == (people, ())


@ROUNDS
@given(own.episodes(), st.sampled_from(own.ZONES))
def test_an_episode_reads_back_as_it_was_written(episode: Episode, zone: str) -> None:
    text = episode_md.write(episode, zone=zone)
    again, problems = episode_md.read(text, slug=episode.slug, zone=zone)
    assert not problems, (text, problems)
    assert again is not None
    # An hour is the same hour in any zone, so moments compare by what they mean.
    assert no_places_in_episode(again) == episode


@ROUNDS
@given(own.ledgers())
def test_a_ledger_reads_back_as_it_was_written(ledger: Ledger) -> None:
    text = questions_yaml.write(ledger)
    again, problems = questions_yaml.read(text)
    assert not problems, (text, problems)
    assert again is not None
    assert no_places(again) == ledger


@ROUNDS
@given(own.trees())
def test_any_fields_read_back_in_block_and_on_one_line(fields: dict[str, Plain]) -> None:
    for text in (dump(fields), flow(fields), dump(fields, newline="\r\n"), "\ufeff" + dump(fields)):
        assert yaml_tree.says(text) == fields, text


@ROUNDS
@given(own.trees())
def test_every_node_knows_where_it_stands(fields: dict[str, Plain]) -> None:
    text = dump(fields)
    node, problems = yaml_tree.read(text, "file.yaml", first_line=7)
    assert node is not None
    assert not problems
    lines = text.split("\n")
    counted = 0
    for scalar in scalars(node):
        line, column = scalar.place.line - 7, scalar.place.column - 1
        written = text[scalar.start : scalar.end]
        assert lines[line][column:].startswith(written.split("\n")[0])
        if not scalar.style and written:
            assert re.sub(r"\s*\n\s*", " ", written) == scalar.value
        counted += 1
    assert counted


def scalars(node: yaml_tree.Node) -> list[yaml_tree.Scalar]:
    match node:
        case yaml_tree.Scalar():
            return [node]
        case yaml_tree.Sequence():
            return [s for item in node.items for s in scalars(item)]
        case yaml_tree.Mapping():
            return [s for pair in node.items for part in pair for s in scalars(part)]
