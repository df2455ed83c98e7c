#!/usr/bin/env python3
"""NAYER and generative data-free distillation, in PyTorch float64 (Debian's python3-torch):

    /usr/bin/python3 later_methods.py fast-fomaml.safetensors nayer.safetensors gendfd.safetensors

The first file, a reference case, gives teacher, student, generator, latents, labels, crops and flips; what else a method wants is
drawn here, under in/ of its own file. Written from the methods' descriptions (METHOD.md; Tran et al., CVPR 2024; Luo et al., arXiv
2012.05578), differentiated by autograd and stepped by torch.optim. Each file holds a few syntheses R = 0, 1, … of k steps, under
out/R: the latents of the first step and its gradients, the losses of all, the images of the smallest, and what has been learnt.

nayer: the labels are 0, 1, 2 … and again from 0. Embeddings of the classes go through a batch norm, and each pass over the classes
through a linear layer of its own, whose weights every synthesis draws anew and whose bias begins at 0; they and the norm learn
beside the generator, by an Adam that begins with the synthesis. Generator and norm are carried into the next, until a generator's
life ends and both begin anew: what the norm then is stands as out/2.noise.norm, alone.

gendfd: generators take turns, each with an Adam of its own that lives as long as it does. Their latents begin with the label,
one-hot. Statistics are compared mixed with their average over earlier syntheses, whichever generator these were of.

What PyTorch's float32 makes of the same is printed, for tolerances.
"""
import re
import sys
from pathlib import Path

import torch
from torch.nn import functional as F

from second_order import BETA1, BETA2, crop_flip, generator, network, read, wide_resnet, write

EMBEDDING = 16
NAYER = dict(method="nayer", k=4, bn=10.0, oh=0.5, adv=1.33, bn_momentum=0.0, lr_g=4e-3, embedding=EMBEDDING)
GENDFD = dict(method="gendfd", k=4, bn=1.0, oh=1.0, bn_momentum=0.9, lr_g=1e-3, generators=2)


def leaves(values):
    return {name: t.clone().requires_grad_() for name, t in values.items()}


def weights(tensors, prefix, dtype):
    """a generator's; it always normalises by its batch"""
    return leaves({n: t for n, t in network(tensors, prefix, dtype).items() if "running" not in n})


def adam(parameters, s):
    return torch.optim.Adam(list(parameters), s["lr_g"], betas=(BETA1, BETA2))


class Inversion:
    """The loss of a batch. average: of [mean, variance] at every batch norm of the teacher; None before there is one"""

    def __init__(self, tensors, s, dtype):
        self.s, self.average = s, None
        self.teacher, self.student = (network(tensors, "in/" + n, dtype) for n in ("teacher", "student"))

    def __call__(self, images, labels, offset, flip):
        s, taps = self.s, []
        x = (crop_flip(images, offset, flip, s["crop_padding"]) - s["mean"]) / s["std"]
        t, u = wide_resnet(self.teacher, x, taps), wide_resnet(self.student, x)
        self.statistics = [torch.stack([mean, var]) for mean, var, _, _ in taps]
        seen, m = self.statistics, s["bn_momentum"]
        if self.average is not None:
            seen = [(1 - m) * now + m * before for now, before in zip(self.statistics, self.average)]
        terms = {"bn": sum((a - torch.stack(tap[2:])).norm(dim=1).sum() for a, tap in zip(seen, taps)),
                 "oh": F.cross_entropy(t, labels)}
        if "adv" in s:
            kl = F.kl_div(F.log_softmax(u, 1), F.log_softmax(t, 1), reduction="none", log_target=True).sum(1)
            terms["adv"] = -(kl * (t.argmax(1) == u.argmax(1))).mean()
        return terms

    def remember(self):
        m, now = self.s["bn_momentum"], [a.detach() for a in self.statistics]
        self.average = now if self.average is None else [m * a + (1 - m) * b for a, b in zip(self.average, now)]


def synthesise(inversion, draw_images, learnt, optimizer, labels, offset, flip):
    """k steps. learnt: by name; draw_images: makes a batch of what they are now"""
    s, trace, out, best = inversion.s, [], {}, None
    for step in range(s["k"]):
        images = draw_images()
        terms = inversion(images, labels, offset[step], flip[step])
        loss = sum(s[name] * value for name, value in terms.items())
        trace.append({**{"loss_" + name: value.detach() for name, value in terms.items()}, "loss": loss.detach()})
        if best is None or loss < best:
            best, out["images"] = loss.detach(), images.detach().clone()
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            out.update({"gradient." + name.replace("generator.", "", 1): t.grad.clone() for name, t in learnt.items()})
        optimizer.step()
    out.update({name: torch.stack([row[name] for row in trace]) for name in trace[0]})
    out.update({name: t.detach().clone() for name, t in learnt.items()})
    return out


def drawer(seed):
    g = torch.Generator().manual_seed(seed)
    return g, lambda *shape: torch.randn(shape, generator=g)


def nayer_inputs(tensors, s):
    _, draw = drawer(31)
    passes = -(-s["batch"] // s["classes"])
    inputs = {"in/embeddings": draw(s["classes"], EMBEDDING),
              "in/0.noise.norm": torch.stack([1 + 0.2 * draw(EMBEDDING), 0.3 * draw(EMBEDDING)])}
    inputs.update({f"in/{r}.noise.{p}.weight": draw(s["nz"], EMBEDDING) for r in range(2) for p in range(passes)})
    return inputs


def nayer(tensors, s, dtype):
    inversion, out = Inversion(tensors, s, dtype), {}
    labels = torch.arange(s["batch"]) % s["classes"]
    embeddings = tensors["in/embeddings"].to(dtype)[labels]
    theta = weights(tensors, "in/generator", dtype)
    norm = tensors["in/0.noise.norm"].to(dtype).clone().requires_grad_()
    for r in range(2):
        layers = leaves({n: t for n, t in network(tensors, f"in/{r}.noise", dtype).items() if n != "norm"})
        layers.update({n.replace("weight", "bias"): torch.zeros(s["nz"], dtype=dtype).requires_grad_() for n in list(layers)})

        def latents():
            e = F.batch_norm(embeddings, None, None, norm[0], norm[1], training=True)
            z = [F.linear(rows, layers[f"{p}.weight"], layers[f"{p}.bias"]) for p, rows in enumerate(e.split(s["classes"]))]
            return torch.cat(z)

        out[f"out/{r}.z"] = latents()
        learnt = {**{"generator." + n: t for n, t in theta.items()}, "noise.norm": norm, **{"noise." + n: t for n, t in layers.items()}}
        found = synthesise(inversion, lambda: generator(theta, latents(), s["size"] // 4), learnt, adam(learnt.values(), s), labels,
                           tensors[f"in/{r}.offset"], tensors[f"in/{r}.flip"])
        out.update({f"out/{r}.{n}": t for n, t in found.items()})
    out["out/2.noise.norm"] = torch.stack([torch.ones_like(norm[0]), torch.zeros_like(norm[1])])
    return out


def gendfd_inputs(tensors, s):
    g, draw = drawer(32)
    inputs = {}
    for name, t in tensors.items():
        if not name.startswith("in/generator.") or "running" in name:
            continue
        own = name.replace("in/generator.", "in/generators.1.")
        inputs[own] = draw(*t.shape) * (1.6 / t[0].numel()) ** 0.5 if t.dim() > 1 else t + 0.1 * draw(*t.shape)
    inputs["in/2.z"] = draw(s["batch"], s["nz"])
    inputs["in/2.labels"] = torch.randint(s["classes"], (s["batch"],), generator=g)
    inputs["in/2.offset"] = torch.randint(2 * s["crop_padding"] + 1, (s["k"], s["batch"], 2), generator=g)
    inputs["in/2.flip"] = torch.randint(2, (s["k"], s["batch"]), generator=g)
    return inputs


def gendfd(tensors, s, dtype):
    inversion, out = Inversion(tensors, s, dtype), {}
    generators = [weights(tensors, prefix, dtype) for prefix in ("in/generator", "in/generators.1")]
    optimizers = [adam(theta.values(), s) for theta in generators]
    for r in range(3):
        theta, labels = generators[r % 2], tensors[f"in/{r}.labels"].long()
        z = tensors[f"in/{r}.z"].to(dtype).clone()
        z[:, :s["classes"]] = F.one_hot(labels, s["classes"])
        found = synthesise(inversion, lambda: generator(theta, z, s["size"] // 4), {"generator." + n: t for n, t in theta.items()},
                           optimizers[r % 2], labels, tensors[f"in/{r}.offset"], tensors[f"in/{r}.flip"])
        inversion.remember()
        found.update({f"average.{i}": a for i, a in enumerate(inversion.average)}, z=z)
        out.update({f"out/{r}.{n}": t for n, t in found.items()})
    return out


def start(name, tensors, out, turns):
    """what a parameter was before the synthesis; None for what is no parameter"""
    r, kind, rest = re.match(r"out/(\d+)\.(\w+)\.?(.*)", name).groups()
    before = int(r) - turns
    if kind == "generator":
        own = "in/generator." if int(r) % turns == 0 else f"in/generators.{r}."
        return out[f"out/{before}.generator.{rest}"] if before >= 0 else tensors[own + rest].double()
    if kind != "noise":
        return None
    if rest == "norm" and before >= 0:
        return out[f"out/{before}.noise.norm"]
    return tensors[f"in/{r}.noise.{rest}"].double() if "bias" not in rest else torch.zeros_like(out[name])


def compare(single, out, tensors, turns):
    most = {}
    for name, want in out.items():
        before = start(name, tensors, out, turns)
        kind = "update" if before is not None else re.sub(r"_.*", "", name.split(".")[1])
        off = (single[name].double() - want).norm() / (want - (0 if before is None else before)).norm()
        most[kind] = max(most.get(kind, 0.0), off.item())
    return ", ".join(f"{kind} {off:.1e}" for kind, off in most.items())


def main():
    tensors, settings = read(sys.argv[1])
    for path, compute, draw, own, turns in ((sys.argv[2], nayer, nayer_inputs, NAYER, 1), (sys.argv[3], gendfd, gendfd_inputs, GENDFD, 2)):
        s = {**{n: v for n, v in settings.items() if n not in ("adv", "lr_z")}, **own}
        inputs = draw(tensors, s)
        given = {**tensors, **inputs}
        out = compute(given, s, torch.float64)
        print(own["method"] + ": float32 is off by", compare(compute(given, s, torch.float32), out, given, turns))
        write(path, {**inputs, **out}, dict(source=Path(sys.argv[1]).name, **own))


if __name__ == "__main__":
    main()
