#!/usr/bin/env python3
"""The default recipe's first two syntheses on two devices: the losses of every inner step, side by side.

    compare-devices.py PATH/TO/dfkd [DEVICE] [OTHER]     (cpu and vulkan unless named)

Draws are the same bits everywhere, so the losses differ by rounding alone; but Adam's first step turns the rounding
of gradients near zero into signs, and the runs drift apart.  How far two runs of *one* device drift is seen by
comparing cpu with cpu@Haswell: the same CPU with OpenBLAS's other kernels.  (tests/session/test-devices.c compares
the devices step by step from the same state.)"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def losses(dfkd, device, folder):
    name, _, core = device.partition("@")
    subprocess.run([dfkd, "distill", "--device", name, "--data", "none", "--syntheses", "2", "--warmup", "2",
                    "--run-folder", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, **({"OPENBLAS_CORETYPE": core} if core else {})})
    found = {}
    for line in (Path(folder) / "events.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry.get("scalar", "").startswith("loss"):
            found[entry["step"], entry["scalar"]] = entry["value"]
    return found


def main():
    dfkd, first, second = sys.argv[1], *(sys.argv[2:] + ["cpu", "vulkan"][len(sys.argv) - 2:])
    with tempfile.TemporaryDirectory() as folder:
        a, b = (losses(dfkd, device, f"{folder}/{device}") for device in (first, second))
    for key in sorted(a):
        deviation = abs(a[key] - b[key]) / max(abs(a[key]), 1e-3)
        print(f"step {key[0]} {key[1]:9s} {a[key]:14.7g} {b[key]:14.7g} {deviation:.1e}")


if __name__ == "__main__":
    main()
