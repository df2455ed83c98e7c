#!/usr/bin/env python3
# Writes the seeds of the fuzzers: small good files and files that are wrong in one way each.
# usage: make-seeds.py [FOLDER], by default corpus/ beside this file
import gzip
import io
import json
import os
import struct
import sys
import tarfile
import zipfile


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(dtype, shape, start, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def idx(dims, data, kind=8):
    return bytes((0, 0, kind, len(dims))) + b"".join(struct.pack(">I", d) for d in dims) + data


def packed(data):
    return gzip.compress(data, mtime=0)


def tar(form=tarfile.USTAR_FORMAT, **files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo("folder/" + name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def npy(kind, shape, data, order=False):
    text = repr({"descr": kind, "fortran_order": order, "shape": shape}).encode()
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text + data


def npz(images, labels, packing=zipfile.ZIP_STORED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        archive.writestr(zipfile.ZipInfo("x_train.npy"), images)
        archive.writestr(zipfile.ZipInfo("y_train.npy"), labels)
    return data.getvalue()


def pickled(labels, count):
    """as Python 2 wrote CIFAR's batches"""
    return (b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K" + bytes((count,))
            + b"M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
            + struct.pack("<I", 3072 * count) + bytes(3072 * count) + b"tbU" + bytes((len(labels),)) + labels + b"](K\x01K\x02eu.")


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
    "cifar/ten": b"\0" + b"\x03" + bytes(3072) + b"\x04" + bytes(3072),
    "cifar/ten-cut": b"\0" + b"\x03" + bytes(3071),
    "cifar/ten-label": b"\0" + b"\x0a" + bytes(3072),
    "cifar/hundred": b"\x01" + b"\x13\x63" + bytes(3072),
    "cifar/hundred-coarse": b"\x05" + b"\x14\x63" + bytes(3072),
    "cifar/ten-pickle": b"\x02" + pickled(b"labels", 2),
    "cifar/ten-pickle-count": b"\x02" + pickled(b"labels", 3),
    "cifar/hundred-pickle": b"\x03" + pickled(b"fine_labels", 2),
    "cifar/names": b"\x08" + b"one\ntwo\nthree\n\n",
    "cifar/names-pickle": b"\x0a" + b"\x80\x02}U\x0blabel_names](U\x01aU\x01bU\x01ces.",
    "npz/bytes": npz(npy("|u1", (2, 2, 3), bytes(range(12))), npy("|u1", (2,), b"\1\0")),
    "npz/floats-packed": npz(npy("<f4", (2, 2, 2, 1), struct.pack("<8f", *[i / 8 for i in range(8)])), npy("<i8", (2, 1), struct.pack("<2q", 3, 4)),
                             zipfile.ZIP_DEFLATED),
    "npz/channels-first": npz(npy("|u1", (1, 3, 2, 2), bytes(12)), npy("|i1", (1,), b"\1")),
    "npz/label": npz(npy("|u1", (1, 2, 2), bytes(4)), npy("<i8", (1,), b"\xff" * 8)),
    "npz/order": npz(npy("|u1", (1, 2, 2), bytes(4), True), npy("|u1", (1,), b"\0")),
    "npz/huge": npz(npy("|u1", (1 << 31, 1 << 31, 1 << 31), b""), npy("|u1", (1 << 31,), b"")),
    "npz/nan": npz(npy("<f4", (1, 1, 1), struct.pack("<f", float("nan"))), npy("|u1", (1,), b"\0")),
    "tar/ustar": tar(one=b"1", not_wanted=b"22", two=b"333"),
    "tar/gnu-long": tar(tarfile.GNU_FORMAT, **{"x" * 120: b"1", "two": b"2"}),
    "tar/pax": tar(tarfile.PAX_FORMAT, **{"\u00fc" * 120: b"1", "two": b"2"}),
    "tar/packed": packed(tar(one=b"1", two=b"333")),
    "tar/cut": tar(one=b"1", two=b"333")[:2000],
    "tar/twice": tar(one=b"1")[:1024] + tar(one=b"2"),
    "tar/large": tar(one=bytes(5000)),
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
