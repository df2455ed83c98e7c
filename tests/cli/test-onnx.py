#!/usr/bin/env python3
"""Exports every network as ONNX and compares onnxruntime's logits with those of `dfkd forward`; and what export refuses.

    test-onnx.py PATH/TO/dfkd PATH/TO/make-model Export
    test-onnx.py PATH/TO/dfkd PATH/TO/make-model Runtime FOLDER

FOLDER holds node_modules/onnxruntime-node, which `./workbench setup ci` puts there; without it, or without node, the second is
skipped.
"""
import json
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import dfkd

MAKE_MODEL, PART, RUNTIME = sys.argv[2], sys.argv[3], Path(sys.argv[-1])
HERE = Path(__file__).resolve().parent
CHANNELS, SIDE, CLASSES = 3, 32, 10
MEAN, STD = (0.5, 0.25, 0.125), (0.25, 0.5, 1.0)  # as make-model has them


def random_images(count):
    numbers = random.Random(5)
    return [numbers.random() for _ in range(count * CHANNELS * SIDE * SIDE)]


def write_images(folder, values):
    """the same numbers for both: a safetensors file and the bare bytes"""
    data = struct.pack("<%df" % len(values), *values)
    shape = [len(values) // (CHANNELS * SIDE * SIDE), CHANNELS, SIDE, SIDE]
    header = json.dumps({"images": {"dtype": "F32", "shape": shape, "data_offsets": [0, len(data)]}}).encode()
    (folder / "images.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)
    (folder / "images.f32").write_bytes(data)
    return shape


def read_logits(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    start, end = json.loads(data[8:8 + length])["logits"]["data_offsets"]
    return struct.unpack("<%df" % ((end - start) // 4), data[8 + length + start:8 + length + end])


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = Path(folder.name)
        self.model = self.here / "model.safetensors"

    def make(self, network):
        subprocess.run([MAKE_MODEL, network, self.model], check=True, timeout=60)

    def export(self, *options):
        path = self.here / "model.onnx"
        done = dfkd("convert", self.model, path, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path


class Runtime(Case):
    def run_onnx(self, model, shape):
        done = subprocess.run(["node", HERE / "run-onnx.js", RUNTIME, model, self.here / "images.f32", *map(str, shape)],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["dims"], [shape[0], CLASSES])
        return result["data"]

    def forward(self, *options):
        done = dfkd("forward", "--model", self.model, "--input", self.here / "images.safetensors", "--output",
                    self.here / "logits.safetensors", "--device", "cpu", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return read_logits(self.here / "logits.safetensors")

    def compare(self, ours, theirs):
        self.assertEqual(len(ours), len(theirs))
        spread = max(ours) - min(ours)
        self.assertGreater(spread, 1e-2, "logits that are all alike prove nothing")
        self.assertLess(max(abs(a - b) for a, b in zip(ours, theirs)), 1e-4 * max(1.0, spread))

    def test_every_network(self):
        for network in subprocess.run([MAKE_MODEL], capture_output=True, text=True, check=True).stdout.split():
            with self.subTest(network):
                self.make(network)
                shape = write_images(self.here, random_images(3))
                self.compare(self.forward(), self.run_onnx(self.export(), shape))

    def test_batch_of_one_and_raw_images(self):
        self.make("wrn10_1")
        shape = write_images(self.here, random_images(1))
        raw = self.run_onnx(self.export("--normalise"), shape)
        self.compare(self.forward("--normalise"), raw)
        self.compare(self.forward(), self.run_onnx(self.export(), shape))
        self.assertGreater(max(abs(a - b) for a, b in zip(self.forward(), raw)), 1e-2)


class Export(Case):
    def test_safetensors(self):
        self.make("lenet5")
        copy = self.here / "copy.safetensors"
        self.assertEqual(dfkd("convert", self.model, copy).returncode, 0)
        self.assertEqual(copy.read_bytes(), self.model.read_bytes())

    def test_refusals(self):
        self.make("lenet5")
        for arguments, says, code in (((self.model, self.here / "a.bin"), ["a.bin", ".onnx"], 2),
                                      ((self.model, self.here / "a.safetensors", "--normalise"), ["--normalise"], 2),
                                      ((self.here / "none.safetensors", self.here / "a.onnx"), ["none.safetensors"], 1),
                                      ((self.model, self.here / "no" / "a.onnx"), ["a.onnx", "folder"], 1),
                                      ((self.model,), ["missing"], 2)):
            with self.subTest(says):
                done = dfkd("convert", *arguments)
                self.assertEqual(done.returncode, code, done)
                for text in says:
                    self.assertIn(text, done.stderr)
        self.assertEqual([p.name for p in self.here.iterdir()], ["model.safetensors"])


def skip(why):
    print(why)
    sys.exit(77)


if __name__ == "__main__":
    if PART == "Runtime" and shutil.which("node") is None:
        skip("node is not installed: onnxruntime cannot be run beside dfkd")
    if PART == "Runtime" and not (RUNTIME / "node_modules" / "onnxruntime-node").is_dir():
        skip(f"no onnxruntime-node in {RUNTIME}: ./workbench setup ci installs it")
    unittest.main(argv=[sys.argv[0], PART])
