#!/usr/bin/env python3
"""Whole runs in PyTorch, by the recipes of runs of dfkd: what their accuracies are held against.

    /usr/bin/python3 tests/peers/distil-pytorch.py RUN... [--threads 2] [--seed N] [-o FILE.csv]

RUN: a run folder of dfkd (dfkd distill --run-folder, or one in the folder of dfkd experiment), or its recipe.json.  Needs Debian's
python3-torch and its own interpreter.  The method is written out anew from the papers over PyTorch's own layers and optimisers
(float32), so that both sides share no code; weights and draws begin from the same distributions, not the same numbers.  A line a
run: accuracy on the test data at the end and the best of all evaluations, seconds of synthesis and of distillation, and after how
many seconds of synthesis the student first reached 70 %.
"""
import argparse
import copy
import csv
import gzip
import json
import math
import struct
import sys
import time
from pathlib import Path

import fair_openblas  # noqa: F401
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import networks
from fast_steps import classifier, crop_flip, decision_adversarial, kl

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = "/usr/share/datasets/fashion-mnist"
POOLED, FRESH = ("fast", "deepinv", "cmi", "gendfd", "nayer"), ("dafl", "zskt", "dfq", "dfad")
BETAS = (0.5, 0.999)
AIM = 70.0
EMBEDDING = 512
TELL = 10  # syntheses whose loss is told together


# ---------------------------------------------------------------- files

def read_safetensors(path):
    raw = Path(path).read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            a, b = entry["data_offsets"]
            tensors[name] = torch.from_numpy(np.frombuffer(raw[8 + length + a:8 + length + b], "<f4").reshape(entry["shape"]).copy())
    return tensors, header.get("__metadata__", {})


def read_idx(folder, name):
    path = Path(folder) / name
    data = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
    shape = struct.unpack(f">{data[3]}I", data[4:4 + 4 * data[3]])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def read_data(folder, part, side):
    """bytes N,1,side,side, zero around the image, and labels"""
    images, labels = read_idx(folder, part + "-images-idx3-ubyte"), read_idx(folder, part + "-labels-idx1-ubyte")
    border = (side - images.shape[1]) // 2
    return torch.from_numpy(np.pad(images, ((0, 0), (border,) * 2, (border,) * 2))[:, None]), torch.from_numpy(labels.astype(np.int64))


def read_teacher(recipe):
    named = recipe["teacher"]
    path = named if named.endswith(".safetensors") else ROOT / "data" / ("teacher-shapes32.safetensors" if named == "shapes32"
                                                                         else "teacher.safetensors")
    tensors, meta = read_safetensors(path)
    return tensors, {key: json.loads(text) for key, text in meta.items()}


# ---------------------------------------------------------------- networks

def fastest(x):
    """a network or its images with the channels last, which PyTorch computes a sixth faster here"""
    return x.to(memory_format=torch.channels_last)


def initialise(net):
    """as the authors' networks are: He normal by fan-out, no bias at first; a generator keeps PyTorch's own"""
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.normal_(m.weight, 0, math.sqrt(2 / (m.kernel_size[0] * m.kernel_size[1] * m.out_channels)))
        elif isinstance(m, nn.Linear):
            nn.init.zeros_(m.bias)
    return net


class Watch:
    """what batch norms see: distance of the batch's statistics to the running ones, and the spatial means of their inputs"""

    def __init__(self, net, momentum=0.0):
        self.layers = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
        self.momentum, self.average, self.seen, self.means = momentum, {}, {}, []
        self.watching, self.keep_means = True, False  # a student's step asks for no statistics
        for m in self.layers:
            m.register_forward_hook(self.see)

    def see(self, m, inputs, _output):
        if not self.watching:
            return
        x = inputs[0]
        self.seen[m] = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        if self.keep_means:
            self.means.append(x.mean((2, 3)))

    def distance(self):
        total = 0
        for m in self.layers:
            mean, var = self.seen[m]
            if m in self.average:
                mean = (1 - self.momentum) * mean + self.momentum * self.average[m][0]
                var = (1 - self.momentum) * var + self.momentum * self.average[m][1]
            total = total + (m.running_var - var).norm() + (m.running_mean - mean).norm()
        return total

    def remember(self):
        for m in self.layers:
            now = [s.detach() for s in self.seen[m]]
            if m in self.average:
                now = [self.momentum * a + (1 - self.momentum) * b for a, b in zip(self.average[m], now)]
            self.average[m] = now


# ---------------------------------------------------------------- losses

def js_adversarial(s, t, temperature=3.0):
    q, p = (F.softmax(x / temperature, 1) for x in (s, t))
    m = (0.5 * (p + q)).clamp(0.01, 0.99)
    p, q = p.clamp(0.01, 0.99), q.clamp(0.01, 0.99)
    return -(0.5 * (m * (m / p).log()).sum(1) + 0.5 * (m * (m / q).log()).sum(1)).mean()


def variation(x):
    return ((x[..., :-1] - x[..., 1:]).abs().mean() + (x[..., :-1, :] - x[..., 1:, :]).abs().mean()
            + (x[..., 1:, :-1] - x[..., :-1, 1:]).abs().mean() + (x[..., :-1, :-1] - x[..., 1:, 1:]).abs().mean())


def resized_part(x, least=0.25):
    """a square part of each image, of @least to all of its area, at its size, half of them mirrored"""
    n = len(x)
    side = (least + (1 - least) * torch.rand(n)).sqrt()
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = side * torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    theta[:, 1, 1] = side
    theta[:, :, 2] = (torch.rand(n, 2) * 2 - 1) * (1 - side)[:, None]
    return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), mode="bilinear", padding_mode="border", align_corners=False)


# ---------------------------------------------------------------- a run

class Run:
    def __init__(self, recipe, data):
        self.p = recipe
        weights, meta = read_teacher(recipe)
        self.channels, self.classes = weights["conv1.weight"].shape[1], len(weights["fc.bias"])
        self.side = 32
        self.mean = torch.tensor(meta["mean"], dtype=torch.float32).reshape(1, -1, 1, 1)
        self.std = torch.tensor(meta["std"], dtype=torch.float32).reshape(1, -1, 1, 1)
        self.teacher = fastest(classifier(meta["network"], self.channels))
        self.teacher.load_state_dict(weights, strict=False)
        self.teacher.eval()
        for q in self.teacher.parameters():
            q.requires_grad_(False)
        self.student = fastest(initialise(classifier(recipe["student"], self.channels)))
        self.generator = self.new_generator()
        self.initial = copy.deepcopy(self.generator)
        self.watch = Watch(self.teacher, recipe["bn_momentum"] if recipe["method"] in ("fast", "gendfd") else 0.0)
        self.student_watch = Watch(self.student) if recipe["method"] == "deepinv" else None
        self.pool = []
        self.losses = []  # of inversion, since the last that were told
        self.data = data
        if recipe["method"] == "cmi":
            width = sum(m.num_features for m in self.watch.layers)
            self.head = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, int(recipe["head"])))
            self.head_optimiser = torch.optim.Adam(self.head.parameters(), recipe["lr_g"])
            self.bank, self.stored = torch.randn(2, int(recipe["bank"]), width), 0
        self.syntheses = 0
        if recipe["method"] == "nayer":
            self.embeddings = torch.randn(self.classes, EMBEDDING)  # in the place of a language model's
        if recipe["method"] == "gendfd":
            several = [self.new_generator() for _ in range(int(recipe["generators"]))]
            self.several = [(g, torch.optim.Adam(g.parameters(), recipe["lr_g"], betas=BETAS)) for g in several]
        self.meta = torch.optim.Adam(self.generator.parameters(), recipe["lr_g"] * (recipe["k"] if recipe["method"] == "fast" else 1), betas=BETAS)
        self.carried = None
        self.optimiser = torch.optim.SGD(self.student.parameters(), recipe["lr"], momentum=recipe["momentum"], weight_decay=recipe["weight_decay"])
        self.student_steps = 0

    def new_generator(self):
        return fastest(networks.Generator(int(self.p["nz"]), int(self.p["ngf"]), self.side, self.channels).train())

    def normalised(self, x):
        return fastest((x - self.mean) / self.std)

    def augmented(self, x):
        return self.normalised(crop_flip(x))

    def look(self, x):
        """logits of both and the teacher's features"""
        t, features = self.teacher(x)
        return t, self.student(x)[0], features

    def inversion_loss(self, images, labels, adv):
        """of augmented images; adv 0: without that term"""
        p = self.p
        t, s, _ = self.look(self.augmented(images))
        loss = p["bn"] * self.watch.distance() + p["oh"] * F.cross_entropy(t, labels) + adv * decision_adversarial(s, t)
        self.losses.append(loss.item())
        return loss

    # ---- synthesis; each returns the images it keeps (None: the student makes its own)

    def fast(self, adv):
        p = self.p
        z = torch.randn(p["batch"], p["nz"]).requires_grad_()
        labels = torch.randint(0, self.classes, (p["batch"],))
        fast = {"common": lambda: copy.deepcopy(self.generator), "none": lambda: copy.deepcopy(self.initial),
                "sequential": lambda: self.generator}[p["reuse"]]()
        inner = torch.optim.Adam([{"params": fast.parameters()}, {"params": [z], "lr": p["lr_z"]}], p["lr_g"], betas=BETAS)
        sums, best = [torch.zeros_like(q) for q in fast.parameters()], (math.inf, None)
        before = [q.detach().clone() for q in fast.parameters()]

        def loss_of():
            images = fast.images(z)
            return images, self.inversion_loss(images, labels, adv)

        for _ in range(int(p["k"])):
            images, loss = loss_of()
            inner.zero_grad()
            loss.backward()
            if loss.item() < best[0]:
                best = loss.item(), images.detach()
            for a, q in zip(sums, fast.parameters()):
                a += q.grad
            inner.step()
        self.watch.remember()
        if p["reuse"] == "common":
            if p["meta_gradient"] == "fomaml-last":
                inner.zero_grad()
                loss_of()[1].backward()
                sums = [q.grad for q in fast.parameters()]
            elif p["meta_gradient"] == "reptile":
                sums = [67 * (b - q.detach()) for b, q in zip(before, fast.parameters())]
            for q, d in zip(self.generator.parameters(), sums):
                q.grad = d.clone()
            self.meta.step()
        return best[1]

    def deepinv(self, adv):
        p = self.p
        x = torch.randn(p["batch"], self.channels, self.side, self.side).requires_grad_()
        labels = torch.randint(0, self.classes, (p["batch"],))
        optimiser, best, limit = torch.optim.Adam([x], p["lr_z"], betas=(0.5, 0.99)), (math.inf, None), self.side // 8
        low, high = -self.mean / self.std, (1 - self.mean) / self.std
        for _ in range(int(p["k"])):
            shown = (x.detach() * self.std + self.mean).clamp(0, 1)
            a = torch.roll(x, tuple(torch.randint(-limit, limit + 1, (2,)).tolist()), (2, 3))
            a = a.flip(-1) if torch.rand(()) < 0.5 else a
            t, s, _ = self.look(a)
            loss = (p["bn"] * (self.watch.distance() - p["student_bn"] * self.student_watch.distance()) + p["oh"] * F.cross_entropy(t, labels)
                    + adv * js_adversarial(s, t) + p["tv"] * variation(x) + p["l2"] * x.norm())
            optimiser.zero_grad()
            loss.backward()
            if loss.item() < best[0]:
                best = loss.item(), shown
            optimiser.step()
            with torch.no_grad():
                x.copy_(torch.maximum(torch.minimum(x, high), low))
        return best[1]

    def cmi(self, adv):
        p = self.p
        generator = self.new_generator()
        z = torch.randn(p["batch"], p["nz"]).requires_grad_()
        labels = torch.randint(0, self.classes, (p["batch"],))
        optimiser, best = torch.optim.Adam([*generator.parameters(), z], p["lr_g"], betas=BETAS), (math.inf, None, None)

        def project(x):
            return F.normalize(self.head(x), dim=1)

        for _ in range(int(p["k"])):
            images = generator.images(z)
            views = []
            self.watch.keep_means = True
            for view in (self.augmented(images), self.normalised(resized_part(images))):
                self.watch.means.clear()
                if not views:
                    t, s, _ = self.look(view)
                    bn = self.watch.distance()
                else:
                    self.teacher(view)
                views.append(torch.cat(self.watch.means, 1))
            self.watch.keep_means = False
            remembered = min(self.stored, self.bank.shape[1])
            other = torch.randperm(remembered)[:int(p["negatives"])]
            local, bank_local = project(views[1]), project(self.bank[0][other])
            whole, bank_whole = project(views[0]).detach(), project(self.bank[1][other]).detach()
            cr = 0
            for a, b, rest in ((local, whole, bank_whole), (bank_local, bank_whole, whole))[:2 if remembered else 1]:
                cr = cr + F.cross_entropy(a @ torch.cat((b, rest)).T / p["cr_temperature"], torch.arange(len(a)))
            loss = p["bn"] * bn + p["oh"] * F.cross_entropy(t, labels) + adv * decision_adversarial(s, t) + p["cr"] * cr
            optimiser.zero_grad()
            self.head_optimiser.zero_grad()
            loss.backward()
            if loss.item() < best[0]:
                best = loss.item(), images.detach(), [v.detach() for v in views]
            optimiser.step()
            self.head_optimiser.step()
        rows = (self.stored + torch.arange(p["batch"])) % self.bank.shape[1]
        self.bank[0][rows], self.bank[1][rows] = best[2][1], best[2][0]
        self.stored += p["batch"]
        return best[1]

    def invert(self, draw_images, labels, optimiser, adv):
        """k steps of one optimiser"""
        best = math.inf, None
        for _ in range(int(self.p["k"])):
            images = draw_images()
            loss = self.inversion_loss(images, labels, adv)
            optimiser.zero_grad()
            loss.backward()
            if loss.item() < best[0]:
                best = loss.item(), images.detach()
            optimiser.step()
        return best[1]

    def gendfd(self, _adv):
        p = self.p
        generator, optimiser = self.several[self.syntheses % len(self.several)]
        labels = torch.randint(0, self.classes, (p["batch"],))
        z = torch.randn(p["batch"], p["nz"])
        z[:, :self.classes] = F.one_hot(labels, self.classes)
        images = self.invert(lambda: generator.images(z), labels, optimiser, 0.0)
        self.watch.remember()
        self.syntheses += 1
        return images

    def nayer(self, adv):
        p = self.p
        if self.syntheses % int(p["life"] or p["syntheses"]) == 0:
            self.generator, self.norm = self.new_generator(), nn.BatchNorm1d(EMBEDDING)
        self.syntheses += 1
        whole, rest = divmod(p["batch"], self.classes)
        labels = torch.cat((torch.arange(self.classes).repeat(whole), torch.randint(0, self.classes, (rest,))))
        noise = nn.ModuleList(nn.Linear(EMBEDDING, p["nz"]) for _ in range(whole + (rest > 0)))
        for layer in noise:
            nn.init.normal_(layer.weight)
            nn.init.zeros_(layer.bias)

        def images():
            rows = self.norm(self.embeddings[labels]).split(self.classes)
            return self.generator.images(torch.cat([layer(part) for layer, part in zip(noise, rows)]))

        learnt = [*self.generator.parameters(), *self.norm.parameters(), *noise.parameters()]
        return self.invert(images, labels, torch.optim.Adam(learnt, p["lr_g"], betas=BETAS), adv)

    def generative(self, adv):
        p, method = self.p, self.p["method"]
        weights = {"dafl": ("oh", "act", "balance"), "zskt": ("adv",), "dfq": ("bn", "oh", "adv", "balance"), "dfad": ("adv",)}[method]
        for _ in range(int(p["k"])):
            t, s, features = self.look(self.normalised(self.generator.images(torch.randn(p["batch"], p["nz"]))))
            against = (s - t).abs().mean() if method == "dfad" else kl(s, t, 1.0)
            mean = F.softmax(t, 1).mean(0)
            terms = {"oh": F.cross_entropy(t, t.argmax(1)), "adv": -against, "act": -features.abs().mean(), "balance": (mean * mean.log()).sum()}
            if "bn" in weights:
                terms["bn"] = self.watch.distance()
            loss = sum((adv if w == "adv" else p[w]) * terms[w] for w in weights)
            self.losses.append(loss.item())
            self.meta.zero_grad()
            loss.backward()
            self.meta.step()

    # ---- student

    def inputs(self):
        p = self.p
        if p["method"] in FRESH:
            with torch.no_grad():
                return self.normalised(self.generator.images(torch.randn(p["student_batch"], p["nz"])))
        pool = self.data["train"][0] if p["method"] == "kd" else self.pool
        return self.augmented(pool[torch.randint(0, len(pool), (p["student_batch"],))].float() / 255)

    def distil(self):
        p = self.p
        steps = max((p["syntheses"] - p["warmup"]) * p["kd_steps"], 1)
        least = min(p["lr_minimum"], p["lr"])
        self.optimiser.param_groups[0]["lr"] = least + 0.5 * (p["lr"] - least) * (1 + math.cos(math.pi * min(self.student_steps / steps, 1)))
        x = self.inputs()
        with torch.no_grad():
            t = self.teacher(x)[0]
        s = self.student(x)[0]
        loss = (s - t).abs().mean() if p["method"] == "dfad" else kl(s, t, p["temperature"])
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        self.student_steps += 1

    def accuracy(self):
        images, labels = self.data["test"]
        self.student.eval()
        with torch.no_grad():
            right = sum((self.student(self.normalised(images[i:i + 500].float() / 255))[0].argmax(1) == labels[i:i + 500]).sum().item()
                        for i in range(0, len(images), 500))
        return 100 * right / len(images)

    def go(self, say):
        p = self.p
        synthesise = getattr(self, p["method"], None) or (self.generative if p["method"] in FRESH else lambda adv: None)
        clocks, best, accuracy, reached = [0.0, 0.0], 0.0, math.nan, math.nan
        for n in range(int(p["syntheses"])):
            start = time.perf_counter()
            self.student.eval()
            for q in self.student.parameters():
                q.requires_grad_(False)
            images = synthesise(p["adv"] if n >= p["warmup"] else 0.0)
            for q in self.student.parameters():
                q.requires_grad_(True)
            if images is not None:
                images = (images * 255).round().to(torch.uint8)
                self.pool = torch.cat((self.pool, images)) if n else images
            clocks[0] += time.perf_counter() - start
            if (n + 1) % TELL == 0 and self.losses:
                first = self.losses[::len(self.losses) // TELL]
                say(f"  {n + 1} syntheses: inversion loss {sum(first) / len(first):.1f} in the first step of the last {TELL}")
                self.losses.clear()
            if n < p["warmup"]:
                continue
            start = time.perf_counter()
            watches = [w for w in (self.watch, self.student_watch) if w]
            for w in watches:
                w.watching = False
            self.student.train()
            for _ in range(int(p["kd_steps"])):
                self.distil()
            for w in watches:
                w.watching = True
            clocks[1] += time.perf_counter() - start
            if (n + 1) % max(p["evaluate_every"], 1) == 0 or n + 1 == p["syntheses"]:
                accuracy = self.accuracy()
                best = max(best, accuracy)
                if accuracy >= AIM and math.isnan(reached):
                    reached = clocks[0]
                say(f"  {n + 1} syntheses: {accuracy:.2f} %, {clocks[0]:.0f} s of synthesis, {clocks[1]:.0f} s of distillation")
        return accuracy, best, *clocks, reached


def read_recipe(path):
    path = Path(path)
    path = path / "recipe.json" if path.is_dir() else path
    recipe = json.loads(path.read_text())
    p = recipe["parameters"]
    p["student_batch"] = p.get("student_batch") or p["batch"]  # 0: as many as in a synthesis
    for name in ("batch", "student_batch", "nz"):
        p[name] = int(p[name])
    if p["method"] in FRESH and p.get("as_released") == "yes":  # the teacher differs from itself by nothing, and the loss has no temperature
        p["adv"], p["temperature"] = 0.0, 1.0
    if p["method"] not in (*POOLED, *FRESH, "kd"):
        sys.exit(f"{path}: expected one of the methods {', '.join((*POOLED, *FRESH, 'kd'))}, found {p['method']}")
    if p["method"] == "nayer" and p.get("label_embeddings"):
        sys.exit(f"{path}: label embeddings of a file are not written here")
    if p["method"] == "fast" and (p["meta_gradient"] == "maml" or p["reset_after"] > 0):
        sys.exit(f"{path}: true maml and reset_after are not written here")
    return recipe.get("name", "") or path.parent.name, p


def main():
    parser = argparse.ArgumentParser(description="Whole runs in PyTorch by recipes of dfkd.")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="a run folder of dfkd, or its recipe.json")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, help="instead of each recipe's own")
    parser.add_argument("--data", default=DATA, help=f"folder of the IDX files ({DATA})")
    parser.add_argument("-o", "--output", help="write the table as CSV, too")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rows = []
    data = {part: read_data(options.data, name, 32) for part, name in (("train", "train"), ("test", "t10k"))}
    for path in options.runs:
        name, p = read_recipe(path)
        seed = int(p["seed"]) if options.seed is None else options.seed
        torch.manual_seed(seed)
        accuracy, best, synthesis, distillation, reached = Run(p, data).go(lambda text: print(text, file=sys.stderr, flush=True))
        rows.append({"run": name, "method": p["method"], "k": int(p["k"]), "seed": seed, "accuracy": f"{accuracy:.2f}", "best": f"{best:.2f}",
                     "synthesis_seconds": f"{synthesis:.1f}", "distillation_seconds": f"{distillation:.1f}",
                     "synthesis_seconds_to_70": "" if math.isnan(reached) else f"{reached:.1f}"})
        print("  ".join(f"{k} {v}" for k, v in rows[-1].items() if v != ""), flush=True)
        if options.output:
            with open(options.output, "w", newline="") as stream:
                table = csv.DictWriter(stream, rows[0].keys())
                table.writeheader()
                table.writerows(rows)


if __name__ == "__main__":
    main()
