#!/usr/bin/env python3
"""Writes tests/fixtures/networks/ from PyTorch definitions of the networks (Debian's python3-torch):

    /usr/bin/python3 network_fixtures.py OUTPUT_DIR

state-dicts.txt has a line for each network, "network NAME NUMBERS SHA256": how many numbers it learns and the checksum of the
lines that list its state dict, name and shape, which follow for one network of each family.  NAME.safetensors holds what the
network computes from weights and inputs that both sides make by the same formula (`filled`), in float64: the logits, and of
everything larger a digest (`digest`).  The two state-* files are state dicts as a PyTorch user would save them.
"""
import hashlib
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

from networks import (DCGANGenerator, DeepGenerator, Generator, LeNet, MobileNetV2, ResNet, ShuffleNetV2, VGG, WideResNet,
                      small_resnet)

CHANNELS, CLASSES, NZ, NGF = 3, 10, 20, 6
# name: (module of channels and classes, channels, classes, height and width, batch)
# Batch norms behind the last halving see few pixels: batches are large enough for their statistics to be more than rounding.
CLASSIFIERS = {
    "wrn10_1": (lambda *c: WideResNet(10, 1, *c), 3, 10, 8, 3),
    "wrn16_1": (lambda *c: WideResNet(16, 1, *c), 3, 10, 8, 3),
    "wrn16_2": (lambda *c: WideResNet(16, 2, *c), 3, 10, 8, 3),
    "wrn40_1": (lambda *c: WideResNet(40, 1, *c), 3, 10, 8, 3),
    "wrn40_2": (lambda *c: WideResNet(40, 2, *c), 3, 10, 8, 2),
    "wrn22_3": (lambda *c: WideResNet(22, 3, *c), 1, 7, 32, 2),
    "resnet8": (lambda *c: small_resnet(8, *c), 1, 10, 32, 3),
    "resnet20": (lambda *c: small_resnet(20, *c), 3, 100, 32, 2),
    "resnet32": (lambda *c: small_resnet(32, *c), 3, 10, 32, 2),
    "resnet56": (lambda *c: small_resnet(56, *c), 3, 43, 32, 2),
    "resnet110": (lambda *c: small_resnet(110, *c), 3, 10, 32, 2),
    "resnet8x4": (lambda *c: small_resnet(8, *c, widths=(32, 64, 128, 256)), 3, 100, 32, 4),
    "resnet32x4": (lambda *c: small_resnet(32, *c, widths=(32, 64, 128, 256)), 3, 10, 16, 2),
    "resnet18": (lambda *c: ResNet((2, 2, 2, 2), *c), 3, 10, 16, 6),
    "resnet34": (lambda *c: ResNet((3, 4, 6, 3), *c), 3, 10, 16, 6),
    "resnet50": (lambda *c: ResNet((3, 4, 6, 3), *c, bottleneck=True), 3, 100, 32, 2),
    "vgg8": (lambda *c: VGG((1, 1, 1, 1, 1), *c), 1, 10, 32, 2),
    "vgg11": (lambda *c: VGG((1, 1, 2, 2, 2), *c), 3, 10, 64, 2),
    "vgg13": (lambda *c: VGG((2, 2, 2, 2, 2), *c), 4, 43, 32, 2),
    "vgg16": (lambda *c: VGG((2, 2, 3, 3, 3), *c), 3, 100, 32, 2),
    "vgg19": (lambda *c: VGG((2, 2, 4, 4, 4), *c), 3, 10, 32, 2),
    "mobilenetv2": (MobileNetV2, 3, 10, 64, 4),
    "mobilenetv2_s1": (lambda *c: MobileNetV2(*c, stem=1, second=1), 3, 10, 16, 4),
    "shufflenetv2": (ShuffleNetV2, 3, 100, 32, 3),
    "lenet5": (lambda *c: LeNet((6, 16, 120, 84), *c), 3, 10, 32, 3),
    "lenet5_half": (lambda *c: LeNet((3, 8, 60, 42), *c), 3, 10, 32, 3),
}
# name: (module of channels and size, height and width, batch, shape of a latent)
GENERATORS = {
    "generator": (lambda channels, size: Generator(NZ, NGF, size, channels), 8, 3, (NZ,)),
    "generator_dcgan": (lambda channels, size: DCGANGenerator(NZ, NGF, size, channels), 32, 3, (NZ,)),
    "generator_deep": (lambda channels, size: DeepGenerator(NZ, NGF, channels), 32, 3, (NZ, 2, 2)),
}
LISTED = ("wrn16_2", "resnet8x4", "resnet18", "resnet50", "vgg11", "mobilenetv2", "shufflenetv2", "lenet5", *GENERATORS)


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


def digest(values):
    """The norm, and four sums of the numbers with drawn signs and sizes: the sums of two tensors differ by about as much as
    the tensors do."""
    v = values.detach().reshape(-1)
    sums = [v @ torch.from_numpy(2 * uniform(f"digest {i}", len(v)) - 1) for i in range(4)]
    return torch.stack([v.norm(), *sums])


def batch_norms(net):
    return [m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)]


def watch(net):
    """mean and biased variance of what each batch norm reads, in the order of the layers"""
    seen = {}

    def hook(module, inputs):
        x = inputs[0].transpose(0, 1).flatten(1)
        seen[module] = torch.stack([digest(x.mean(1)), digest(x.var(1, unbiased=False))])
    handles = [m.register_forward_pre_hook(hook) for m in batch_norms(net)]
    return seen, handles


def computed(net, x):
    """everything that test-forward.c compares"""
    result = {}
    for mode in ("evaluate", "train"):
        net.train(mode == "train")
        x = x.detach().requires_grad_()
        seen, handles = watch(net)
        logits, features = net(x)
        for handle in handles:
            handle.remove()
        net.zero_grad()
        (logits * filled("loss", tuple(logits.shape))).sum().backward()
        result[f"{mode}.logits"] = logits
        result[f"{mode}.features"] = digest(features)
        result[f"{mode}.input-gradient"] = digest(x.grad)
        if seen and mode == "evaluate":
            result["statistics"] = torch.stack([seen[m] for m in batch_norms(net)])
    result["gradients"] = torch.stack([digest(p.grad) for p in net.parameters()])
    if batch_norms(net):
        result["running"] = torch.stack([torch.stack([digest(m.running_mean), digest(m.running_var)]) for m in batch_norms(net)])
    return result


def rounding(make, x):
    """how far PyTorch's own float32 features are from its float64 ones in training, where batch norms in a row enlarge what
    rounding did before them"""
    with torch.no_grad():
        exact, rounded = (fill(make()).to(dtype).train()(x.to(dtype))[1] for dtype in (torch.float64, torch.float32))
    return float(f"{(exact - rounded.double()).norm() / exact.norm():.1g}")


def listing(name, net):
    lines = [" ".join([k, *map(str, v.shape)]) for k, v in net.state_dict().items()]
    learnt = sum(p.numel() for p in net.parameters())
    checksum = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return [f"network {name} {learnt} {checksum}", *(lines if name in LISTED else ())]


def main():
    torch.set_default_dtype(torch.float64)
    out = Path(sys.argv[1])
    lines = []
    for name, (make, channels, classes, size, batch) in CLASSIFIERS.items():
        lines += listing(name, make(CHANNELS, CLASSES))
        x = filled("input", (batch, channels, size, size))
        save(out / f"{name}.safetensors", computed(fill(make(channels, classes)), x),
             {"channels": channels, "classes": classes, "size": size, "batch": batch,
              "rounding": rounding(lambda: make(channels, classes), x)})
    for name, (make, size, batch, latent) in GENERATORS.items():
        lines += listing(name, make(CHANNELS, size))
        save(out / f"{name}.safetensors", computed(fill(make(CHANNELS, size)), filled("input", (batch, *latent))),
             {"channels": CHANNELS, "nz": NZ, "ngf": NGF, "size": size, "batch": batch})
    (out / "state-dicts.txt").write_text("\n".join(lines) + "\n")

    save(out / "state-wrn10_1.safetensors", fill(WideResNet(10, 1, CHANNELS, CLASSES)).state_dict(),
         {"network": "wrn10_1", "classes": CLASSES, "mean": [0.5, 0.25, 0.125], "std": [0.25, 0.5, 1.0],
          "input_shape": [CHANNELS, 8, 8], "accuracy": 12.5})
    bare = fill(LeNet((3, 8, 60, 42), CHANNELS, CLASSES)).state_dict()
    save(out / "state-lenet5_half.safetensors", {"module." + k: v for k, v in bare.items()})


if __name__ == "__main__":
    main()
