#!/usr/bin/env python3
"""Computes what Pillow makes of images of noise; ResizeReferenceTest holds ours to it.

Needs numpy and Pillow.

    python3 preprocess_reference.py > ../resources/image/resize.json
"""
import base64
import json
import math

import numpy as np
from PIL import Image

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


def preprocess(image, size, crop, filter_, squash):
    edge = math.floor(size / crop)
    width, height = image.size
    if squash:
        resized = (edge, edge)
    elif width > height:
        resized = (int(edge * width / height), edge)
    else:
        resized = (edge, int(edge * height / width))
    image = image.resize(resized, filter_)
    left = round((resized[0] - size) / 2.0)
    top = round((resized[1] - size) / 2.0)
    pixels = np.asarray(image.crop((left, top, left + size, top + size)))
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


FILTERS = {"BICUBIC": Image.BICUBIC, "BILINEAR": Image.BILINEAR}
CASES = [
    (64, 41, 16, 0.875, "BILINEAR", False),
    (41, 64, 16, 0.9, "BILINEAR", False),
    (9, 7, 16, 0.875, "BILINEAR", False),
    (64, 41, 16, 1.0, "BILINEAR", True),
    (64, 41, 16, 0.9, "BICUBIC", True),
    (7, 23, 16, 1.0, "BICUBIC", True),
]
results = []
for width, height, size, crop, name, squash in CASES:
    pixels = (unit("image", 3 * width * height) * 256).astype(np.uint8)
    image = Image.fromarray(pixels.reshape(height, width, 3), "RGB")
    planes = preprocess(image, size, crop, FILTERS[name], squash)
    results.append(
        {"width": width, "height": height, "size": size, "crop": crop, "interpolation": name}
        | {"resizeMode": "SQUASH" if squash else "SHORT_EDGE"}
        | {"planes": base64.b64encode(planes.tobytes()).decode()}
    )
print(json.dumps(results, indent=1))
