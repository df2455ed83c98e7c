"""Import before torch: OpenBLAS does not know the youngest processors and would take its oldest kernels; PyTorch's products get
those of the nearest one that it knows."""
import os

with open("/proc/cpuinfo") as cpu:
    if "avx512f" in cpu.read():
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")
