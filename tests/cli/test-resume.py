#!/usr/bin/env python3
"""Drives dfkd distill through what happens to runs: several begun at once, killed early, gone on with.

    test-resume.py PATH/TO/dfkd"""
import datetime
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

DFKD = os.path.abspath(sys.argv[1])
TINY = ["--batch", "8", "--nz", "12", "--ngf", "4", "--k", "2", "--kd-steps", "3", "--syntheses", "3", "--warmup", "1", "--data", "none"]
CPU = ["--device", "cpu", "--threads", "1"]
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}


def dfkd(*arguments, **options):
    return subprocess.run([DFKD, *map(str, arguments)], capture_output=True, text=True, timeout=120, env=ENVIRONMENT, **options)


class Runs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.here = Path(self.folder.name)
        self.run = self.here / "run"

    def tearDown(self):
        self.folder.cleanup()

    def killed(self, *arguments, at):
        """a run that is killed as soon as @at is there"""
        child = subprocess.Popen([DFKD, "distill", *TINY, *CPU, *arguments, "--run-folder", str(self.run)], stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        while not (self.run / at).exists():
            self.assertIsNone(child.poll())
            time.sleep(0.001)
        child.kill()
        child.wait()


class Names(Runs):
    def test_same_second(self):
        """each has a folder of its own, named after the first"""
        now = datetime.datetime.now()
        for seconds in range(20):
            (self.here / "runs" / (now + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%d-%H%M%S")).mkdir(parents=True)
        jobs = [subprocess.Popen([DFKD, "distill", *TINY, *CPU, "--seed", str(seed)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                 env=ENVIRONMENT, cwd=self.here) for seed in range(3)]
        for job in jobs:
            _, said = job.communicate(timeout=120)
            self.assertEqual(job.returncode, 0, said)
        seeds = [json.loads(path.read_text())["seed"] for path in self.here.glob("runs/*/summary.json")]
        self.assertEqual(sorted(seeds), [0, 1, 2])
        self.assertGreaterEqual(len(list(self.here.glob("runs/*-2"))), 1)

    def test_nothing_left(self):
        done = dfkd("distill", *TINY, *CPU, "--teacher", "none.safetensors", cwd=self.here)
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(list(self.here.glob("runs/*")), [])
        (self.here / "runs").rmdir()
        (self.here / "runs").write_text("x")
        done = dfkd("distill", *TINY, *CPU, cwd=self.here)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("runs", done.stderr)


class Killed(Runs):
    def test_before_a_snapshot(self):
        """it begins anew in its folder and ends as it would have, the pool in memory or on disk"""
        for pool, straight in ((["--pool-memory", "1"], "a"), (["--pool-memory", "0"], "b")):
            with self.subTest(pool):
                self.run = self.here / f"killed {straight}"
                many = [*pool, "--syntheses", "40", "--snapshot-every", "0"]
                self.killed(*many, at="pictures/000002.safetensors")
                self.assertFalse((self.run / "snapshots").exists())
                done = dfkd("distill", *CPU, "--resume", self.run)
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(f"{self.run} has no snapshot yet", done.stderr)
                self.assertEqual(dfkd("distill", *TINY, *CPU, *many, "--run-folder", self.here / straight).returncode, 0)
                for name in ("student.safetensors", "recipe.json", *(["pool.u8"] if straight == "b" else [])):
                    self.assertEqual((self.run / name).read_bytes(), (self.here / straight / name).read_bytes(), name)
                lines = [(folder / "events.jsonl").read_text().count("\n") for folder in (self.run, self.here / straight)]
                self.assertLess(abs(lines[0] - lines[1]), 5)

    def test_no_results_are_dropped(self):
        """a run that has ended and whose snapshots were deleted is no beginning; a folder without a recipe is none either"""
        self.assertEqual(dfkd("distill", *TINY, *CPU, "--run-folder", self.run).returncode, 0)
        for snapshot in (self.run / "snapshots").iterdir():
            snapshot.unlink()
        before = (self.run / "student.safetensors").read_bytes()
        (self.here / "empty").mkdir()
        for folder in (self.run, self.here / "empty"):
            done = dfkd("distill", *CPU, "--resume", folder)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(f"{folder} holds no snapshot", done.stderr)
        self.assertEqual((self.run / "student.safetensors").read_bytes(), before)


class Signals(Runs):
    def begin(self, **options):
        child = subprocess.Popen([DFKD, "distill", *TINY, *CPU, "--syntheses", "2000", "--run-folder", str(self.run)], stderr=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, **options)
        while not (self.run / "pictures" / "000001.safetensors").exists():
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        return child

    def test_terminal_gone(self):
        """its end is an interrupt: with a snapshot, though nobody reads what is said"""
        child = self.begin()
        child.stdout.close()
        child.stderr.close()
        child.send_signal(signal.SIGHUP)
        self.assertEqual(child.wait(timeout=60), 130)
        self.assertEqual(len(list((self.run / "snapshots").iterdir())), 1)
        self.assertTrue((self.run / "summary.json").exists())

    def test_nohup(self):
        child = self.begin(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        child.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertIsNone(child.poll())
        child.terminate()
        _, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertIn("--resume", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
