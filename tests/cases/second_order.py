#!/usr/bin/env python3
"""Second derivatives and the meta gradient of MAML, in PyTorch float64 (Debian's python3-torch):

    /usr/bin/python3 second_order.py fast-fomaml-last.safetensors second-order.safetensors

Of the inputs of the first file, a reference case: k inner steps of a differentiable Adam (beta 0.5, 0.999) adapt the
generator and the latents; L with one more draw is differentiated by what the generator started from, through all of them:
out/K.gradient.NAME for k = K. The Hessian of L at the start times its own gradient: out/hessian.NAME and out/hessian.z.

Of inputs of its own, in/tiny.NAME: a convolution, batch norm, leaky ReLU, max-pool, linear layer and cross entropy, plus the
distance of the batch norm's statistics; its Hessian times in/tiny.direction.NAME is out/tiny.product.NAME.

What PyTorch's float32 makes of the same is printed, for tolerances.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

BETA1, BETA2, EPSILON = 0.5, 0.999, 1e-8
STEPS = (2, 4)


def read(path):
    data = Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    settings = {k: json.loads(v) for k, v in header.pop("__metadata__").items()}
    types = {"F32": np.float32, "I32": np.int32}
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + size + start:8 + size + end], types[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.copy())
    return tensors, settings


def write(path, tensors, settings):
    header, blobs, at = {"__metadata__": {k: json.dumps(v) for k, v in settings.items()}}, [], 0
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(tensor.detach().numpy().astype(np.float32))
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
        blobs.append(array.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def network(tensors, prefix, dtype):
    found = {name[len(prefix) + 1:]: t.to(dtype) for name, t in tensors.items() if name.startswith(prefix + ".")}
    return found


# every network as a function of its state dict, so that parameters can be the results of steps

def batch_norm(p, name, x, taps=None, train=False):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    if taps is not None:
        taps.append((mean, var, p[name + ".running_mean"], p[name + ".running_var"]))
    if not train:
        mean, var = p[name + ".running_mean"], p[name + ".running_var"]
    x = (x - mean[:, None, None]) / (var[:, None, None] + 1e-5).sqrt()
    return x * p[name + ".weight"][:, None, None] + p[name + ".bias"][:, None, None]


def wide_resnet(p, x, taps=None):
    """wrn10_1: one block a stage, pre-activation."""
    x = F.conv2d(x, p["conv1.weight"], padding=1)
    for stage in (1, 2, 3):
        layer, stride = f"block{stage}.layer.0", 1 if stage == 1 else 2
        a = F.relu(batch_norm(p, layer + ".bn1", x, taps))
        y = F.conv2d(a, p[layer + ".conv1.weight"], stride=stride, padding=1)
        y = F.conv2d(F.relu(batch_norm(p, layer + ".bn2", y, taps)), p[layer + ".conv2.weight"], padding=1)
        shortcut = layer + ".convShortcut.weight"
        x = y + (F.conv2d(a, p[shortcut], stride=stride) if shortcut in p else x)
    x = F.relu(batch_norm(p, "bn1", x, taps)).mean((2, 3))
    return F.linear(x, p["fc.weight"], p["fc.bias"])


def generator(p, z, side):
    x = F.linear(z, p["l1.0.weight"], p["l1.0.bias"])
    x = x.view(len(z), -1, side, side)
    x = F.interpolate(batch_norm(p, "conv_blocks.0", x, train=True), scale_factor=2)
    x = F.conv2d(x, p["conv_blocks.2.weight"], padding=1)
    x = F.interpolate(F.leaky_relu(batch_norm(p, "conv_blocks.3", x, train=True), 0.2), scale_factor=2)
    x = F.conv2d(x, p["conv_blocks.6.weight"], padding=1)
    x = F.leaky_relu(batch_norm(p, "conv_blocks.7", x, train=True), 0.2)
    return F.conv2d(x, p["conv_blocks.9.weight"], p["conv_blocks.9.bias"], padding=1).sigmoid()


def crop_flip(x, offset, flip, padding):
    size, padded, out = x.shape[-1], F.pad(x, (padding,) * 4), []
    for image, (dy, dx), mirrored in zip(padded, offset.tolist(), flip.tolist()):
        image = image[:, dy:dy + size, dx:dx + size]
        out.append(image.flip(-1) if mirrored else image)
    return torch.stack(out)


class Case:
    def __init__(self, tensors, settings, dtype):
        self.s, self.dtype = settings, dtype
        self.teacher, self.student = (network(tensors, "in/" + n, dtype) for n in ("teacher", "student"))
        self.start = network(tensors, "in/generator", dtype)
        self.names = [n for n in self.start if "running" not in n]
        self.z, self.labels = tensors["in/0.z"].to(dtype), tensors["in/0.labels"].long()
        self.offset, self.flip = tensors["in/0.offset"], tensors["in/0.flip"]

    def loss(self, values, step):
        """values: the generator's parameters in the order of names, then z"""
        s, taps = self.s, []
        images = generator(dict(zip(self.names, values)), values[-1], s["size"] // 4)
        x = (crop_flip(images, self.offset[step], self.flip[step], s["crop_padding"]) - s["mean"]) / s["std"]
        t, u = wide_resnet(self.teacher, x, taps), wide_resnet(self.student, x)
        bn = sum((var - rvar).norm() + (mean - rmean).norm() for mean, var, rmean, rvar in taps)
        log_t, log_u = F.log_softmax(t, 1), F.log_softmax(u, 1)
        agree = (t.argmax(1) == u.argmax(1)).to(self.dtype)
        adv = -((log_t.exp() * (log_t - log_u)).sum(1) * agree).mean()
        return s["bn"] * bn + s["oh"] * F.cross_entropy(t, self.labels) + s["adv"] * adv

    def origin(self):
        return [t.clone().requires_grad_() for t in (*(self.start[n] for n in self.names), self.z)]

    def meta_gradient(self, k):
        origin = self.origin()
        values, m, v = origin, [torch.zeros_like(t) for t in origin], [torch.zeros_like(t) for t in origin]
        rates = [self.s["lr_g"]] * len(self.names) + [self.s["lr_z"]]
        smallest = []
        for step in range(k):
            gradients = torch.autograd.grad(self.loss(values, step), values, create_graph=True)
            smallest.append(min(g.abs().min().item() for g in gradients))
            m = [BETA1 * a + (1 - BETA1) * g for a, g in zip(m, gradients)]
            v = [BETA2 * a + (1 - BETA2) * g * g for a, g in zip(v, gradients)]
            c1, c2 = 1 - BETA1 ** (step + 1), 1 - BETA2 ** (step + 1)
            values = [x - rate / c1 * a / ((b / c2).sqrt() + EPSILON) for x, rate, a, b in zip(values, rates, m, v)]
        return torch.autograd.grad(self.loss(values, k), origin[:-1]), smallest

    def hessian_product(self):
        """H g at the start, with g = dL"""
        origin = self.origin()
        gradients = torch.autograd.grad(self.loss(origin, 0), origin, create_graph=True)
        return torch.autograd.grad(gradients, origin, [g.detach() for g in gradients])


def tiny_inputs():
    """Exact in float32. batch-norm pairs are [2, C]: weight and bias, mean and variance."""
    g = torch.Generator().manual_seed(7)

    def draw(*shape):
        return torch.randn(shape, generator=g)

    inputs = {"x": draw(4, 3, 8, 8), "weight": draw(5, 3, 3, 3) * 0.4, "affine": draw(2, 5) * 0.3 + 1,
              "linear": draw(7, 80) * 0.2, "bias": draw(7) * 0.1}
    directions = {"direction." + n: draw(*t.shape) for n, t in inputs.items()}
    others = {"target": F.one_hot(torch.arange(4) * 2 % 7, 7).float(), "running": draw(2, 5).abs() + 0.5,
              "average": draw(2, 5).abs() + 0.5, "momentum": torch.tensor([0.25])}
    return inputs, directions, others


def tiny_loss(inputs, others):
    x, weight, affine, linear, bias = inputs
    x = F.conv2d(x, weight, padding=1)
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    x = (x - mean[:, None, None]) / (var[:, None, None] + 1e-5).sqrt() * affine[0][:, None, None] + affine[1][:, None, None]
    x = F.max_pool2d(F.leaky_relu(x, 0.2), 2)
    logits = F.linear(x.flatten(1), linear, bias)
    m = others["momentum"]
    mixed = (1 - m) * torch.stack([mean, var]) + m * others["average"]
    return -(others["target"] * F.log_softmax(logits, 1)).sum(1).mean() + (others["running"] - mixed).norm(dim=1).sum()


def tiny_products(dtype):
    inputs, directions, others = (({n: t.to(dtype) for n, t in d.items()}) for d in tiny_inputs())
    values = [t.requires_grad_() for t in inputs.values()]
    gradients = torch.autograd.grad(tiny_loss(values, others), values, create_graph=True)
    return torch.autograd.grad(gradients, values, list(directions.values()))


def far(got, want):
    """the largest relative deviation of a tensor, and the deviation of all of them together"""
    pairs = [(g.double() - w, w) for g, w in zip(got, want)]
    each = max((d.norm() / w.norm()).item() for d, w in pairs)
    return each, (sum(d.norm() ** 2 for d, _ in pairs) / sum(w.norm() ** 2 for _, w in pairs)).sqrt().item()


def main():
    tensors, settings = read(sys.argv[1])
    case, single = Case(tensors, settings, torch.float64), Case(tensors, settings, torch.float32)
    inputs, directions, others = tiny_inputs()
    out = {"in/tiny." + n: t for d in (inputs, directions, others) for n, t in d.items()}
    products = tiny_products(torch.float64)
    out.update({f"out/tiny.product.{n}": t for n, t in zip(inputs, products)})
    print("tiny: float32 is off by %.1e in one tensor, %.1e in all" % far(tiny_products(torch.float32), products))
    origin = case.origin()
    first = torch.autograd.grad(case.loss(origin, 0), origin)
    off = far(first, [tensors["out/0.gradient." + n].double() for n in case.names + ["z"]])[0]
    if off > 1e-6:
        sys.exit(f"the gradients of the first step are off those of {sys.argv[1]} by {off:.1e}: this is another loss")
    products = case.hessian_product()
    out.update({f"out/hessian.{n}": t for n, t in zip(case.names + ["z"], products)})
    print("hessian: float32 is off by %.1e in one tensor, %.1e in all" % far(single.hessian_product(), products))
    for k in STEPS:
        gradient, smallest = case.meta_gradient(k)
        out.update({f"out/{k}.gradient.{n}": t for n, t in zip(case.names, gradient)})
        print(f"k = {k}: norm {torch.cat([t.flatten() for t in gradient]).norm():.4f}, smallest |g| of each step",
              ", ".join(f"{g:.1e}" for g in smallest), "; float32 is off by %.1e in one tensor, %.1e in all"
              % far(single.meta_gradient(k)[0], gradient))
    write(sys.argv[2], out, dict(source=Path(sys.argv[1]).name, steps=list(STEPS)))


if __name__ == "__main__":
    main()
