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
        self.model, self.part, self.state = (self.here / ("x.safetensors" + end) for end in ("", ".part", ".state"))

    def tearDown(self):
        self.folder.cleanup()

    def train_until_kept(self, *options, epochs=10000, until=lambda self: self.part.exists()):
        child = subprocess.Popen([DFKD, *map(str, SMALL), "--epochs", str(epochs), "-o", str(self.model), *options], stderr=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while not until(self):
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
                self.assertIn(f"--resume goes on from {self.state}", said)
                self.check_part()
                self.part.unlink()
                self.state.unlink()

    def test_killed(self):
        child = self.train_until_kept()
        child.kill()
        child.communicate()
        self.check_part()

    def steps_kept(self):
        data = self.state.read_bytes()
        return int(json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]["steps"])

    def test_resume(self):
        """cut off however often and however, between epochs and within one, it ends with the bytes of one that was not"""
        epochs, epoch_steps, tries = 400, 5, 20
        straight = self.here / "straight.safetensors"
        self.assertEqual(dfkd(*SMALL, "--epochs", epochs, "-o", straight).returncode, 0)
        steps = 0
        for number in [signal.SIGKILL, *[signal.SIGTERM, signal.SIGINT] * tries]:
            # and measured: until then it is an epoch's end that is cut off
            moved = lambda self: (self.part.exists() and self.state.exists() and self.part.stat().st_mtime_ns >= self.state.stat().st_mtime_ns
                                  and self.steps_kept() > steps)
            child = self.train_until_kept(*["--resume"] * self.state.exists(), epochs=epochs, until=moved)
            child.send_signal(number)
            child.communicate(timeout=60)
            self.assertNotEqual(child.returncode, 0)
            self.assertGreater(self.steps_kept(), steps)
            steps = self.steps_kept()
            if steps % epoch_steps != 0:
                break
        self.assertNotEqual(steps % epoch_steps, 0)
        own = self.here / "x.safetensors.backup"
        for name in ("x.safetensors.tmp-a1b2c3", "x.safetensors.part.tmp-ABCDEF", "x.safetensors.state.tmp-85LCZ3", own.name):
            (self.here / name).write_text("half")
        done = dfkd(*SMALL, "--epochs", epochs, "-o", self.model, "--resume")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.model.read_bytes(), straight.read_bytes())
        self.assertEqual(sorted(os.listdir(self.here)), sorted([self.model.name, own.name, straight.name]))

    def test_same_command(self):
        """begins, goes on, and does nothing where the model is there"""
        straight = self.here / "straight.safetensors"
        self.assertEqual(dfkd(*SMALL, "--epochs", 400, "-o", straight).returncode, 0)
        same = [*SMALL, "--epochs", 400, "-o", self.model, "--go-on"]
        child = self.train_until_kept("--go-on", epochs=400)
        child.kill()
        child.communicate()
        for said in "", f"{self.model} is there already":
            done = dfkd(*same)
            self.assertEqual((done.returncode, self.model.read_bytes()), (0, straight.read_bytes()), done)
            self.assertIn(said, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(dfkd(*same, "--resume").returncode, 2)

    def test_killed_before_a_model(self):
        """the epoch behind which that was, is measured and its model written, before the next begins"""
        child = self.train_until_kept()
        child.kill()
        child.communicate()
        epoch, rest = divmod(self.steps_kept(), 5)
        self.assertEqual(rest, 0)
        self.part.unlink()
        child = self.train_until_kept("--resume")
        child.kill()
        self.assertIn(f"epoch {epoch}: ", child.communicate()[1])

    def test_end_that_fails(self):
        """the last epoch is kept, too, before it is measured and written: going on is neither training nor an accuracy of 0"""
        options, epochs = ["--seed", "4", "--lr", "1e-6"], 200  # so small that no processor's rounding changes an answer
        straight = self.here / "straight.safetensors"
        done = dfkd(*SMALL, *options, "--epochs", epochs, "-o", straight)
        self.assertEqual((done.returncode, done.stdout), (0, f"{straight}: 50.00 % on the test set\n"))
        child = self.train_until_kept(*options, epochs=epochs)
        self.model.mkdir()
        _, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 1)
        self.assertIn(f"--resume goes on from {self.state}", said)
        self.assertEqual(self.steps_kept(), epochs * 5)
        self.model.rmdir()
        done = dfkd(*SMALL, *options, "--epochs", epochs, "-o", self.model, "--resume")
        self.assertEqual((done.returncode, done.stdout), (0, f"{self.model}: 50.00 % on the test set\n"))
        self.assertEqual(self.model.read_bytes(), straight.read_bytes())
        self.assertEqual(sorted(os.listdir(self.here)), sorted([self.model.name, straight.name]))

    def test_other_training(self):
        """one that was cut off is neither gone on with as another nor lost to another"""
        child = self.train_until_kept()
        child.kill()
        child.communicate()
        before = self.state.read_bytes()
        for options, says in (([], "go on with it by --resume"),
                              (["--resume", "--lr", "0.1"], "--lr: the training in"), (["--resume", "--batch", "3"], "not 3"),
                              (["--resume", "--seed", "7"], "--seed"), (["--resume", "--augment"], "--augment"),
                              (["--resume", "--network", "lenet5_half"], "--network"), (["--resume", "--mean", "0.5"], "--mean"),
                              (["--resume", "--data", ROOT / "tests/fixtures/datasets/cifar-100-binary.tar.gz"], "--data")):
            with self.subTest(options):
                done = dfkd(*SMALL, "--epochs", "10000", "-o", self.model, *options)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertIn(says, done.stderr)
                self.assertEqual(self.state.read_bytes(), before)
        for data, says in ((before[:-100] + bytes([before[-100] ^ 1]) + before[-99:], "damaged"), (before[:1000], str(self.state)),
                           (self.part.read_bytes(), "not what training keeps")):
            with self.subTest(says):
                self.state.write_bytes(data)
                done = dfkd(*SMALL, "--epochs", "10000", "-o", self.model, "--resume")
                self.assertEqual(done.returncode, 1, done)
                self.assertIn(says, done.stderr)
        self.state.unlink()
        done = dfkd(*SMALL, "--epochs", "10000", "-o", self.model, "--resume")
        self.assertEqual(done.returncode, 2, done)
        self.assertIn(f"there is no {self.state}", done.stderr)

    def test_normalisation(self):
        """one number for all channels, or one each; what is no number is refused before the work"""
        for mean, std, kept in (("0.25", "0.5", "[0.25,0.25,0.25] [0.5,0.5,0.5]"), ("0.5, 0.25,0.125", "1,0.5,0.75", "[0.5,0.25,0.125] [1,0.5,0.75]")):
            with self.subTest(mean):
                self.assertEqual(dfkd(*SMALL, "--epochs", "1", "-o", self.model, "--mean", mean, "--std", std).returncode, 0)
                data = self.model.read_bytes()
                about = json.loads(data[8:8 + struct.unpack("<Q", data[:8])[0]])["__metadata__"]
                self.assertEqual((about["mean"] + " " + about["std"]).replace(".0", "").replace(", ", ","), kept)
                self.model.unlink()
        for options in (["--mean", "nan"], ["--mean", "a"], ["--mean", "0.1,0.2"], ["--std", "0"], ["--std", "1,-1,1"], ["--std", "inf"], ["--mean", "125.3"], ["--std", "2"]):
            with self.subTest(options):
                done = dfkd(*SMALL, "--epochs", "1", "-o", self.model, *options)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertIn(f"{options[0]}: ", done.stderr)
                self.assertFalse(self.model.exists())

    def test_two_at_once(self):
        """the second is told to wait, with a state of the first to go on from and before there is one, and harms nothing"""
        lock = self.here / "x.safetensors.lock"
        for until in (lambda self: lock.exists(), lambda self: self.state.exists()):
            child = self.train_until_kept(until=until)
            for options in [], ["--resume"]:
                done = dfkd(*SMALL, "--epochs", "10000", "-o", self.model, *options)
                self.assertEqual((done.returncode, done.stdout), (1, ""), done)
                self.assertIn(f"another training writes {self.model}", done.stderr)
            while not self.part.exists():
                self.assertIsNone(child.poll())
                time.sleep(0.01)
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=60)
            self.assertEqual(child.returncode, 130)
            self.assertEqual(sorted(os.listdir(self.here)), [self.part.name, self.state.name])
            self.part.unlink()
            self.state.unlink()

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
                             (self.here, "is a folder"), (self.model, ".part"), ("/proc/x", "/proc/x"),
                             (self.here / "x.onnx", "dfkd convert")):
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
