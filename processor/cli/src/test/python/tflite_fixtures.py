#!/usr/bin/env python3
"""Writes small MobileNetV1s in TensorFlow Lite's format, and the logits of their networks.

Needs numpy. The writer knows as much of FlatBuffers as the file needs; field numbers are those of
TensorFlow's schema.fbs. Logits are computed in float64 from the dequantised weights.

    python3 tflite_fixtures.py ../resources/weights
"""
import json
import struct
import sys

import numpy as np

OUT = sys.argv[1]
SIDE, CLASSES = 32, 1001
CHANNELS = [8, 8, 8, 8, 8, 8, 16, 16, 16, 16, 16, 16, 24, 24]
STRIDES = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]
FLOAT32, FLOAT16, INT32, UINT8, INT8 = 0, 1, 2, 3, 9
CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE = 3, 4, 6
rng = np.random.default_rng(22)


class Builder:
    """FlatBuffers from the front: parents first, children after them, offsets patched in."""

    def __init__(self):
        self.bytes = bytearray(b"\0\0\0\0TFL3")

    def align(self, width):
        while len(self.bytes) % width:
            self.bytes.append(0)

    def patch(self, at, target):
        struct.pack_into("<I", self.bytes, at, target - at)

    def table(self, fields):
        """Fields: number → ('i8' | 'i32', value), or a function that writes what it refers to."""
        self.align(4)
        slots = max(fields) + 1 if fields else 0
        vtable = len(self.bytes)
        self.bytes += bytes(4 + 2 * slots)
        self.align(4)
        start = len(self.bytes)
        self.bytes += struct.pack("<i", start - vtable)
        later = []
        for number, value in sorted(fields.items()):
            struct.pack_into("<H", self.bytes, vtable + 4 + 2 * number, len(self.bytes) - start)
            if callable(value):
                later.append((len(self.bytes), value))
                self.bytes += bytes(4)
            elif value[0] == "i8":
                self.bytes += struct.pack("<bxxx", value[1])
            else:
                self.bytes += struct.pack("<i", value[1])
        struct.pack_into("<HH", self.bytes, vtable, 4 + 2 * slots, len(self.bytes) - start)
        for at, write in later:
            self.patch(at, write())
        return start

    def vector(self, form, values):
        self.align(4)
        if form == "q":
            while len(self.bytes) % 8 != 4:
                self.bytes.append(0)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", len(values))
        self.bytes += struct.pack(f"<{len(values)}{form}", *values)
        return start

    def blob(self, data):
        self.align(4)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", len(data)) + data
        return start

    def tables(self, writers):
        self.align(4)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", len(writers)) + bytes(4 * len(writers))
        for i, write in enumerate(writers):
            self.patch(start + 4 + 4 * i, write())
        return start


class Model:
    def __init__(self):
        self.tensors, self.buffers, self.operators = [], [b""], []

    def tensor(self, name, kind, shape, data=None, scale=(), zero=(), dimension=0):
        buffer = 0
        if data is not None:
            self.buffers.append(data)
            buffer = len(self.buffers) - 1
        self.tensors.append((name, kind, shape, buffer, scale, zero, dimension))
        return len(self.tensors) - 1

    def write(self, path):
        b = Builder()

        def quantization(scale, zero, dimension):
            fields = {6: ("i32", dimension)} if dimension else {}
            if scale:
                fields[2] = lambda: b.vector("f", scale)
            if zero:
                fields[3] = lambda: b.vector("q", zero)
            return lambda: b.table(fields)

        def tensor(name, kind, shape, buffer, scale, zero, dimension):
            return lambda: b.table(
                {
                    0: lambda: b.vector("i", shape),
                    1: ("i8", kind),
                    2: ("i32", buffer),
                    3: lambda: b.blob(name.encode()),
                    4: quantization(scale, zero, dimension),
                }
            )

        def operator(code, inputs, outputs):
            return lambda: b.table(
                {
                    0: ("i32", code),
                    1: lambda: b.vector("i", inputs),
                    2: lambda: b.vector("i", outputs),
                }
            )

        def graph():
            return b.table(
                {
                    0: lambda: b.tables([tensor(*t) for t in self.tensors]),
                    1: lambda: b.vector("i", [0]),
                    2: lambda: b.vector("i", [len(self.tensors) - 1]),
                    3: lambda: b.tables([operator(*o) for o in self.operators]),
                }
            )

        codes = [CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE]
        root = b.table(
            {
                0: ("i32", 3),
                1: lambda: b.tables(
                    [lambda c=c: b.table({0: ("i8", c), 3: ("i32", c)}) for c in codes]
                ),
                2: lambda: b.tables([graph]),
                4: lambda: b.tables(
                    [lambda d=d: b.table({0: lambda: b.blob(d)} if d else {}) for d in self.buffers]
                ),
            }
        )
        b.patch(0, root)
        with open(path, "wb") as out:
            out.write(bytes(b.bytes))


def layers():
    """(name, depthwise, stride, weight as outputs × rows × columns × inputs, bias)."""
    rows = [("stem", False, 2, rng.normal(size=(8, 3, 3, 3)) * (2 / 27) ** 0.5)]
    for i, stride in enumerate(STRIDES):
        c, out = CHANNELS[i], CHANNELS[i + 1]
        rows.append((f"dw{i}", True, stride, rng.normal(size=(1, 3, 3, c)) * (2 / 9) ** 0.5))
        rows.append((f"pw{i}", False, 1, rng.normal(size=(out, 1, 1, c)) * (2 / c) ** 0.5))
    rows.append(("logits", False, 1, rng.normal(size=(CLASSES, 1, 1, 24)) * (1 / 24) ** 0.5))
    result = []
    for name, depthwise, stride, weight in rows:
        outputs = weight.shape[3 if depthwise else 0]
        result.append((name, depthwise, stride, weight, 0.2 * rng.normal(size=outputs)))
    return result


def same(x, k, s):
    side = x.shape[1]
    total = max((-(-side // s) - 1) * s + k - side, 0)
    return np.pad(x, ((0, 0), (total // 2, total - total // 2), (total // 2, total - total // 2)))


def logits(network):
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    x = np.stack([np.sin(0.3 * columns * (c + 1)) + np.cos(0.2 * rows + c) for c in range(3)])
    for name, depthwise, stride, weight, bias in network:
        k = weight.shape[1]
        if name == "logits":
            x = x.mean(axis=(1, 2), keepdims=True)
        windows = np.lib.stride_tricks.sliding_window_view(same(x, k, stride), (k, k), axis=(1, 2))
        windows = windows[:, ::stride, ::stride]
        form = "cyxij,ijc->cyx" if depthwise else "cyxij,oijc->oyx"
        x = np.einsum(form, windows, weight[0] if depthwise else weight, optimize=True)
        x = x + bias[:, None, None]
        if name != "logits":
            x = np.clip(x, 0, 6)
    return x[1:, 0, 0]  # without 'background'


def quantise(values, levels, low):
    """Per tensor: scale, zero, whole numbers."""
    least, most = min(0, values.min()), max(0, values.max())
    scale = np.float32((most - least) / levels)
    zero = int(round(low - least / scale))
    return scale, zero, np.clip(np.round(values / scale) + zero, low, low + levels)


def build(network, kind):
    """Returns the model and the network that its weights mean."""
    model, meant = Model(), []
    if kind == UINT8:
        model.tensor("input", UINT8, [1, SIDE, SIDE, 3], scale=[0.0078125], zero=[128])
    else:
        model.tensor("input", FLOAT32, [1, SIDE, SIDE, 3])
    for name, depthwise, stride, weight, bias in network:
        at = len(model.tensors) - 1
        code = 1 if depthwise else 0
        if kind == FLOAT16:
            half, half_bias = weight.astype(np.float16), bias.astype(np.float16)
            meant.append((name, depthwise, stride, *(v.astype(float) for v in (half, half_bias))))
            constants = []
            for suffix, values in (("", half), ("/bias", half_bias)):
                stored = model.tensor(name + suffix, FLOAT16, values.shape, values.tobytes())
                constants.append(model.tensor(name + suffix + "/float", FLOAT32, values.shape))
                model.operators.append((2, [stored], [constants[-1]]))
        elif kind == FLOAT32:
            weight, bias = weight.astype(np.float32), bias.astype(np.float32)
            meant.append((name, depthwise, stride, weight.astype(float), bias.astype(float)))
            constants = [model.tensor(name, FLOAT32, weight.shape, weight.tobytes())]
            constants.append(model.tensor(name + "/bias", FLOAT32, bias.shape, bias.tobytes()))
        elif kind == UINT8:
            scale, zero, q = quantise(weight, 255, 0)
            data = q.astype(np.uint8)
            constants = [
                model.tensor(name, UINT8, weight.shape, data.tobytes(), [scale], [zero])
            ]
            step = float(scale) * 0.0235
            whole = np.round(bias / step).astype(np.int32)
            constants.append(
                model.tensor(name + "/bias", INT32, bias.shape, whole.tobytes(), [step], [0])
            )
            real_step = float(np.float32(step))
            meant.append(
                (name, depthwise, stride, float(scale) * (q - zero), whole * real_step)
            )
        else:
            axis = 3 if depthwise else 0
            axes = tuple(i for i in range(4) if i != axis)
            scales = (np.abs(weight).max(axis=axes) / 127).astype(np.float32)
            shape = [-1 if i == axis else 1 for i in range(4)]
            q = np.round(weight / scales.reshape(shape)).astype(np.int8)
            zeros = [0] * len(scales)
            constants = [
                model.tensor(
                    name, INT8, weight.shape, q.tobytes(), list(scales), zeros, dimension=axis
                )
            ]
            steps = (scales * np.float32(0.0235)).astype(np.float32)
            whole = np.round(bias / steps).astype(np.int32)
            constants.append(
                model.tensor(
                    name + "/bias", INT32, bias.shape, whole.tobytes(), list(steps), zeros
                )
            )
            meant.append(
                (name, depthwise, stride, q * scales.reshape(shape).astype(float), whole * steps.astype(float))
            )
        out = model.tensor(name + "/out", FLOAT32, [1, 1, 1, weight.shape[axis_of(depthwise)]])
        model.operators.append((code, [previous(model, name, at), *constants], [out]))
    return model, meant


def axis_of(depthwise):
    return 3 if depthwise else 0


def previous(model, name, at):
    """The newest output before this layer's constants; the file's input for the first."""
    return 0 if name == "stem" else at


network = layers()
expected = {}
for name, kind in (("float", FLOAT32), ("half", FLOAT16), ("uint8", UINT8), ("int8", INT8)):
    model, meant = build(network, kind)
    model.write(f"{OUT}/{name}.tflite")
    expected[name] = [round(float(x), 6) for x in logits(meant)[:20]]
with open(f"{OUT}/tflite.json", "w") as out:
    json.dump({"side": SIDE, "logits": expected}, out, indent=1)
