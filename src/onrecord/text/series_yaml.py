"""series.yaml: the programme."""

from __future__ import annotations

import difflib
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import Field, field_validator

from onrecord.model.episode import Presenter, Series
from onrecord.model.problem import Place, Problem
from onrecord.text import billing, yaml_patch, yaml_tree
from onrecord.text.billing import BillingLine
from onrecord.text.border import read_fields
from onrecord.text.field import (
    Address,
    Beside,
    File,
    Language,
    Languages,
    SomeText,
    Strict,
    Text,
    Texts,
    Url,
    Yes,
    instead,
    mistake,
)


class PresenterFields(Strict):
    """Who presents the programme."""

    name: SomeText = Field(description="the organisation")
    unit: Text = Field("", description="the part of it that presents")
    url: Url | None = Field(None, description="its page")


class ChooserFields(Strict):
    """A server that speaks the chat protocol of OpenAI."""

    url: Url = Field(description="the protocol's base, such as http://127.0.0.1:11434/v1")
    model: SomeText = Field(description="the model's name there")


class SeriesFile(Strict):
    """The fields of series.yaml."""

    guid: SomeText = Field(description="written once by `onrecord new series`, never changed")
    title: SomeText = Field(description="the programme's name")
    tagline: Text = Field("", description="the programme's own line")
    presenter: PresenterFields | None = Field(None, description="who presents it")
    host: BillingLine | None = Field(None, description="Name, role, organisation")
    hashtag: Text = Field("", description="without the #")
    language: Language = Field("en", description="BCP 47, such as en or sr-Latn")
    languages: Languages = Field(
        [], description="all that are spoken in every episode, where there are several: [en, sr-Latn]"
    )
    timezone: SomeText = Field("UTC", description="such as Europe/Tirane; a date means noon there")
    category: Texts = Field([], description="Apple's category and subcategory, such as [News, Politics]")
    url: Url | None = Field(None, description="where public/ will live")
    links: dict[str, Address] = Field({}, description="where to watch and listen: youtube, podcast, …")
    artwork: File | None = Field(None, description="a square picture of 1400 to 3000 pixels")
    email: Text = Field("", description="shown in the feed while a platform verifies the owner")
    explicit: Yes = Field(default=False, description="strong language")
    recogniser: SomeText = Field("base", description="base, small, large-v3-turbo, parakeet, or a path")
    meaning: Literal["", "static", "minilm"] = Field(
        "", description="static or minilm: what is said is compared with the questions by meaning too"
    )
    chooser: ChooserFields | None = Field(
        None, description="a language model that chooses among the places found for a question"
    )
    glossary: Texts = Field([], description="names and terms that the recogniser should know")
    people: Beside | None = Field(None, description="another people.yaml, shared among programmes")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = difflib.get_close_matches(value.replace(" ", "_"), available_timezones(), 1)
            if near:
                raise instead(f"`{value}` is not a time zone", near[0]) from None
            raise mistake(f"`{value}` is not a time zone", "write one such as Europe/Tirane or UTC") from None
        return value


def read(text: str, path: str = "series.yaml") -> tuple[Series | None, tuple[Problem, ...]]:
    """Read series.yaml; with any problem the series is None."""
    file, _, problems = read_fields(SeriesFile, text, path)
    if file is None:
        return None, problems or (Problem(Place(path, 1, 1), "the file is empty", "add a line `title: …`"),)
    presenter = file.presenter
    series = Series(
        guid=file.guid,
        title=file.title,
        tagline=file.tagline,
        presenter=Presenter(presenter.name, presenter.unit, presenter.url or "")
        if presenter
        else Presenter(),
        host=file.host.billing if file.host else None,
        hashtag=file.hashtag.lstrip("#"),
        language=file.language,
        languages=tuple(file.languages),
        timezone=file.timezone,
        category=tuple(file.category),
        url=file.url.rstrip("/") + "/" if file.url else "",
        links=dict(file.links),
        artwork=file.artwork or "",
        email=file.email,
        explicit=file.explicit,
        recogniser=file.recogniser,
        meaning=file.meaning,
        chooser=(file.chooser.url, file.chooser.model) if file.chooser else ("", ""),
        glossary=tuple(file.glossary),
        place=Place(path, 1),
    )
    return series, ()


def write(series: Series) -> str:
    """Write series.yaml; what is empty is left out."""
    presenter = {
        key: value
        for key, value in (
            ("name", series.presenter.name),
            ("unit", series.presenter.unit),
            ("url", series.presenter.url),
        )
        if value
    }
    fields: dict[str, yaml_tree.Plain] = {
        "guid": series.guid,
        "title": series.title,
        "tagline": series.tagline,
        "presenter": dict(presenter),
        "host": billing.write(series.host) if series.host else "",
        "hashtag": series.hashtag,
        "language": series.language,
        "languages": list(series.languages),
        "timezone": series.timezone,
        "category": list(series.category),
        "url": series.url,
        "links": dict(series.links),
        "artwork": series.artwork,
        "email": series.email,
        "explicit": "true" if series.explicit else "",
        "recogniser": "" if series.recogniser == "base" else series.recogniser,
        "meaning": series.meaning,
        "chooser": dict(zip(("url", "model"), series.chooser, strict=True)) if all(series.chooser) else {},
        "glossary": list(series.glossary),
    }
    return yaml_patch.dump({key: value for key, value in fields.items() if value})


def people_path(text: str) -> str:
    """Where the register of people lies, from the series folder (`people:` may name another)."""
    node, problems = yaml_tree.read(text.removeprefix("\ufeff"), "")
    found = node.get("people") if isinstance(node, yaml_tree.Mapping) and not problems else None
    return found.value if isinstance(found, yaml_tree.Scalar) and found.value else "people.yaml"
