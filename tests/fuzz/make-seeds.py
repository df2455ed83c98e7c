#!/usr/bin/env python3
# Writes the seeds of the fuzzers: small good files and files that are wrong in one way each.
# usage: make-seeds.py [FOLDER], by default corpus/ beside this file
import gzip
import json
import os
import struct
import sys


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(dtype, shape, start, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def idx(dims, data, kind=8):
    return bytes((0, 0, kind, len(dims))) + b"".join(struct.pack(">I", d) for d in dims) + data


def packed(data):
    return gzip.compress(data, mtime=0)


sizes = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2,
         "U8": 1, "BOOL": 1}
every, at = {}, 0
for name, size in sizes.items():
    every["t." + name] = tensor(name, [1, 2], at, at + 2 * size)
    at += 2 * size

seeds = {
    "safetensors/every-type": safetensors(every, bytes(range(at))),
    "safetensors/metadata": safetensors(
        {"__metadata__": {"network": "\"wrn16_1\"", "mean": "[0.2190]", "note": "\u00e9\U0001f600\n"},
         "fc.weight": tensor("F32", [1], 0, 4)}, struct.pack("<f", 1.5)),
    "safetensors/scalar-and-empty": safetensors(
        {"scalar": tensor("I64", [], 0, 8), "empty": tensor("F32", [0, 3], 8, 8)}, struct.pack("<q", -7)),
    "safetensors/no-tensors": safetensors(b"{}      "),
    "safetensors/overlap": safetensors({"a": tensor("U8", [2], 0, 2), "b": tensor("U8", [2], 1, 3)}, b"abc"),
    "safetensors/twice": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                                     b'"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', b"ab"),
    "safetensors/huge-shape": safetensors({"a": tensor("F32", [1 << 32, 1 << 32], 0, 0)}),
    "safetensors/huge-header": struct.pack("<Q", (1 << 64) - 1) + b"{}",
    "safetensors/deep": safetensors(b'{"a":' * 200),
    "safetensors/cut": safetensors(every, bytes(range(at)))[:-1],
    "idx/images": idx((2, 3, 3), bytes(range(18))),
    "idx/labels": idx((5,), bytes(range(5))),
    "idx/images-packed": packed(idx((2, 3, 3), bytes(range(18)))),
    "idx/cut-packed": packed(idx((2, 3, 3), bytes(range(18))))[:-9],
    "idx/checksum": packed(idx((5,), bytes(range(5))))[:-8] + bytes(8),
    "idx/longer": idx((4,), bytes(5)),
    "idx/promise": idx((0xffffffff,), bytes(5)),
    "idx/huge": idx((0xffffffff,) * 4, bytes(5)),
    "idx/floats": idx((2,), bytes(8), kind=13),
    "idx/rank": idx((1,) * 5, bytes(1)),
    "idx/bomb-packed": packed(idx((5,), bytes(100000))),
}


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
    for name, data in seeds.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(data)


main()
