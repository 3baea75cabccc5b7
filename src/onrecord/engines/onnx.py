"""Networks, run by ONNX Runtime on one thread: those that travel with the package, and others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING

from onrecord.model.problem import Place, Problem, UserError

if TYPE_CHECKING:
    import onnxruntime


def missing(needed: Mapping[str, str]) -> list[str]:
    """Of modules, each with the name of its package, the packages that are not installed."""
    return [package for module, package in needed.items() if find_spec(module) is None]


def session(name: str, sha256: str) -> onnxruntime.InferenceSession:
    """Load the network `data/<name>`.

    Raises:
        UserError: The file is not the one that it should be.
    """
    weights = files("onrecord.engines").joinpath(f"data/{name}").read_bytes()
    if hashlib.sha256(weights).hexdigest() != sha256:
        says = "a model that tells voices apart is damaged"
        raise UserError((Problem(Place(name), says, "install Onrecord again"),))
    return run_by(weights)


def run_by(weights: bytes) -> onnxruntime.InferenceSession:
    """A network on one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: two gain a fifth of the time and cost a third more of the processor.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
