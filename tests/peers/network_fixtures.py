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

from networks import Generator, LeNet, ResNet, WideResNet

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
