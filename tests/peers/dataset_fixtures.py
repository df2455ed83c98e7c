#!/usr/bin/env python3
"""Writes tests/fixtures/datasets/: data sets of two or three images in each format that is read. Needs numpy (Debian's python3-numpy).

    /usr/bin/python3 dataset_fixtures.py OUTPUT_DIR

Pixels and labels follow rules that test-dataset.c computes too, so that every one of them is compared.
"""
import gzip
import io
import struct
import sys
import tarfile
import zlib
from pathlib import Path

import numpy as np

TEN = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
BATCHES = ["data_batch_%d" % i for i in range(1, 6)]


def image(number, height=32, width=32, channels=3):
    c, y, x = np.mgrid[0:channels, 0:height, 0:width]
    return ((11 * number + 85 * c + 3 * y + 5 * x * (c + 1)) % 256).astype(np.uint8)


def label(number, classes=10):
    return 3 * number % classes


def fine(number):
    return 7 * number % 100


def coarse(number):
    return (5 * number + 2) % 20


def python2(value):
    """as Python 2 pickled, in protocol 2: every string is bytes"""
    if isinstance(value, bytes):
        return b"U" + bytes((len(value),)) + value if len(value) < 256 else b"T" + struct.pack("<I", len(value)) + value
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    if isinstance(value, list):
        return b"](" + b"".join(map(python2, value)) + b"e"
    if isinstance(value, dict):
        return b"}(" + b"".join(python2(k) + python2(v) for k, v in value.items()) + b"u"
    count, size = value.shape
    return (b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + python2(b"b") + b"\x87R(K\x01" + python2(count)
            + python2(size) + b"\x86cnumpy\ndtype\n" + python2(b"u1") + b"K\x00K\x01\x87R(K\x03" + python2(b"|")
            + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + python2(value.tobytes()) + b"tb")


def pickled(value):
    return b"\x80\x02" + python2(value) + b"."


def rows(numbers):
    return np.stack([image(n).reshape(-1) for n in numbers])


def archive(path, folder, files):
    """with the headers that the archives on the web have: folders, and GNU's format"""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.GNU_FORMAT) as tar:
        entry = tarfile.TarInfo(folder)
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
        for name, content in files.items():
            entry = tarfile.TarInfo(folder + "/" + name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(gzip.compress(data.getvalue(), mtime=0))


def png(pixels):
    """8 bits, red, green, blue; no filter"""
    height, width = pixels.shape[1:]
    lines = b"".join(b"\0" + pixels[:, y].T.tobytes() for y in range(height))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    batches = {name: [2 * i, 2 * i + 1] for i, name in enumerate(BATCHES + ["test_batch"])}
    archive(out / "cifar-10-binary.tar.gz", "cifar-10-batches-bin",
            {"batches.meta.txt": ("\n".join(TEN) + "\n\n").encode(),
             **{name + ".bin": b"".join(bytes((label(n),)) + image(n).tobytes() for n in numbers) for name, numbers in batches.items()}})
    archive(out / "cifar-10-python.tar.gz", "cifar-10-batches-py",
            {"batches.meta": pickled({b"num_cases_per_batch": 2, b"label_names": [n.encode() for n in TEN], b"num_vis": 3072}),
             **{name: pickled({b"batch_label": b"a batch", b"labels": [label(n) for n in numbers], b"data": rows(numbers),
                               b"filenames": [b"%d.png" % n for n in numbers]}) for name, numbers in batches.items()}})
    hundred = {"train": [0, 1, 2], "test": [3, 4]}
    names = [["class-%d" % i for i in range(100)], ["group-%d" % i for i in range(20)]]
    archive(out / "cifar-100-binary.tar.gz", "cifar-100-binary",
            {"fine_label_names.txt": "\n".join(names[0]).encode(), "coarse_label_names.txt": ("\n".join(names[1]) + "\n").encode(),
             **{name + ".bin": b"".join(bytes((coarse(n), fine(n))) + image(n).tobytes() for n in numbers)
                for name, numbers in hundred.items()}})
    archive(out / "cifar-100-python.tar.gz", "cifar-100-python",
            {"meta": pickled({b"fine_label_names": [n.encode() for n in names[0]], b"coarse_label_names": [n.encode() for n in names[1]]}),
             **{name: pickled({b"filenames": [b"x"] * len(numbers), b"fine_labels": [fine(n) for n in numbers],
                               b"coarse_labels": [coarse(n) for n in numbers], b"data": rows(numbers)}) for name, numbers in hundred.items()}})

    train = np.stack([image(n, 6, 5) for n in range(3)])
    test = np.stack([image(n, 6, 5) for n in range(3, 5)])
    labels = np.array([label(n) for n in range(5)])
    np.savez_compressed(out / "channels-last.npz", x_train=train.transpose(0, 2, 3, 1), y_train=labels[:3].astype(np.uint8),
                        x_test=test.transpose(0, 2, 3, 1), y_test=labels[3:].astype(np.uint8))
    np.savez(out / "floats.npz", train_images=(train / 255).astype(np.float32), train_labels=labels[:3, None],
             test_images=test / 255, test_labels=labels[3:, None])
    np.savez(out / "grey.npz", images=train[:, 0], labels=labels[:3].astype(np.int32))

    for part, numbers in {"train": [0, 1, 2, 3], "test": [4, 5]}.items():
        for n in numbers:
            folder = out / "folder" / part / ["ant", "bee"][n % 2]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ("%d.png" % n)).write_bytes(png(image(n, 6, 5)))


main()
