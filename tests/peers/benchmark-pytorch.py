#!/usr/bin/env python3
"""The same steps in PyTorch and in dfkd, timed in turn in one run, as ratios.

    /usr/bin/python3 tests/peers/benchmark-pytorch.py build/release/app/cli/dfkd [--rounds 5] [--threads 2] [--precision float32]

Needs Debian's python3-torch and its own interpreter.  Both do an inner step of FastDFKD and a student step of three
workloads, medians and spread over rounds: (a) the default recipe, (b) wrn40_2 -> wrn16_1 and (c) resnet34 -> resnet18 on CIFAR's shapes, nz 256.  The
machine's speed is told by PyTorch's 2048^3 matrix product.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import time

import fair_openblas  # noqa: F401
import torch

import fast_steps

# with the batches that a CPU takes; (a) is dfkd's default recipe
WORKLOADS = {"a": (fast_steps.Workload("wrn16_1", "wrn10_1", 1, 32, 0.2190, 0.3318), 128),
             "b": (fast_steps.WORKLOADS["b"], 64), "c": (fast_steps.WORKLOADS["c"], 32)}


def seconds(f, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        f().item()
        times.append(time.perf_counter() - start)
    return times


def peak():
    """MiB, the most that this process and the dfkd it waits for ever held, each for itself."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(name, options):
    w, batch = WORKLOADS[name]
    peer = fast_steps.Steps(w, batch)
    for f in (peer.inner, peer.distil):
        seconds(f, 2)
    ours, theirs, ratios = ({"inner": [], "student": []} for _ in range(3))
    memory = 0
    for _ in range(options.rounds):  # in turn, so that a slow moment of the machine meets both
        round_ = {"inner": seconds(peer.inner, 3), "student": seconds(peer.distil, 3)}
        out = subprocess.run([options.dfkd, "bench", "--json", "--device", "cpu", "--threads", str(options.threads), "--repeats", "3",
                              "--precision", options.precision, *([] if name == "a" else w.options(batch))], check=True, capture_output=True, text=True)
        for step in json.loads(out.stdout):
            if step["name"] in ours:
                ours[step["name"]].append(step["seconds"]["median"])
                theirs[step["name"]] += round_[step["name"]]
                ratios[step["name"]].append(statistics.median(round_[step["name"]]) / step["seconds"]["median"])
            elif step["name"] == "memory":
                memory = step["peak"] / 2 ** 20
    print(f"({name}) {w.teacher} -> {w.student}, ngf {w.ngf}, batch {batch} of {w.channels}x{w.size}x{w.size}")
    for step in ours:
        a, b, ratio = (statistics.median(x[step]) for x in (ours, theirs, ratios))
        print(f"    {step:8s} dfkd {a * 1e3:7.1f} ms ({min(ours[step]) * 1e3:.1f} - {max(ours[step]) * 1e3:.1f}), "
              f"PyTorch {b * 1e3:7.1f} ms ({min(theirs[step]) * 1e3:.1f} - {max(theirs[step]) * 1e3:.1f}), "
              f"{ratio:.2f} times as fast ({min(ratios[step]):.2f} - {max(ratios[step]):.2f})")
    print(f"    peak     dfkd {memory:7.0f} MiB, PyTorch {peak():7.0f} MiB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dfkd")
    parser.add_argument("--workloads", default="abc")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", default="float32", choices=["float32", "bfloat16"], help="of dfkd; PyTorch keeps to float32")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    a = torch.rand(2048, 2048)
    speed = 2 * 2048 ** 3 / min(seconds(lambda: (a @ a)[0, 0], 5)) * 1e-9
    print(f"PyTorch {torch.__version__}, {options.threads} threads; its 2048^3 product {speed:.0f} GFLOP/s; "
          f"dfkd in {options.precision}", flush=True)
    for name in options.workloads:
        if os.fork() == 0:  # a process each, so that each has a peak of its own
            compare(name, options)
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main()
