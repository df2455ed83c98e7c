#!/usr/bin/env python3
"""PyTorch's side of the GPU bundle: FastDFKD's inner and student step as PyTorch is at its best on a GPU: eager and
torch.compile, TF32 on, channels-last, cuDNN's search for the fastest algorithm, fused optimisers.

    gpu_peer.py --probe [--device cuda]
    gpu_peer.py [--device cuda] [--workload b] [--batch 256] [--ngf 64] [--size 32]     then, on standard input:
        prepare VARIANT                        compiles and warms up; answers {"seconds": …}
        time VARIANT inner|student COUNT REPEATS   COUNT steps at a time; answers {"seconds": [one step's, …]}
    gpu_peer.py --smoke                        every line of it on the CPU, at tiny sizes

One line of JSON answers each command; {"error": …} says why there is no figure.  The measuring program keeps one such process a
workload, so that compiled code lives on while both sides take turns.  VARIANT is eager, compiled or compiled-graphs (compiled,
replayed as CUDA graphs).  Needs PyTorch 1.13 or newer; before 2 there is eager alone."""
import argparse
import json
import os
import sys
import time
from pathlib import Path

# in the bundle they stand beside this file, in the source tree one folder up
sys.path.append(str(Path(__file__).resolve().parent.parent))

try:
    import torch
except ImportError:
    if "--smoke" not in sys.argv:
        raise
    print("there is no PyTorch here")
    sys.exit(77)  # a test that cannot run

import fast_steps  # noqa: E402

VARIANTS = {"eager": None, "compiled": "default", "compiled-graphs": "reduce-overhead"}
WARM_UP = 3


def variants(device):
    """the names that this PyTorch can run"""
    if not hasattr(torch, "compile"):
        return ["eager"]
    return [name for name in VARIANTS if name != "compiled-graphs" or device == "cuda"]


def probe(device):
    there = device != "cuda" or torch.cuda.is_available()
    found = {"python": sys.version.split()[0], "torch": torch.__version__, "cuda": torch.version.cuda or "none", "available": there,
             "variants": variants(device)}
    if device == "cuda" and there:
        index = torch.cuda.current_device()
        found.update(device=torch.cuda.get_device_name(index), capability=".".join(map(str, torch.cuda.get_device_capability(index))),
                     cudnn=str(torch.backends.cudnn.version()))
    else:
        found.update(device="CPU, threads: %d" % processors() if there else "none")
    return found


def processors():
    return len(os.sched_getaffinity(0))


def synchronise(device):
    if device == "cuda":
        torch.cuda.synchronize()


class Peer:
    """One workload; every variant runs on the same networks."""

    def __init__(self, workload, batch, device):
        self.device, self.functions = device, {}
        if device == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
        form = {"device": device, "memory_format": torch.channels_last}
        try:
            self.steps = fast_steps.Steps(workload, batch, fused=device == "cuda", **form)
        except (TypeError, RuntimeError):  # an older PyTorch has fewer fused optimisers
            self.steps = fast_steps.Steps(workload, batch, **form)

    def step(self, variant, kind):
        """the function that does one step"""
        if (variant, kind) not in self.functions:
            s, mode = self.steps, VARIANTS[variant]
            step, loss = (s.inner, s.inversion_loss) if kind == "inner" else (s.distil, s.student_loss)
            if mode is not None:
                loss = torch.compile(loss, mode=mode)
            self.functions[variant, kind] = lambda: step(loss)
        return self.functions[variant, kind]

    def run(self, variant, kind, count):
        """Seconds a step when @count steps go to the device before anybody waits for it; the last loss has to be a number."""
        step, loss = self.step(variant, kind), None
        synchronise(self.device)
        start = time.perf_counter()
        for _ in range(count):
            if VARIANTS[variant] == "reduce-overhead" and hasattr(torch, "compiler"):
                torch.compiler.cudagraph_mark_step_begin()
            loss = step()
        synchronise(self.device)
        seconds = (time.perf_counter() - start) / count
        if not torch.isfinite(loss).item():
            raise ArithmeticError("the loss of the %s step is not a finite number" % kind)
        return seconds

    def answer(self, command):
        action, variant, *rest = command
        if variant not in variants(self.device):
            raise ValueError("PyTorch %s has no %s" % (torch.__version__, variant))
        if action == "prepare":
            start = time.perf_counter()
            for kind in ("inner", "student"):
                self.run(variant, kind, WARM_UP)
            return {"seconds": time.perf_counter() - start}
        if action == "time":
            kind, count, repeats = rest[0], int(rest[1]), int(rest[2])
            self.run(variant, kind, count)  # the clocks of a GPU fall while the other side is measured
            return {"seconds": [self.run(variant, kind, count) for _ in range(repeats)]}
        raise ValueError("there is no command %s" % action)


def describe(error):
    """its first line that says something"""
    text = str(error).strip()
    return "%s: %s" % (type(error).__name__, text.splitlines()[0] if text else "no message")


def serve(peer, commands, answers):
    for line in commands:
        if not line.strip():
            continue
        try:
            answer = peer.answer(line.split())
        except Exception as error:  # whatever compilers and drivers throw belongs into the table
            answer = {"error": describe(error)}
        print(json.dumps(answer), file=answers, flush=True)


def workload(options):
    w = fast_steps.WORKLOADS[options.workload]
    return fast_steps.Workload(w.teacher, w.student, w.channels, options.ngf or w.ngf, w.mean, w.std, options.size or w.size)


def smoke():
    """every line that needs no GPU, and the answers a caller counts on"""
    print(json.dumps(probe("cpu")))
    torch.set_num_threads(1)  # threads that wait for each other on a busy machine take minutes
    for name, w in fast_steps.WORKLOADS.items():
        peer = Peer(fast_steps.Workload(w.teacher, w.student, w.channels, 4, w.mean, w.std, 8), 2, "cpu")
        for variant in variants("cpu"):
            print(name, json.dumps(peer.answer(["prepare", variant])))
            for kind in ("inner", "student"):
                answer = peer.answer(["time", variant, kind, "2", "2"])
                if len(answer["seconds"]) != 2 or min(answer["seconds"]) <= 0:
                    sys.exit("gpu_peer: times of %s: %s" % (variant, answer))
                print(name, variant, kind, json.dumps(answer))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--workload", default="b", choices=sorted(fast_steps.WORKLOADS))
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--ngf", type=int, help="width of the generator, where not the workload's own")
    parser.add_argument("--size", type=int, help="side of an image, where not the workload's own")
    parser.add_argument("--probe", action="store_true", help="print what is there, as JSON")
    parser.add_argument("--smoke", action="store_true", help="run everything once on the CPU, tiny")
    options = parser.parse_args()
    if options.probe:
        print(json.dumps(probe(options.device)))
        return 0
    if options.smoke:
        return smoke()
    if options.device == "cpu":
        torch.set_num_threads(processors())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not stand between the answers
    serve(Peer(workload(options), options.batch, options.device), sys.stdin, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
