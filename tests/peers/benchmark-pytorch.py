#!/usr/bin/env python3
"""The same steps in PyTorch and in dfkd, timed in turn in one run, as ratios.

    /usr/bin/python3 tests/peers/benchmark-pytorch.py build/release/app/cli/dfkd [--rounds 5] [--threads 2]

Needs Debian's python3-torch and its own interpreter.  Both do an inner step of FastDFKD and a student step of three
workloads: (a) the default recipe, (b) wrn40_2 -> wrn16_1 and (c) resnet34 -> resnet18 on CIFAR's shapes, nz 256.  The
machine's speed is told by PyTorch's 2048^3 matrix product.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import time

# OpenBLAS does not know the youngest processors and would take its oldest kernels: be fair to PyTorch's products too
with open("/proc/cpuinfo") as cpu:
    if "avx512f" in cpu.read():
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

import network_fixtures as networks  # noqa: E402  (the definitions that the fixtures are made of)


class Workload:
    """What is timed: networks, shapes, and how dfkd is told the same."""

    def __init__(self, teacher, student, channels, ngf, batch, mean, std, options):
        self.teacher, self.student, self.channels, self.ngf, self.batch = teacher, student, channels, ngf, batch
        self.mean, self.std, self.options = mean, std, options


NZ, SIZE, CLASSES = 256, 32, 10
WORKLOADS = {
    "a": Workload("wrn16_1", "wrn10_1", 1, 32, 128, 0.2190, 0.3318, []),
    "b": Workload("wrn40_2", "wrn16_1", 3, 64, 64, 0.0, 1.0,
                  ["--random-teacher", "wrn40_2", "--student", "wrn16_1", "--ngf", "64", "--batch", "64"]),
    "c": Workload("resnet34", "resnet18", 3, 64, 32, 0.0, 1.0,
                  ["--random-teacher", "resnet34", "--student", "resnet18", "--ngf", "64", "--batch", "32"]),
}


def classifier(name, channels):
    counts = {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3)}
    if name in counts:
        return networks.ResNet(counts[name], channels, CLASSES)
    depth, widen = name[3:].split("_")
    return networks.WideResNet(int(depth), int(widen), channels, CLASSES)


def kl(student, teacher, temperature):
    return F.kl_div(F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1),
                    reduction="batchmean") * temperature ** 2


def crop_flip(x, mean, std):
    p = F.pad(x, (4,) * 4)
    dy, dx = torch.randint(0, 9, (2, len(x)))
    out = torch.stack([i[:, a:a + SIZE, b:b + SIZE] for i, a, b in zip(p, dy.tolist(), dx.tolist())])
    flip = torch.rand(len(x)) < 0.5
    return (torch.where(flip[:, None, None, None], out.flip(-1), out) - mean) / std


class Peer:
    def __init__(self, w):
        self.w = w
        self.teacher, self.student = classifier(w.teacher, w.channels).eval(), classifier(w.student, w.channels)
        self.generator = networks.Generator(NZ, w.ngf, SIZE, w.channels).train()
        for p in self.teacher.parameters():
            p.requires_grad_(False)
        self.z = torch.randn(w.batch, NZ, requires_grad=True)
        self.labels = torch.randint(0, CLASSES, (w.batch,))
        self.inner_optimiser = torch.optim.Adam([{"params": self.generator.parameters()}, {"params": [self.z], "lr": 0.01}],
                                                3e-3, betas=(0.5, 0.999))
        self.student_optimiser = torch.optim.SGD(self.student.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
        self.statistics = []
        for m in self.teacher.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.register_forward_hook(lambda m, i, _o: self.statistics.append(
                    (m, i[0].mean((0, 2, 3)), i[0].var((0, 2, 3), unbiased=False))) if self.watch else None)
        self.watch = False
        self.pool = torch.rand(w.batch, w.channels, SIZE, SIZE)

    def inner(self):
        self.student.eval()
        self.watch, self.statistics = True, []
        for p in self.student.parameters():
            p.requires_grad_(False)
        x = crop_flip(self.generator(self.z)[0], self.w.mean, self.w.std)
        t, s = self.teacher(x)[0], self.student(x)[0]
        bn = sum((m.running_var - v).norm() + (m.running_mean - u).norm() for m, u, v in self.statistics)
        agree = (s.argmax(1) == t.argmax(1)).float()
        adv = -(F.kl_div(F.log_softmax(s, 1), F.softmax(t, 1), reduction="none").sum(1) * agree).mean()
        loss = 10 * bn + 0.5 * F.cross_entropy(t, self.labels) + 1.1 * adv
        self.inner_optimiser.zero_grad()
        loss.backward()
        self.inner_optimiser.step()
        self.watch = False
        for p in self.student.parameters():
            p.requires_grad_(True)
        loss.item()

    def distil(self):
        self.student.train()
        x = crop_flip(self.pool, self.w.mean, self.w.std)
        with torch.no_grad():
            t = self.teacher(x)[0]
        loss = kl(self.student(x)[0], t, 20.0)
        self.student_optimiser.zero_grad()
        loss.backward()
        self.student_optimiser.step()
        loss.item()


def seconds(f, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return times


def peak():
    """MiB, the most that this process and the dfkd it waits for ever held, each for itself."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(name, options):
    w = WORKLOADS[name]
    peer = Peer(w)
    for f in (peer.inner, peer.distil):
        seconds(f, 2)
    ours, theirs, memory = {"inner": [], "student": []}, {"inner": [], "student": []}, 0
    for _ in range(options.rounds):  # in turn, so that a slow moment of the machine meets both
        theirs["inner"] += seconds(peer.inner, 3)
        theirs["student"] += seconds(peer.distil, 3)
        out = subprocess.run([options.dfkd, "bench", "--json", "--device", "cpu", "--threads", str(options.threads), "--repeats", "3",
                              *w.options], check=True, capture_output=True, text=True)
        for step in json.loads(out.stdout):
            if step["name"] in ours:
                ours[step["name"]].append(step["seconds"]["median"])
            elif step["name"] == "memory":
                memory = step["peak"] / 2 ** 20
    print(f"({name}) {w.teacher} -> {w.student}, ngf {w.ngf}, batch {w.batch} of {w.channels}x{SIZE}x{SIZE}")
    for step in ours:
        a, b = statistics.median(ours[step]), statistics.median(theirs[step])
        print(f"    {step:8s} dfkd {a * 1e3:7.1f} ms ({min(ours[step]) * 1e3:.1f} - {max(ours[step]) * 1e3:.1f}), "
              f"PyTorch {b * 1e3:7.1f} ms ({min(theirs[step]) * 1e3:.1f} - {max(theirs[step]) * 1e3:.1f}), ratio {b / a:.2f}")
    print(f"    peak     dfkd {memory:7.0f} MiB, PyTorch {peak():7.0f} MiB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dfkd")
    parser.add_argument("--workloads", default="abc")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    a = torch.rand(2048, 2048)
    speed = 2 * 2048 ** 3 / min(seconds(lambda: a @ a, 5)) * 1e-9
    print(f"PyTorch {torch.__version__}, {options.threads} threads; its 2048^3 product {speed:.0f} GFLOP/s", flush=True)
    for name in options.workloads:
        if os.fork() == 0:  # a process each, so that each has a peak of its own
            compare(name, options)
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main()
