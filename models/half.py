# ruff: noqa: INP001
"""The same network with its weights stored in half precision, and cast back when it is loaded."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def halved(model: onnx.ModelProto, told: str, *, small: int = 64) -> onnx.ModelProto:
    """Store weights in half precision, each with a Cast to single precision, and write what it is into it.

    Tables of fewer figures than `small` stay as they are.
    """
    stored, casts = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype == np.float32 and values.size >= small:
            stored.append(numpy_helper.from_array(values.astype(np.float16), f"{weight.name}_half"))
            casts.append(
                helper.make_node("Cast", [f"{weight.name}_half"], [weight.name], to=TensorProto.FLOAT)
            )
        else:
            stored.append(weight)
    nodes = casts + list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(stored)
    model.graph.node.extend(nodes)
    model.doc_string = told
    onnx.checker.check_model(model)
    return model
