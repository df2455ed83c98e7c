#!/usr/bin/env python3
"""Makes every kernel with the compilers that AMD's and Intel's cards have in Mesa, for cards that are not there.

    test-absent-cards.py amd|intel PATH/TO/dfkd SHADERS LIBRARY... [--table]

What is asked: that all pipelines of the workloads are made, and that the compiler finds registers enough: else values go through memory in the
innermost loops. Intel's cards have half as many as others, so there only some tilings of products do, and the search has to find them. With
--table it also makes all candidates of a search, for more generations, and prints what the compiler says of the largest ones (RESULTS.md)."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DRIVERS = {"amd": Path("/usr/share/vulkan/icd.d/radeon_icd.x86_64.json"), "intel": Path("/usr/share/vulkan/icd.d/intel_icd.x86_64.json")}
CARDS = {"amd": {"polaris10": "GCN 4", "vega10": "GCN 5", "navi21": "RDNA 2"}, "intel": {"0x9a49": "Tiger Lake"}}
MORE_CARDS = {"amd": {"arcturus": "CDNA", "navi10": "RDNA", "gfx1100": "RDNA 3"}, "intel": {"0x1912": "Skylake", "0x8a52": "Ice Lake"}}
WORKLOADS = (["--random-teacher", "wrn40_2", "--student", "wrn16_1", "--ngf", "64", "--batch", "64"],
             ["--random-teacher", "resnet34", "--student", "mobilenetv2", "--method", "cmi", "--batch", "32", "--input", "3x32x32"],
             ["--random-teacher", "wrn40_2", "--student", "wrn16_1", "--batch", "64", "--precision", "float16"])


class Pipeline:
    """a line of absent-card.c"""

    def __init__(self, name, constants, statistics):
        self.name, self.constants, self.statistics = name, constants, statistics

    def spills(self):
        return any(self.statistics.get(name, 0) > 0 for name in ("Spilled VGPRs", "Scratch size", "Spill Count"))

    def is_product(self):
        return "-shared" in self.name or self.name == "convolution-winograd"

    def part(self):
        """the results that an invocation keeps"""
        constants = self.constants.split()
        return int(constants[4]) * int(constants[5])


def make(maker, card, dfkd, shaders, libraries, workload, search):
    """the pipelines; None where there is no such card, or it cannot do it"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VK_", "DFKD_", "RADV_", "INTEL_"))}
    driver = str(DRIVERS[maker])
    with tempfile.TemporaryDirectory() as cache:
        environment.update({"RADV_FORCE_FAMILY" if maker == "amd" else "INTEL_CARD": card, "VK_ICD_FILENAMES": driver, "VK_DRIVER_FILES": driver,
                            "LD_PRELOAD": ":".join(libraries), "DFKD_SHADERS": shaders, "DFKD_VULKAN_TUNE": "1" if search else "0",
                            "XDG_CACHE_HOME": cache, "MESA_SHADER_CACHE_DISABLE": "true"})
        run = subprocess.run([dfkd, "bench", "--device", "vulkan", *workload, "--repeats", "1"], env=environment, capture_output=True, text=True)
    if "Unknown family" in run.stderr or "cannot multiply in float16" in run.stderr:
        return None
    assert run.returncode == 0, (card, workload, run.returncode, run.stderr[-2000:])
    made = []
    for line in run.stderr.splitlines():
        match = re.search(r'pipeline (\S+) "([^"]*)" (-?\d+): (.*)$', line)
        if match:
            assert match[3] == "0" and match[1] != "unknown", line
            pairs = [pair.rsplit(" ", 1) for pair in match[4].split(", ")]
            made.append(Pipeline(match[1], match[2], {name: int(value) for name, value in pairs}))
    assert len(made) > 60, (card, workload, len(made), run.stderr[-2000:])
    return made


def check(maker, card, made):
    spilled = [(p.name, p.constants) for p in made if p.spills()]
    if maker == "amd":
        assert not spilled, (card, spilled)
        return
    assert not any(p.spills() for p in made if not p.is_product()), (card, spilled)
    for name in {p.name for p in made if p.is_product()}:
        parts = [p.part() for p in made if p.name == name and not p.spills()]
        assert parts and max(parts) >= (32 if name in ("convolution-shared", "convolution-shared-in4") else 16), (card, name, parts, spilled)


def show(made):
    size = "VGPRs" if "VGPRs" in made[0].statistics else "Instruction Count"
    for p in sorted(made, key=lambda p: -p.statistics[size])[:20]:
        print(f"  {p.name} ({p.constants}): {', '.join(f'{k} {v}' for k, v in p.statistics.items() if 'hash' not in k.lower())}")


def main():
    arguments = [a for a in sys.argv[1:] if a != "--table"]
    maker, dfkd, shaders, libraries = arguments[0], arguments[1], arguments[2], arguments[3:]
    table = len(arguments) < len(sys.argv) - 1
    if not DRIVERS[maker].exists():
        print(f"{DRIVERS[maker]} is not there: Debian's mesa-vulkan-drivers has it")
        return 77
    for card, generation in (CARDS[maker] | MORE_CARDS[maker] if table else CARDS[maker]).items():
        for workload in WORKLOADS if table or maker == "amd" else WORKLOADS[:1]:  # Intel's compiler takes its time
            made = make(maker, card, dfkd, shaders, libraries, workload, table or maker == "intel")
            if made is None:
                continue
            print(f"{card} ({generation}), {' '.join(workload)}: {len(made)} pipelines, {sum(p.spills() for p in made)} that spill")
            if table:
                show(made)
            else:
                check(maker, card, made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
