#!/usr/bin/env python3
"""Makes every kernel with the compiler that AMD's cards have in Mesa, for cards that are not there.

    test-absent-cards.py PATH/TO/dfkd PATH/TO/absent-card.so SHADERS [--table]

What is asked: that all pipelines of the workloads are made for every generation, and that none needs more registers than there are, which would send
values through memory in the innermost loops. With --table it also makes those that a first start would try, for more generations, and prints
what the compiler says of the largest ones (RESULTS.md)."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

DRIVER = Path("/usr/share/vulkan/icd.d/radeon_icd.x86_64.json")
FAMILIES = {"polaris10": "GCN 4", "vega10": "GCN 5", "navi21": "RDNA 2"}
MORE_FAMILIES = {"arcturus": "CDNA", "navi10": "RDNA", "gfx1100": "RDNA 3"}  # alike, or (Mesa 22) young
WORKLOADS = (["--random-teacher", "wrn40_2", "--student", "wrn16_1", "--ngf", "64", "--batch", "64"],
             ["--random-teacher", "resnet34", "--student", "mobilenetv2", "--method", "cmi", "--batch", "32", "--input", "3x32x32"],
             ["--random-teacher", "wrn40_2", "--student", "wrn16_1", "--batch", "64", "--precision", "float16"])


def make(dfkd, library, shaders, family, workload, tune):
    """what was made: (name, constants, {statistic: value}), or None where there is no such card, or it cannot do it"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("VK_", "DFKD_", "RADV_"))}
    with tempfile.TemporaryDirectory() as cache:
        environment.update({"RADV_FORCE_FAMILY": family, "VK_ICD_FILENAMES": str(DRIVER), "VK_DRIVER_FILES": str(DRIVER), "LD_PRELOAD": library,
                            "DFKD_SHADERS": shaders, "DFKD_VULKAN_TUNE": "1" if tune else "0", "XDG_CACHE_HOME": cache,
                            "MESA_SHADER_CACHE_DISABLE": "true"})
        run = subprocess.run([dfkd, "bench", "--device", "vulkan", *workload, "--repeats", "1"], env=environment, capture_output=True, text=True)
    if "Unknown family" in run.stderr or "cannot multiply in float16" in run.stderr:
        return None  # an older Mesa, an older card
    assert run.returncode == 0, (family, workload, run.returncode, run.stderr[-2000:])
    made = []
    for line in run.stderr.splitlines():
        match = re.search(r'pipeline (\S+) "([^"]*)" (-?\d+): (.*)$', line)
        if match:
            assert match[3] == "0" and match[1] != "unknown", line
            pairs = [pair.rsplit(" ", 1) for pair in match[4].split(", ")]
            made.append((match[1], match[2], {name: int(value) for name, value in pairs}))
    assert len(made) > 60, (family, workload, len(made), run.stderr[-2000:])
    return made


def main():
    dfkd, library, shaders = sys.argv[1:4]
    table = "--table" in sys.argv
    if not DRIVER.exists():
        print(f"{DRIVER} is not there: Debian's mesa-vulkan-drivers has it")
        return 77
    for family, generation in (FAMILIES | MORE_FAMILIES if table else FAMILIES).items():
        for workload in WORKLOADS:
            made = make(dfkd, library, shaders, family, workload, table)
            if made is None:
                continue
            spilled = [(name, constants) for name, constants, of in made if of.get("Spilled VGPRs", 0) > 0 or of.get("Scratch size", 0) > 0]
            print(f"{family} ({generation}), {' '.join(workload)}: {len(made)} pipelines, {len(spilled)} that spill {spilled}")
            if not table:
                assert not spilled, (family, spilled)
                continue
            for name, constants, of in sorted(made, key=lambda row: -row[2]["VGPRs"])[:8]:
                print(f"  {name} ({constants}): {of['VGPRs']} registers, {of['LDS size']} bytes shared, "
                      f"{of['Subgroups per SIMD']} subgroups at a time, {of['Instructions']} instructions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
