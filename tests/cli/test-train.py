#!/usr/bin/env python3
"""dfkd train keeps what it has: a target that cannot be written is told before the work, and no interrupt throws it away.

    test-train.py PATH/TO/dfkd SOURCE_ROOT"""
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from program import DFKD, ENVIRONMENT, dfkd

ROOT = Path(sys.argv[2])
DATA = ROOT / "tests" / "fixtures" / "datasets" / "cifar-10-binary.tar.gz"
SMALL = ["train", "--network", "lenet5", "--batch", "2", "--device", "cpu", "--threads", "1", "--data", DATA]


class Train(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.here = Path(self.folder.name)
        self.model, self.part = self.here / "x.safetensors", self.here / "x.safetensors.part"

    def tearDown(self):
        self.folder.cleanup()

    def train_until_kept(self):
        child = subprocess.Popen([DFKD, *map(str, SMALL), "--epochs", "10000", "-o", str(self.model)], stderr=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while not self.part.exists():
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        return child

    def check_part(self):
        """a model like any other, with the accuracy that it had"""
        data = self.part.read_bytes()
        metadata = json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]
        done = dfkd("evaluate", "--model", self.part, "--data", DATA, "--device", "cpu", "--json")
        self.assertEqual(done.returncode, 0, done)
        self.assertAlmostEqual(json.loads(done.stdout)["accuracy"], json.loads(metadata["accuracy"]), places=6)
        self.assertFalse(self.model.exists())

    def test_interrupts(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                child = self.train_until_kept()
                child.send_signal(number)
                told, said = child.communicate(timeout=60)
                self.assertEqual((child.returncode, told), (130, ""))
                self.assertRegex(said, rf"after epoch \d+ of 10000 is in {self.part}\n")
                self.check_part()
                self.part.unlink()

    def test_killed(self):
        child = self.train_until_kept()
        child.kill()
        child.communicate()
        self.check_part()

    def test_end(self):
        """nothing but the model is left, and a target that is there stays until then"""
        self.model.write_text("earlier")
        done = dfkd(*SMALL, "--epochs", "3", "-o", self.model)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(os.listdir(self.here), [self.model.name])
        self.assertEqual(dfkd("evaluate", "--model", self.model, "--data", DATA, "--device", "cpu").returncode, 0)

    def test_target(self):
        """told before any training; were it not, this would run into the timeout"""
        (self.here / "file").write_text("x")
        self.part.mkdir()
        for target, says in ((self.here / "nosuch" / "x", "create its folder"), (self.here / "file" / "x", "create its folder"),
                             (self.here, "is a folder"), (self.model, ".part"), ("/proc/x", "/proc/x")):
            with self.subTest(target):
                done = dfkd(*SMALL, "--epochs", "10000", "-o", target)
                self.assertEqual(done.returncode, 2, done)
                self.assertIn("--output", done.stderr)
                self.assertIn(says, done.stderr)
                self.assertNotIn("epoch", done.stderr)

    def test_folder_of_scaling(self):
        (self.here / "file").write_text("x")
        for target in (self.here / "file", self.here / "file" / "x", "/proc"):
            with self.subTest(target):
                done = dfkd("bench", "--scaling", "--batch", "4", "--ngf", "4", "--nz", "8", "--device", "cpu", "-o", target)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertIn("--output: ", done.stderr)
                self.assertIn(str(target), done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
