#!/usr/bin/env python3
"""The same steps in PyTorch and in dfkd, timed in turn in one run, as ratios.

    /usr/bin/python3 tests/peers/benchmark-pytorch.py build/release/app/cli/dfkd [--rounds 5] [--threads 2]

Needs Debian's python3-torch and its own interpreter.  Both do the default recipe's work: an inner step of FastDFKD
(generator ngf 32, nz 256; teacher wrn16_1; student wrn10_1; batch 128 of 1x32x32) and a student step.  The machine's
speed is told by the 2048^3 matrix product of each side's own BLAS.
"""
import argparse
import json
import os
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

BATCH, NZ, NGF, SIZE, CLASSES = 128, 256, 32, 32, 10


class Block(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(cin), nn.BatchNorm2d(cout)
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(cin, cout, 1, stride, 0, bias=False) if cin != cout else None

    def forward(self, x):
        a = F.relu(self.bn1(x), inplace=True)
        return (self.shortcut(a) if self.shortcut else x) + self.conv2(F.relu(self.bn2(self.conv1(a)), inplace=True))


class WideResNet(nn.Module):
    def __init__(self, depth):
        super().__init__()
        n, width, blocks = (depth - 4) // 6, 16, []
        for stage, cout in enumerate((16, 32, 64)):
            for i in range(n):
                blocks.append(Block(width, cout, 2 if stage and i == 0 else 1))
                width = cout
        self.conv = nn.Conv2d(1, 16, 3, 1, 1, bias=False)
        self.blocks, self.bn, self.fc = nn.Sequential(*blocks), nn.BatchNorm2d(64), nn.Linear(64, CLASSES)

    def forward(self, x):
        return self.fc(F.relu(self.bn(self.blocks(self.conv(x)))).mean((2, 3)))


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.side = SIZE // 4
        self.linear = nn.Linear(NZ, 2 * NGF * self.side ** 2)
        self.body = nn.Sequential(
            nn.BatchNorm2d(2 * NGF), nn.Upsample(scale_factor=2), nn.Conv2d(2 * NGF, 2 * NGF, 3, 1, 1, bias=False),
            nn.BatchNorm2d(2 * NGF), nn.LeakyReLU(0.2, inplace=True), nn.Upsample(scale_factor=2),
            nn.Conv2d(2 * NGF, NGF, 3, 1, 1, bias=False), nn.BatchNorm2d(NGF), nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(NGF, 1, 3, 1, 1), nn.Sigmoid())

    def forward(self, z):
        return self.body(self.linear(z).view(-1, 2 * NGF, self.side, self.side))


def kl(student, teacher, temperature):
    return F.kl_div(F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1),
                    reduction="batchmean") * temperature ** 2


def crop_flip(x):
    p = F.pad(x, (4,) * 4)
    dy, dx = torch.randint(0, 9, (2, len(x)))
    out = torch.stack([i[:, a:a + SIZE, b:b + SIZE] for i, a, b in zip(p, dy.tolist(), dx.tolist())])
    flip = torch.rand(len(x)) < 0.5
    return (torch.where(flip[:, None, None, None], out.flip(-1), out) - 0.2190) / 0.3318


class Peer:
    def __init__(self):
        self.teacher, self.student, self.generator = WideResNet(16).eval(), WideResNet(10), Generator().train()
        for p in self.teacher.parameters():
            p.requires_grad_(False)
        self.z = torch.randn(BATCH, NZ, requires_grad=True)
        self.labels = torch.randint(0, CLASSES, (BATCH,))
        self.inner_optimiser = torch.optim.Adam([{"params": self.generator.parameters()}, {"params": [self.z], "lr": 0.01}],
                                                3e-3, betas=(0.5, 0.999))
        self.student_optimiser = torch.optim.SGD(self.student.parameters(), 0.1, momentum=0.9, weight_decay=1e-4)
        self.statistics = []
        for m in self.teacher.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.register_forward_hook(lambda m, i, _o: self.statistics.append(
                    (m, i[0].mean((0, 2, 3)), i[0].var((0, 2, 3), unbiased=False))) if self.watch else None)
        self.watch = False
        self.pool = torch.rand(BATCH, 1, SIZE, SIZE)

    def inner(self):
        self.student.eval()
        self.watch, self.statistics = True, []
        for p in self.student.parameters():
            p.requires_grad_(False)
        x = crop_flip(self.generator(self.z))
        t, s = self.teacher(x), self.student(x)
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
        x = crop_flip(self.pool)
        with torch.no_grad():
            t = self.teacher(x)
        loss = kl(self.student(x), t, 20.0)
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dfkd")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    peer = Peer()
    a = torch.rand(2048, 2048)
    speed = 2 * 2048 ** 3 / min(seconds(lambda: a @ a, 5)) * 1e-9
    for f in (peer.inner, peer.distil):
        seconds(f, 2)
    ours, theirs = {"inner": [], "student": []}, {"inner": [], "student": []}
    for _ in range(options.rounds):  # in turn, so that a slow moment of the machine meets both
        theirs["inner"] += seconds(peer.inner, 3)
        theirs["student"] += seconds(peer.distil, 3)
        out = subprocess.run([options.dfkd, "bench", "--json", "--device", "cpu", "--threads", str(options.threads), "--repeats", "3"],
                             check=True, capture_output=True, text=True)
        for step in json.loads(out.stdout):
            if step["name"] in ours:
                ours[step["name"]].append(step["seconds"]["median"])
    print(f"PyTorch {torch.__version__}, {options.threads} threads; its 2048^3 product {speed:.0f} GFLOP/s")
    for name in ours:
        a, b = statistics.median(ours[name]), statistics.median(theirs[name])
        print(f"{name:8s} dfkd {a * 1e3:6.1f} ms ({min(ours[name]) * 1e3:.1f} - {max(ours[name]) * 1e3:.1f}), "
              f"PyTorch {b * 1e3:6.1f} ms ({min(theirs[name]) * 1e3:.1f} - {max(theirs[name]) * 1e3:.1f}), ratio {b / a:.2f}")


if __name__ == "__main__":
    main()
