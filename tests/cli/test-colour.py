#!/usr/bin/env python3
"""What is trained and measured on images in colour is what others see in them: files have channels first, as PyTorch has, and
dfkd forward takes them so.

    test-colour.py PATH/TO/dfkd"""
import json
import random
import struct
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

from program import dfkd

SIDE, CLASSES, COUNT = 32, 6, 120
PLANE = SIDE * SIDE


def picture(label, draw):
    """one half of one channel is bright, the upper or the lower: the half is label // 3, the channel label % 3"""
    planes = [bytearray(draw.randrange(90) for _ in range(PLANE)) for _ in range(3)]
    for i in range(PLANE):
        if (i < PLANE // 2) == (label < 3):
            planes[label % 3][i] += 160
    return b"".join(planes)


def npy(kind, shape, data):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def read(path):
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    logits = json.loads(data[8:start])["logits"]
    begin, end = logits["data_offsets"]
    classes = logits["shape"][1]
    values = struct.unpack(f"<{(end - begin) // 4}f", data[start + begin:start + end])
    return [max(range(classes), key=values[i:i + classes].__getitem__) for i in range(0, len(values), classes)]


class Colour(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.here = Path(self.folder.name)
        draw = random.Random(0)
        self.labels = [i % CLASSES for i in range(COUNT)]
        pixels = [picture(label, draw) for label in self.labels]
        self.data, self.images, self.model = self.here / "data.bin", self.here / "images.safetensors", self.here / "x.safetensors"
        self.bytes = self.here / "bytes.safetensors"
        self.data.write_bytes(b"".join(bytes([label]) + one for label, one in zip(self.labels, pixels)))
        self.save_images(pixels, SIDE, SIDE)

    def save_images(self, pixels, height, width):
        whole = b"".join(pixels)
        for path, kind, body in ((self.images, "F32", struct.pack(f"<{len(whole)}f", *(byte / 255 for byte in whole))), (self.bytes, "U8", whole)):
            header = json.dumps({"images": {"dtype": kind, "shape": [COUNT, 3, height, width], "data_offsets": [0, len(body)]}}).encode()
            path.write_bytes(struct.pack("<Q", len(header)) + header + body)

    def tearDown(self):
        self.folder.cleanup()

    def run_dfkd(self, *arguments):
        done = dfkd(*arguments, "--device", "cpu", "--threads", "1", timeout=400)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def check(self, model, at_least):
        """what dfkd evaluate counts is what comes out of the network for the images as files have them"""
        said = []
        for images in (self.bytes, self.images):
            self.run_dfkd("forward", "--model", model, "--normalise", "--input", images, "--output", self.here / "out.safetensors")
            said.append(read(self.here / "out.safetensors"))
        seen = said[0]
        self.assertEqual(seen, said[1])
        right = 100 * sum(a == b for a, b in zip(seen, self.labels)) / COUNT
        told = json.loads(self.run_dfkd("evaluate", "--model", model, "--data", self.data, "--json"))
        self.assertAlmostEqual(told["accuracy"], right, places=6)
        self.assertGreaterEqual(right, at_least)

    def test_all(self):
        self.run_dfkd("train", "--network", "wrn10_1", "--batch", "20", "--epochs", "5", "--lr", "0.1", "--data", self.data, "--test", self.data,
                      "-o", self.model)
        self.check(self.model, 90)
        run = self.here / "run"
        self.run_dfkd("distill", "--method", "kd", "--teacher", self.model, "--data", self.data, "--student", "wrn10_1", "--syntheses",
                      "8", "--warmup", "1", "--batch", "20", "--kd-steps", "15", "--run-folder", run)
        self.check(run / "student.safetensors", 70)

    def test_sizes(self):
        """as numpy's archives have them, higher or wider than 32 pixels, square or not"""
        draw = random.Random(1)
        for height, width in ((16, 24), (40, 24), (36, 36)):
            pixels = [bytes(draw.randrange(256) for _ in range(3 * height * width)) for _ in range(COUNT)]
            arrays = {"x": npy("|u1", (COUNT, 3, height, width), b"".join(pixels)), "y": npy("|u1", (COUNT,), bytes(self.labels))}
            self.data = self.here / "data.npz"
            with zipfile.ZipFile(self.data, "w") as archive:
                for name in arrays:
                    archive.writestr(name + ".npy", arrays[name])
            self.save_images(pixels, height, width)
            self.run_dfkd("train", "--network", "wrn10_1", "--batch", "60", "--epochs", "1", "--data", self.data, "--test", self.data, "-o", self.model)
            self.check(self.model, 0)

    def test_assumed_size(self):
        """weights without a size are not measured on images with a border that they were not trained with"""
        pixels = bytes(COUNT * 3 * 16 * 24)
        arrays = {"x": npy("|u1", (COUNT, 3, 16, 24), pixels), "y": npy("|u1", (COUNT,), bytes(self.labels))}
        self.data = self.here / "data.npz"
        with zipfile.ZipFile(self.data, "w") as archive:
            for name in arrays:
                archive.writestr(name + ".npy", arrays[name])
        self.run_dfkd("train", "--network", "wrn10_1", "--batch", "60", "--epochs", "1", "--data", self.data, "--test", self.data, "-o", self.model)
        data = self.model.read_bytes()
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + length])
        del header["__metadata__"]
        bare = json.dumps(header).encode()
        self.model.write_bytes(struct.pack("<Q", len(bare)) + bare + data[8 + length:])
        done = dfkd("evaluate", "--model", self.model, "--data", self.data, "--device", "cpu")
        self.assertNotEqual(done.returncode, 0, done)
        self.assertIn("3×16×24", done.stderr)
        self.assertIn("3×32×32", done.stderr)
        self.assertIn("dfkd convert --size", done.stderr)
        self.run_dfkd("convert", "--size", "16x24", self.model, self.here / "sized.safetensors")
        self.run_dfkd("evaluate", "--model", self.here / "sized.safetensors", "--data", self.data)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
