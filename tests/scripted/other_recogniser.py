"""Another recogniser that hears the same tones, with other words here and there and its own idea of time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from onrecord.engines.recogniser import Heard, Recogniser, Samples
from onrecord.model.time import Ms, Span


def recogniser(model: str) -> Other:
    """Load it."""
    import scripted_recogniser  # type: ignore[import-not-found]  # it is on the path of those that it is for

    return Other(scripted_recogniser.recogniser(model))


@dataclass(frozen=True, slots=True)
class Other:
    """Hears `hello` for `good` and `debate.` for `debrief.`, misses a word in seven, and all 40 ms later."""

    inner: Recogniser
    engine: str = "other 1"
    weights: str = "none"

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """Hear tones."""
        heard = self.inner.recognise(samples, language, prompt, again=again)
        other = {"good": "hello", "debrief.": "debate."}
        words = [
            replace(w, text=other.get(w.text, w.text), span=Span(Ms(w.span.start + 40), Ms(w.span.end + 40)))
            for n, w in enumerate(heard.words)
            if n % 7 != 6
        ]
        return replace(heard, words=tuple(words))
