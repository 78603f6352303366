#!/usr/bin/env python3
"""Writes small weight files as other programs write them, and the logits of their networks.

WeightFilesTest reads the files and holds the engines to the logits. Needs PyTorch, h5py, and a copy
of the package efficientnet_pytorch (lukemelas/EfficientNet-PyTorch) on the path: names, padding and
logits of EfficientNet-PyTorch come from its own code. torchvision's modules are written down here
again, with its structure of sequences; names of transformers and Keras follow their sources.

    PYTHONPATH=EfficientNet-PyTorch python3 weight_fixtures.py ../resources/weights
"""
import json
import os
import struct
import sys
import zipfile

import h5py
import numpy as np
import torch
from efficientnet_pytorch import EfficientNet
from efficientnet_pytorch.utils import efficientnet
from torch import nn

OUT = sys.argv[1]
SIDE = 40
CLASSES = 5
torch.manual_seed(22)


def fill(model):
    """Random weights and statistics that a half holds exactly."""
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.dtype != torch.float32:
                continue
            if name.endswith("running_var"):
                values = 0.5 + torch.rand(tensor.shape)
            elif tensor.dim() > 1:
                values = torch.randn(tensor.shape) * (1.5 / tensor[0].numel()) ** 0.5
            elif name.endswith("weight"):
                values = 1 + 0.2 * torch.randn(tensor.shape)
            else:
                values = 0.2 * torch.randn(tensor.shape)
            tensor.copy_(values.half().float())
    return model.eval()


def image():
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)
    planes = [np.sin(0.3 * columns * (c + 1)) + np.cos(0.2 * rows + c) for c in range(3)]
    return torch.from_numpy(np.stack(planes).astype(np.float32))[None]


def logits(model):
    with torch.no_grad():
        return [round(float(x), 6) for x in model(image())[0]]


def safetensors(path, state):
    header, offset, data = {}, 0, b""
    for name, tensor in state.items():
        if tensor.dtype == torch.int64:
            continue
        values = tensor.half().numpy().tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape)}
        header[name]["data_offsets"] = [offset, offset + len(values)]
        offset += len(values)
        data += values
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


# --- torchvision: models/efficientnet.py, ops/misc.py ---


class ConvNormActivation(nn.Sequential):
    def __init__(self, ins, outs, k, s=1, groups=1, act=True):
        conv = nn.Conv2d(ins, outs, k, s, (k - 1) // 2, groups=groups, bias=False)
        layers = [conv, nn.BatchNorm2d(outs, eps=EPS)]
        super().__init__(*layers + ([nn.SiLU()] if act else []))


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)
        self.activation = nn.SiLU()

    def forward(self, x):
        scale = self.fc2(self.activation(self.fc1(self.avgpool(x))))
        return torch.sigmoid(scale) * x


class MBConv(nn.Module):
    def __init__(self, e, k, s, ins, outs, fused=False):
        super().__init__()
        self.add = s == 1 and ins == outs
        wide = ins * e
        if fused and e == 1:
            layers = [ConvNormActivation(ins, outs, k, s)]
        elif fused:
            layers = [ConvNormActivation(ins, wide, k, s)]
            layers += [ConvNormActivation(wide, outs, 1, act=False)]
        else:
            layers = [ConvNormActivation(ins, wide, 1)] if e > 1 else []
            layers += [ConvNormActivation(wide, wide, k, s, groups=wide)]
            layers += [SqueezeExcitation(wide, max(1, ins // 4))]
            layers += [ConvNormActivation(wide, outs, 1, act=False)]
        self.block = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.block(x) if self.add else self.block(x)


class TorchvisionNet(nn.Module):
    def __init__(self, stem, stages, head):
        super().__init__()
        layers, channels = [ConvNormActivation(3, stem, 3, 2)], stem
        for e, k, s, outs, repeats, fused in stages:
            blocks = []
            for i in range(repeats):
                blocks.append(MBConv(e, k, s if i == 0 else 1, channels, outs, fused))
                channels = outs
            layers.append(nn.Sequential(*blocks))
        layers.append(ConvNormActivation(channels, head, 1))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(head, CLASSES))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


# --- Keras: layer names of applications/efficientnet.py ---

LEAVES = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean"}
LEAVES["running_var"] = "moving_variance"


def keras_layers(state):
    """Layer name → weights in Keras' order, from EfficientNet-PyTorch's names."""
    layers = {"normalization": [MEAN, VARIANCE, np.int32(0)]}
    # Width 0.1 and depth 0.1: one block for each stage.
    parts = {"_expand_conv": "expand_conv", "_bn0": "expand_bn", "_depthwise_conv": "dwconv"}
    parts |= {"_bn1": "bn", "_se_reduce": "se_reduce", "_se_expand": "se_expand"}
    parts |= {"_project_conv": "project_conv", "_bn2": "project_bn"}
    outer = {"_conv_stem": "stem_conv", "_bn0": "stem_bn", "_conv_head": "top_conv"}
    outer |= {"_bn1": "top_bn", "_fc": "predictions"}
    for name, tensor in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        prefix, leaf = name.rsplit(".", 1)
        if prefix.startswith("_blocks."):
            _, block, part = prefix.split(".")
            layer = f"block{int(block) + 1}a_{parts[part]}"
        else:
            layer = outer[prefix]
        values = tensor.numpy()
        if layer.endswith("dwconv"):
            values = values.transpose(2, 3, 0, 1)
        elif values.ndim == 4:
            values = values.transpose(2, 3, 1, 0)
        elif values.ndim == 2:
            values = values.T
        layers.setdefault(layer, []).append((leaf, values))
    return layers


def keras_leaf(layer, leaf):
    if layer.endswith("bn"):
        return LEAVES[leaf]
    if leaf == "bias":
        return "bias"
    return "depthwise_kernel" if layer.endswith("dwconv") else "kernel"


MEAN = np.array([0.485, 0.456, 0.406], np.float32)
VARIANCE = np.array([0.229, 0.224, 0.225], np.float32)


def keras_h5(path, layers):
    """save_weights(…, save_format='h5') of Keras 2: a group per layer, names with :0."""
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = np.array([n.encode() for n in layers])
        file.attrs["backend"] = b"tensorflow"
        for layer, weights in layers.items():
            group = file.create_group(layer)
            if layer == "normalization":
                named = list(zip(("mean", "variance", "count"), weights))
            else:
                named = [(keras_leaf(layer, leaf), values) for leaf, values in weights]
            group.attrs["weight_names"] = np.array([f"{layer}/{n}:0".encode() for n, _ in named])
            for name, values in named:
                group.create_dataset(f"{layer}/{name}:0", data=values)


CLASSES_OF = {"dwconv": "DepthwiseConv2D", "bn": "BatchNormalization"}


def keras_class(layer):
    if layer == "normalization":
        return "Normalization"
    if layer == "predictions":
        return "Dense"
    for end, name in CLASSES_OF.items():
        if layer.endswith(end):
            return name
    return "Conv2D"


def keras_zip(path, layers):
    """model.save('….keras') of Keras 3: a zip; layers by class and count, weights by position."""
    snake = {"Conv2D": "conv2d", "DepthwiseConv2D": "depthwise_conv2d"}
    snake |= {"BatchNormalization": "batch_normalization", "Dense": "dense"}
    snake |= {"Normalization": "normalization"}
    config, counts = [], {}
    h5 = path + ".h5"
    with h5py.File(h5, "w") as file:
        for layer, weights in layers.items():
            kind = keras_class(layer)
            config.append({"class_name": kind, "name": layer, "config": {"name": layer}})
            count = counts.get(kind, 0)
            counts[kind] = count + 1
            group = f"layers/{snake[kind]}" + (f"_{count}" if count else "")
            for i, weight in enumerate(weights):
                values = weight if layer == "normalization" else weight[1]
                file.create_dataset(f"{group}/vars/{i}", data=values)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.3.3"}))
        model = {"class_name": "Functional", "config": {"name": "efficientnetb0", "layers": config}}
        archive.writestr("config.json", json.dumps(model))
        archive.write(h5, "model.weights.h5")
    os.remove(h5)


class Command:
    def __reduce__(self):
        return os.system, ("touch executed",)


expected = {}

# EfficientNet-PyTorch, in the form of torch.save from 2019.
blocks, settings = efficientnet(0.1, 0.1, image_size=SIDE, num_classes=CLASSES)
theirs = fill(EfficientNet(blocks, settings))
state = theirs.state_dict()
expected["same"] = logits(theirs)
torch.save(state, f"{OUT}/efficientnet-pytorch.pth", _use_new_zipfile_serialization=False)

# transformers: the same network, renamed.
PARTS = {"_expand_conv": "expansion.expand_conv", "_bn0": "expansion.expand_bn"}
PARTS |= {"_depthwise_conv": "depthwise_conv.depthwise_conv"}
PARTS |= {"_bn1": "depthwise_conv.depthwise_norm", "_se_reduce": "squeeze_excite.reduce"}
PARTS |= {"_se_expand": "squeeze_excite.expand", "_project_conv": "projection.project_conv"}
PARTS |= {"_bn2": "projection.project_bn"}
OUTER = {"_conv_stem": "embeddings.convolution", "_bn0": "embeddings.batchnorm"}
OUTER |= {"_conv_head": "encoder.top_conv", "_bn1": "encoder.top_bn"}
renamed = {}
for name, tensor in state.items():
    pieces = name.split(".")
    if pieces[0] == "_blocks":
        new = f"efficientnet.encoder.blocks.{pieces[1]}.{PARTS[pieces[2]]}.{pieces[3]}"
    elif pieces[0] == "_fc":
        new = f"classifier.{pieces[1]}"
    else:
        new = f"efficientnet.{OUTER[pieces[0]]}.{pieces[1]}"
    renamed[new] = tensor
safetensors(f"{OUT}/transformers.safetensors", renamed)

# Keras: the same network, transposed.
layers = keras_layers(state)
keras_h5(f"{OUT}/keras.h5", layers)
keras_zip(f"{OUT}/model.keras", layers)

# torchvision, within a checkpoint of a wrapped model and as halves.
EPS = 1e-5
B = [(1, 3, 1), (6, 3, 2), (6, 5, 2), (6, 3, 2), (6, 5, 1), (6, 5, 2), (6, 3, 1)]
WIDTHS = [8, 8, 8, 8, 16, 24, 32]
ours = TorchvisionNet(8, [(*b, w, 1, False) for b, w in zip(B, WIDTHS)], 128)
ours = fill(ours)
expected["symmetric"] = logits(ours)
wrapped = {"module." + name: tensor for name, tensor in ours.state_dict().items()}
half = {n: t.half() if t.dtype == torch.float32 else t for n, t in wrapped.items()}
torch.save({"epoch": 3, "state_dict": half}, f"{OUT}/torchvision.pth")

EPS = 1e-3
V2 = [(1, 1, 1, True), (4, 2, 1, True), (4, 2, 1, True)]
V2 += [(4, 2, 1, False), (6, 1, 1, False), (6, 2, 2, False)]
V2_WIDTHS = [8, 8, 8, 16, 16, 24]
fused = TorchvisionNet(
    8, [(e, 3, s, w, r, f) for (e, s, r, f), w in zip(V2, V2_WIDTHS)], 128
)
fused = fill(fused)
expected["fused"] = logits(fused)
transposed = {
    n: nn.Parameter(t.half().t().contiguous().t()) if t.dim() == 2 else t.half()
    for n, t in fused.state_dict().items()
    if t.dtype == torch.float32
}
torch.save(transposed, f"{OUT}/torchvision-v2.pth")

torch.save({"weights": Command()}, f"{OUT}/calls-a-command.pth")
with open(f"{OUT}/expected.json", "w") as out:
    json.dump({"side": SIDE, "classes": CLASSES, "logits": expected}, out, indent=1)
