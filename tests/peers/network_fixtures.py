#!/usr/bin/env python3
"""Writes tests/fixtures/networks/ from PyTorch definitions of the networks (Debian's python3-torch):

    /usr/bin/python3 network_fixtures.py OUTPUT_DIR

state-dicts.txt lists every state-dict entry with its shape; NAME.safetensors holds what the network computes
from weights and inputs that both sides make by the same formula (`filled`), in float64; the two state-*
files are state dicts as a PyTorch user would save them.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(cin)
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.convShortcut = nn.Conv2d(cin, cout, 1, stride, 0, bias=False) if cin != cout else None

    def forward(self, x):
        a = F.relu(self.bn1(x))
        out = self.conv2(F.relu(self.bn2(self.conv1(a))))
        return out + (x if self.convShortcut is None else self.convShortcut(a))


class Group(nn.Module):
    def __init__(self, count, cin, cout, stride):
        super().__init__()
        self.layer = nn.Sequential(*[BasicBlock(cin if i == 0 else cout, cout, stride if i == 0 else 1)
                                     for i in range(count)])

    def forward(self, x):
        return self.layer(x)


class WideResNet(nn.Module):
    def __init__(self, depth, widen, channels, classes):
        super().__init__()
        width = [16, 16 * widen, 32 * widen, 64 * widen]
        count = (depth - 4) // 6
        self.conv1 = nn.Conv2d(channels, width[0], 3, 1, 1, bias=False)
        self.block1 = Group(count, width[0], width[1], 1)
        self.block2 = Group(count, width[1], width[2], 2)
        self.block3 = Group(count, width[2], width[3], 2)
        self.bn1 = nn.BatchNorm2d(width[3])
        self.fc = nn.Linear(width[3], classes)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(self.conv1(x))))
        features = F.relu(self.bn1(x)).mean((2, 3))
        return self.fc(features), features


class PostBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.shortcut = nn.Sequential()
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, counts, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        width = 64
        for group, count in enumerate(counts):
            blocks = []
            for i in range(count):
                blocks.append(PostBlock(width, 64 << group, 2 if group and i == 0 else 1))
                width = 64 << group
            setattr(self, f"layer{group + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        features = self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))
        return self.linear(features), features


class LeNet(nn.Module):
    def __init__(self, widths, channels, classes):
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(nn.Conv2d(channels, a, 5), nn.ReLU(), nn.MaxPool2d(2, 2),
                                      nn.Conv2d(a, b, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(b, c, 5), nn.ReLU())
        self.fc = nn.Sequential(nn.Linear(c, d), nn.ReLU(), nn.Linear(d, classes))

    def forward(self, x):
        features = self.features(x).flatten(1)
        return self.fc(features), features


class Generator(nn.Module):
    def __init__(self, nz, ngf, size, channels):
        super().__init__()
        self.side = size // 4
        self.l1 = nn.Sequential(nn.Linear(nz, 2 * ngf * self.side ** 2))
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(2 * ngf), nn.Upsample(scale_factor=2),
            nn.Conv2d(2 * ngf, 2 * ngf, 3, 1, 1, bias=False), nn.BatchNorm2d(2 * ngf), nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2), nn.Conv2d(2 * ngf, ngf, 3, 1, 1, bias=False), nn.BatchNorm2d(ngf),
            nn.LeakyReLU(0.2), nn.Conv2d(ngf, channels, 3, 1, 1), nn.Sigmoid())

    def forward(self, z):
        x = self.l1(z)
        hidden = self.conv_blocks[:-2](x.view(len(x), -1, self.side, self.side))
        return self.conv_blocks[-2:](hidden), hidden.mean((2, 3))


CHANNELS, CLASSES, NZ, NGF, GENERATOR_SIZE = 3, 10, 20, 6, 8
NETWORKS = {   # name: (module, spatial size, batch)
    "wrn10_1": (lambda: WideResNet(10, 1, CHANNELS, CLASSES), 8, 3),
    "wrn16_1": (lambda: WideResNet(16, 1, CHANNELS, CLASSES), 8, 3),
    "wrn16_2": (lambda: WideResNet(16, 2, CHANNELS, CLASSES), 8, 3),
    "wrn40_1": (lambda: WideResNet(40, 1, CHANNELS, CLASSES), 8, 3),
    "wrn40_2": (lambda: WideResNet(40, 2, CHANNELS, CLASSES), 8, 2),
    "resnet18": (lambda: ResNet((2, 2, 2, 2), CHANNELS, CLASSES), 16, 6),
    "resnet34": (lambda: ResNet((3, 4, 6, 3), CHANNELS, CLASSES), 16, 6),
    "lenet5": (lambda: LeNet((6, 16, 120, 84), CHANNELS, CLASSES), 32, 3),
    "lenet5_half": (lambda: LeNet((3, 8, 60, 42), CHANNELS, CLASSES), 32, 3),
    "generator": (lambda: Generator(NZ, NGF, GENERATOR_SIZE, CHANNELS), None, 3),
}


def uniform(name, count):
    """16-bit numbers in [0, 1), exact in float32: FNV-1a of the name, then a murmur finaliser of each index."""
    h = 2166136261
    for byte in name.encode():
        h = (h ^ byte) * 16777619 & 0xffffffff
    with np.errstate(over="ignore"):
        x = np.uint32(h) + np.arange(count, dtype=np.uint32) * np.uint32(0x9e3779b9)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x85ebca6b)
        x ^= x >> np.uint32(13)
        x *= np.uint32(0xc2b2ae35)
        x ^= x >> np.uint32(16)
    return (x >> np.uint32(16)).astype(np.float64) / 65536


def filled(name, shape):
    """Weights ±2^⌊log2(√(3/fan_in))⌋, batch-norm scales and variances 0.5 … 1.5, the rest −0.5 … 0.5."""
    u = uniform(name, int(np.prod(shape)))
    if len(shape) > 1 and name != "input":
        values = (2 * u - 1) * 2.0 ** np.floor(np.log2(np.sqrt(3 / np.prod(shape[1:]))))
    elif name.endswith((".weight", ".running_var")):
        values = 0.5 + u
    else:
        values = u - 0.5
    return torch.from_numpy(values.reshape(shape))


def fill(net):
    net.load_state_dict({k: v if "num_batches" in k else filled(k, tuple(v.shape))
                         for k, v in net.state_dict().items()})
    return net


def save(path, tensors, metadata=None):
    header, blobs, at = {}, [], 0
    if metadata:
        header["__metadata__"] = {k: json.dumps(v) for k, v in metadata.items()}
    for name, t in tensors.items():
        a = t.detach().numpy()
        a = np.ascontiguousarray(a) if a.dtype == np.int64 else np.ascontiguousarray(a.astype(np.float32))
        header[name] = {"dtype": "I64" if a.dtype == np.int64 else "F32", "shape": list(t.shape),
                        "data_offsets": [at, at + a.nbytes]}
        at += a.nbytes
        blobs.append(a.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def main():
    torch.set_default_dtype(torch.float64)
    out = Path(sys.argv[1])
    lines = []
    for name, (make, size, batch) in NETWORKS.items():
        net = fill(make())
        learnt = sum(p.numel() for p in net.parameters())
        lines.append(f"network {name} {learnt}")
        lines += [" ".join([k, *map(str, v.shape)]) for k, v in net.state_dict().items()]
        x = filled("input", (batch, NZ) if size is None else (batch, CHANNELS, size, size))
        result = {}
        for mode in ("evaluate", "train"):
            net.train(mode == "train")
            for key, value in zip(("logits", "features"), net(x)):
                result[f"{mode}.{key}"] = value
        result.update({f"after.{k}": v for k, v in net.state_dict().items() if "running" in k})
        save(out / f"{name}.safetensors", result)
    (out / "state-dicts.txt").write_text("\n".join(lines) + "\n")

    save(out / "state-wrn10_1.safetensors", fill(NETWORKS["wrn10_1"][0]()).state_dict(),
         {"network": "wrn10_1", "classes": CLASSES, "mean": [0.5, 0.25, 0.125], "std": [0.25, 0.5, 1.0],
          "input_shape": [CHANNELS, 8, 8], "accuracy": 12.5})
    bare = fill(NETWORKS["lenet5_half"][0]()).state_dict()
    save(out / "state-lenet5_half.safetensors", {"module." + k: v for k, v in bare.items()})


if __name__ == "__main__":
    main()
