#!/usr/bin/env python3
"""Writes tests/fixtures/checkpoints/ with Python's pickle, numpy and PyTorch (Debian's python3-torch):

    /usr/bin/python3 checkpoint_fixtures.py OUTPUT_DIR

protocol-N.pickle is the same value in each protocol; cifar-python2.pickle is laid out as CIFAR-10's batches, which
Python 2 wrote; the .pth files are what torch.save writes. Numbers are those of test-pickle.c and test-torch-checkpoint.c.
"""
import pickle
import struct
import sys
from collections import Counter, OrderedDict
from pathlib import Path

import numpy as np
import torch


def value(protocol):
    shared = [1, 2]
    huge = {"huge": 0x1950a86a20f9469cfc6c} if protocol >= 2 else {}
    return {**huge, "none": None, "truths": [True, False], "small": 7, "negative": -70000, "wide": 1 << 40, "least": -(1 << 63),
            "float": -0.1, "text": "图像 ü\n\\u", "bytes": b"\x00\xff'\n", "tuple": (1, (2,), ()),
            "long": (1, 2, 3, 4, 5), "shared": [shared, shared], "ordered": OrderedDict([("b", 1), ("a", 2)]),
            "counter": Counter({80: 1}), "set": {5}, "array": np.arange(6, dtype=np.int16).reshape(2, 3),
            "columns": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)), "scalar": np.float64(2.5)}


def python2_string(data):
    return b"U" + bytes((len(data),)) + data if len(data) < 256 else b"T" + struct.pack("<I", len(data)) + data


def python2_batch(images):
    """{'data': ndarray uint8 [n,3072], 'labels': [...], 'filenames': [...], 'batch_label': ...} in protocol 2, all strings bytes"""
    pixels = bytes((i * 7 + j) % 256 for i in range(images) for j in range(3072))
    array = (b"cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85" + python2_string(b"b") + b"\x87Rq\x03"
             b"(K\x01M" + struct.pack("<H", images) + b"M\x00\x0c\x86cnumpy\ndtype\nq\x04" + python2_string(b"u1") + b"K\x00K\x01\x87Rq\x05"
             b"(K\x03" + python2_string(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + python2_string(pixels) + b"tb")
    labels = b"](" + b"".join(b"K" + bytes((i % 10,)) for i in range(images)) + b"e"
    names = b"](" + b"".join(python2_string(b"image_%d.png" % i) for i in range(images)) + b"e"
    return (b"\x80\x02}q\x00(" + python2_string(b"data") + array + python2_string(b"labels") + labels
            + python2_string(b"batch_label") + python2_string(b"testing batch 1 of 1") + python2_string(b"filenames") + names + b"u.")


def tensors():
    """Every element is 0, 1, 2 … in its own order; what is done to strides and types must not show."""
    def count(*shape):
        return torch.arange(int(np.prod(shape)), dtype=torch.float32).reshape(shape)

    shared = torch.arange(10, dtype=torch.float32)
    return OrderedDict([
        ("single", count(2, 3)), ("double", count(3).double()), ("half", count(3).half()), ("brain", count(3).bfloat16()),
        ("long", torch.tensor(7)), ("int", count(2).int()), ("short", count(2).short()), ("char", count(2).char()), ("byte", count(2).byte()),
        ("bool", torch.tensor([True, False])), ("turned", count(3, 2).t().contiguous().t()), ("last", count(2, 3, 2).permute(2, 0, 1).contiguous().permute(1, 2, 0)),
        ("tail", shared[4:]), ("every", shared[1::3]), ("empty", torch.zeros(0, 3)), ("scalar", torch.tensor(2.5)),
        ("parameter", torch.nn.Parameter(count(2)))])


def nested():
    other = OrderedDict([("other", torch.zeros(1))])
    return {"epoch": 3, "arch": "none", "best": torch.tensor(0.5), "optimizer": {"state": {0: {"momentum_buffer": torch.zeros(2)}}, "param_groups": []},
            "ema": other, "state_dict": OrderedDict(("module." + name, tensor) for name, tensor in tensors().items()),
            "nets": {"student": other.copy(), "teacher": OrderedDict([("taught", torch.ones(1))])}}


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        (out / f"protocol-{protocol}.pickle").write_bytes(pickle.dumps(value(protocol), protocol))
    batch = python2_batch(3)
    assert pickle.loads(batch, encoding="latin1")["data"].shape == (3, 3072)
    (out / "cifar-python2.pickle").write_bytes(batch)
    for format in ("zip", "row"):
        for name, content in (("plain", tensors()), ("nested", nested())):
            torch.save(content, out / f"{name}-{format}.pth", _use_new_zipfile_serialization=format == "zip")


main()
