#!/usr/bin/env python3
"""Computes the logits that FamilyReferenceTest holds the engines to.

Needs numpy only. Block tables, scaling and padding are written down here a second time, from the
papers and the authors' repositories, and computed in float64 without folding anything; weights come
from a hash of the tensor's name and the position, so that no weights need to be stored.

    python3 family_reference.py > ../resources/family/reference.json
"""
import json
import math

import numpy as np

CLASSES = 10
MASK = (1 << 64) - 1


def unit(name, count):
    """`count` numbers in [0, 1): splitmix64 from the FNV-1a hash of the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) & MASK
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(
            0x9E3779B97F4A7C15
        )
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / (1 << 24)


def tensor(name, *shape):
    u = unit(name, math.prod(shape))
    if len(shape) > 1:
        values = (2 * u - 1) * math.sqrt(4.0 / math.prod(shape[1:]))
    elif name.endswith("running_var"):
        values = 0.5 + u
    elif name.endswith("weight"):
        values = 1 + 0.2 * (2 * u - 1)
    else:
        values = 0.2 * (2 * u - 1)
    return values.astype(np.float32).astype(np.float64).reshape(shape)


def image(side):
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float64)
    planes = [np.sin(0.3 * columns * (c + 1)) + np.cos(0.2 * rows + c) for c in range(3)]
    noise = 2 * unit("input", 3 * side * side).reshape(3, side, side) - 1
    return (np.stack(planes) + 0.5 * noise).astype(np.float32).astype(np.float64)


class Net:
    def __init__(self, padding, eps, activation):
        self.padding, self.eps = padding, eps
        self.activate = {
            "swish": lambda x: x / (1 + np.exp(-x)),
            "relu": lambda x: np.maximum(x, 0),
            "relu6": lambda x: np.minimum(np.maximum(x, 0), 6),
        }[activation]

    def pad(self, x, k, s):
        side = x.shape[1]
        if self.padding == "SYMMETRIC":
            before = after = k // 2
        else:
            total = max((-(-side // s) - 1) * s + k - side, 0)
            before, after = total // 2, total - total // 2
        return np.pad(x, ((0, 0), (before, after), (before, after)))

    def conv(self, name, x, out, k, s):
        weight = tensor(name + ".weight", out, x.shape[0], k, k)
        x = self.pad(x, k, s)
        windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))[:, ::s, ::s]
        return np.tensordot(weight, windows, axes=([1, 2, 3], [0, 3, 4]))

    def depthwise(self, name, x, k, s):
        weight = tensor(name + ".weight", x.shape[0], 1, k, k)
        x = self.pad(x, k, s)
        windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))[:, ::s, ::s]
        return np.einsum("cyxij,cij->cyx", windows, weight[:, 0])

    def norm(self, name, x):
        c = x.shape[0]
        mean, var = tensor(name + ".running_mean", c), tensor(name + ".running_var", c)
        gamma, beta = tensor(name + ".weight", c), tensor(name + ".bias", c)
        scaled = (x - mean[:, None, None]) / np.sqrt(var + self.eps)[:, None, None]
        return scaled * gamma[:, None, None] + beta[:, None, None]

    def gate(self, name, x, squeezed):
        mean = x.mean(axis=(1, 2))
        c = x.shape[0]
        reduce = tensor(name + ".conv_reduce.weight", squeezed, c, 1, 1)[:, :, 0, 0]
        hidden = self.activate(reduce @ mean + tensor(name + ".conv_reduce.bias", squeezed))
        expand = tensor(name + ".conv_expand.weight", c, squeezed, 1, 1)[:, :, 0, 0]
        logits = expand @ hidden + tensor(name + ".conv_expand.bias", c)
        return x * (1 / (1 + np.exp(-logits)))[:, None, None]

    def plain(self, n, x, b):
        y = self.activate(self.norm(n + ".bn1", self.conv(n + ".conv", x, b["out"], b["k"], b["s"])))
        return self.sum(x, y, b)

    def separable(self, n, x, b):
        y = self.depthwise(n + ".conv_dw", x, b["k"], b["s"])
        y = self.activate(self.norm(n + ".bn1", y))
        if b["se"]:
            y = self.gate(n + ".se", y, x.shape[0] // 4)
        y = self.norm(n + ".bn2", self.conv(n + ".conv_pw", y, b["out"], 1, 1))
        return self.sum(x, y, b)

    def inverted(self, n, x, b):
        wide = x.shape[0] * b["e"]
        y = self.activate(self.norm(n + ".bn1", self.conv(n + ".conv_pw", x, wide, 1, 1)))
        y = self.activate(self.norm(n + ".bn2", self.depthwise(n + ".conv_dw", y, b["k"], b["s"])))
        if b["se"]:
            y = self.gate(n + ".se", y, x.shape[0] // 4)
        y = self.norm(n + ".bn3", self.conv(n + ".conv_pwl", y, b["out"], 1, 1))
        return self.sum(x, y, b)

    def fused(self, n, x, b):
        wide = (b["from"] or x.shape[0]) * b["e"]
        y = self.conv(n + ".conv_exp", x, wide, b["k"], b["s"])
        y = self.activate(self.norm(n + ".bn1", y))
        y = self.norm(n + ".bn2", self.conv(n + ".conv_pwl", y, b["out"], 1, 1))
        return self.sum(x, y, b)

    @staticmethod
    def sum(x, y, b):
        return x + y if b["skip"] and x.shape == y.shape else y

    def logits(self, x, stem, stages, head):
        x = self.activate(self.norm("bn1", self.conv("conv_stem", x, stem, 3, 2)))
        for i, stage in enumerate(stages):
            for j in range(stage["repeats"]):
                block = dict(stage, s=stage["s"] if j == 0 else 1)
                x = getattr(self, stage["kind"])(f"blocks.{i}.{j}", x, block)
        x = self.activate(self.norm("bn2", self.conv("conv_head", x, head, 1, 1)))
        return tensor("classifier.weight", CLASSES, head) @ x.mean(axis=(1, 2)) + tensor(
            "classifier.bias", CLASSES
        )


def stage(kind, repeats, k, s, e, out, se=False, skip=True, source=0):
    return dict(
        {"kind": kind, "repeats": repeats, "k": k, "s": s, "e": e, "out": out},
        **{"se": se, "skip": skip, "from": source},
    )


# The B tables: expand, kernel, stride, channels, repeats (EfficientNet paper, table 1).
B = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3)]
B += [(6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]
# EfficientNetV2's configuration strings, as numbers: fused?, expand, stride, channels, repeats.
V2_B = [(1, 1, 1, 16, 1), (1, 4, 2, 32, 2), (1, 4, 2, 48, 2)]
V2_B += [(0, 4, 2, 96, 3), (0, 6, 1, 112, 5), (0, 6, 2, 192, 8)]
V2_S = [(1, 1, 1, 24, 2), (1, 4, 2, 48, 4), (1, 4, 2, 64, 4)]
V2_S += [(0, 4, 2, 128, 6), (0, 6, 1, 160, 9), (0, 6, 2, 256, 15)]


def nearest(channels, width, tenths=9):
    exact = channels * width
    rounded = max(8, int(exact + 4) // 8 * 8)
    return rounded + 8 if rounded < tenths / 10 * exact else rounded


def lite(width, depth):
    rows = []
    for i, (e, k, s, c, r) in enumerate(B):
        repeats = r if i in (0, 6) else math.ceil(r * depth)
        kind = "separable" if e == 1 else "inverted"
        rows.append(stage(kind, repeats, k, s, e, nearest(c, width)))
    return "relu6", 32, rows, 1280


def v2(table, stem, width, depth, tenths):
    rows = []
    for fused, e, s, c, r in table:
        kind = ("plain" if e == 1 else "fused") if fused else "inverted"
        out = nearest(c, width, tenths)
        rows.append(stage(kind, math.ceil(r * depth), 3, s, e, out, se=not fused))
    return "swish", nearest(stem, width, tenths), rows, nearest(1280, width, tenths)


def edge(width, depth):
    def wide(channels):
        return nearest(channels, width)

    def deep(repeats):
        return math.ceil(repeats * depth)

    rows = [
        stage("fused", deep(1), 3, 1, 4, wide(24), skip=False, source=wide(24)),
        stage("fused", deep(2), 3, 2, 8, wide(32)),
        stage("fused", deep(4), 3, 2, 8, wide(48)),
        stage("inverted", deep(5), 5, 2, 8, wide(96)),
        stage("inverted", deep(4), 5, 1, 8, wide(144)),
        stage("inverted", deep(2), 5, 2, 8, wide(192)),
    ]
    return "relu", wide(32), rows, wide(1280)


SAME, SYMMETRIC = ("SAME", 1e-3), ("SYMMETRIC", 1e-5)
CASES = [
    ("lite0", 64, lite(1.0, 1.0), [SAME, SYMMETRIC]),
    ("lite3", 45, lite(1.2, 1.4), [SAME]),
    ("v2-b0", 64, v2(V2_B, 32, 1.0, 1.0, 0), [SAME]),
    ("v2-b2", 45, v2(V2_B, 32, 1.1, 1.2, 0), [SYMMETRIC]),
    ("v2-s", 48, v2(V2_S, 24, 1.0, 1.0, 9), [SAME]),
    ("es", 64, edge(1.0, 1.0), [SYMMETRIC]),
    ("el", 45, edge(1.2, 1.4), [SAME]),
]

results = []
for variant, side, (activation, stem, stages, head), conventions in CASES:
    for padding, eps in conventions:
        logits = Net(padding, eps, activation).logits(image(side), stem, stages, head)
        results.append(
            {"variant": variant, "side": side, "padding": padding, "bnEps": eps}
            | {"logits": [round(float(x), 9) for x in logits]}
        )
print(json.dumps(results, indent=1))
