"""Static vectors: a text is the mean of its tokens' vectors (wordllama, 256 numbers each; English).

The mean of vectors is nearly free, and says little more than the words do. Frequent tokens are held down by
how often they come in the texts themselves, so that `the` does not decide.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.engines.meaning import not_installed
from onrecord.engines.onnx import missing

_OFTEN = 1e-3


class StaticVectors:
    """Means of wordllama's token vectors."""

    languages = ("en",)

    def __init__(self) -> None:
        """Load the table of vectors.

        Raises:
            UserError: it is not installed.
        """
        if lacks := missing({"tokenizers": "tokenizers", "wordllama": "wordllama"}):
            raise not_installed("static", lacks)
        from tokenizers import Tokenizer

        spec = find_spec("wordllama")
        assert spec is not None and spec.origin is not None  # noqa: PT018, S101 - looked for above
        folder = Path(spec.origin).parent
        # Read here, not by wordllama, which looks for its own files on the network.
        self._table = _tensor(folder / "weights" / "l2_supercat_256.safetensors")
        tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, of length 1; all 0 for a text that says nothing."""
        tokens = [e.ids for e in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]
        often = Counter(token for ids in tokens for token in ids)
        total = often.total() or 1
        out = np.zeros((len(tokens), self._table.shape[1]), np.float32)
        for n, ids in enumerate(tokens):
            if ids:
                weights = np.array([_OFTEN / (_OFTEN + often[token] / total) for token in ids], np.float32)
                out[n] = weights @ self._table[ids]
        length = np.linalg.norm(out, axis=1, keepdims=True)
        out /= np.maximum(length, 1e-9)
        return out


def _tensor(path: Path) -> NDArray[np.float32]:
    """The only tensor of a safetensors file: a header of JSON behind its length, then the numbers."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    ((_, about),) = ((name, about) for name, about in header.items() if name != "__metadata__")
    kind = {"F16": np.float16, "F32": np.float32}[about["dtype"]]
    begin, end = about["data_offsets"]
    numbers = np.frombuffer(data[8 + size + begin : 8 + size + end], kind)
    return numbers.reshape(about["shape"]).astype(np.float32)
