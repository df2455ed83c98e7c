#!/usr/bin/env python3
"""Drives dfkd distill through what happens to runs: several begun at once, killed early, gone on with.

    test-resume.py PATH/TO/dfkd SOURCE_ROOT"""
import datetime
import hashlib
import json
import os
import shutil
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
TINY = ["--batch", "8", "--nz", "12", "--ngf", "4", "--k", "2", "--kd-steps", "3", "--syntheses", "3", "--warmup", "1", "--data", "none"]
CPU = ["--device", "cpu", "--threads", "1"]


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
        self.assertEqual(list(self.here.iterdir()), [])
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
                many = [*pool, "--syntheses", "16", "--snapshot-every", "0"]
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

    def test_no_room_for_a_snapshot(self):
        """it begins anew as one that was killed there; its unfinished student is no result"""
        straight = self.here / "straight"
        self.assertEqual(dfkd("distill", *TINY, *CPU, "--run-folder", straight).returncode, 0)
        self.assertEqual(dfkd("distill", *TINY, *CPU, "--run-folder", self.run).returncode, 0)
        shutil.rmtree(self.run / "snapshots")
        lines = [line for line in (self.run / "events.jsonl").read_text().splitlines(keepends=True) if json.loads(line).get("event") != "snapshot"]
        (self.run / "events.jsonl").write_text("".join(lines))
        summary = json.loads((self.run / "summary.json").read_text())
        (self.run / "summary.json").write_text(json.dumps({**summary, "finished": False}))
        (self.run / "student.safetensors").write_bytes(b"of the middle")
        done = dfkd("distill", *CPU, "--resume", self.run)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("has no snapshot yet", done.stderr)
        self.assertEqual((self.run / "student.safetensors").read_bytes(), (straight / "student.safetensors").read_bytes())

    def test_told_before_its_summary(self):
        """a run that is killed as soon as it says that it is finished has nothing left to tell"""
        for number in range(8):
            self.run = self.here / f"run {number}"
            child = subprocess.Popen([DFKD, "distill", *TINY, *CPU, "--run-folder", str(self.run)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     env=ENVIRONMENT)
            summary = str(self.run / "summary.json")
            while not os.path.exists(summary) and child.poll() is None:  # no pause: there is little between that and the end
                pass
            child.kill()
            child.wait()
            steps = [json.loads(line)["step"] for line in (self.run / "events.jsonl").read_text().splitlines() if "loss_student" in line]
            self.assertEqual(steps, list(range(6)))

    def test_no_results_are_dropped(self):
        """a run that has ended and whose snapshots were deleted is no beginning; a folder without a recipe is none either"""
        self.assertEqual(dfkd("distill", *TINY, *CPU, "--run-folder", self.run).returncode, 0)
        for snapshot in (self.run / "snapshots").iterdir():
            snapshot.unlink()
        before = (self.run / "student.safetensors").read_bytes()
        (self.here / "empty").mkdir()
        for folder, says in ((self.run, "holds no snapshot"), (self.here / "empty", "is not the folder of a run"),
                             (self.here / "misspelt", "is not the folder of a run")):
            for options in [], ["--k", "3"]:
                done = dfkd("distill", *CPU, "--resume", folder, *options)
                self.assertEqual(done.returncode, 1, done)
                self.assertIn(f"{folder} {says}", done.stderr)
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
        child = self.begin(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))  # whoever runs the tests may ignore it
        child.stdout.close()
        child.stderr.close()
        for _ in range(3):  # of the shell, of the kernel …
            child.send_signal(signal.SIGHUP)
            time.sleep(0.001)
        self.assertEqual(child.wait(timeout=60), 130)
        self.assertEqual(len(list((self.run / "snapshots").iterdir())), 1)
        self.assertTrue((self.run / "summary.json").exists())

    def test_interrupted_twice_at_once(self):
        """as by timeout, which signals the program and its group, or by make beside the terminal: that is one interrupt"""
        child = self.begin()
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGTERM:
            child.send_signal(number)
        _, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertIn("--resume", said)
        self.assertEqual(len(list((self.run / "snapshots").iterdir())), 1)

    def test_interrupted_while_measuring(self):
        """which takes a slow processor a minute, more than a scheduler waits before it kills: it ends between two batches, and going on ends
        as if nothing had been"""
        measured = [*TINY, "--data", "", "--warmup", "0", "--syntheses", "1", *CPU]
        straight = dfkd("distill", *measured, "--run-folder", self.here / "straight")
        self.assertEqual(straight.returncode, 0, straight)
        child = subprocess.Popen([DFKD, "distill", *measured, "--run-folder", str(self.run)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                 env=ENVIRONMENT)
        while not (self.run / "pictures" / "000001.safetensors").exists():  # from here on the teacher is measured
            self.assertIsNone(child.poll())
            time.sleep(0.001)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        (snapshot,) = (self.run / "snapshots").iterdir()
        raw = snapshot.read_bytes()
        counters = json.loads(raw[8:8 + struct.unpack("<Q", raw[:8])[0]])["__metadata__"]["counters"]
        self.assertIn("\nteacher_accuracy nan\n", counters)  # nobody waited for it
        done = dfkd("distill", *CPU, "--resume", self.run)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual((self.run / "student.safetensors").read_bytes(), (self.here / "straight" / "student.safetensors").read_bytes())
        accuracies = [json.loads((folder / "summary.json").read_text())["accuracy"] for folder in (self.run, self.here / "straight")]
        self.assertEqual(accuracies[0], accuracies[1])
        self.assertGreater(accuracies[0]["teacher"], 90.0)

    def test_nohup(self):
        child = self.begin(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        child.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertIsNone(child.poll())
        child.terminate()
        _, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertIn("--resume", said)


class Options(Runs):
    def stopped(self, *arguments):
        child = subprocess.Popen([DFKD, "distill", *TINY, *CPU, "--syntheses", "4000", *arguments, "--run-folder", str(self.run)],
                                 stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        while not (self.run / "pictures" / "000001.safetensors").exists():
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        child.terminate()
        self.assertEqual(child.wait(timeout=60), 130)

    def contents(self):
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in self.run.rglob("*") if path.is_file()}

    def test_refused(self):
        """by name, before anything is done"""
        self.stopped()
        before = self.contents()
        recipe = self.here / "recipe.json"
        recipe.write_bytes((self.run / "recipe.json").read_bytes())
        for arguments, says in ((["--teacher", "/nonexistent"], "--teacher: a resumed run keeps its “built-in”"), (["--lr", "0.5", "--seed", "9"], "--seed: a resumed run keeps its “0”"),
                                (["--reuse", "none"], "--reuse: a resumed run keeps its “common”"), (["--lr_g", "-1"], "--lr-g: -1"),
                                (["--syntheses", "4001"], "--syntheses: a resumed run keeps its 4000 or takes fewer"), (["--warmup", "4001"], "--warmup: 4001"),
                                (["--recipe", recipe], "--recipe"), (["--method", "dafl"], "--method: a resumed run keeps its")):
            with self.subTest(arguments):
                done = dfkd("distill", *CPU, "--resume", self.run, *arguments)
                self.assertEqual(done.returncode, 2, done)
                self.assertIn(says, done.stderr)
                self.assertEqual(self.contents(), before)
        done = dfkd("distill", *CPU, "--resume", self.here / "nowhere", "--lr", "0.1")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("nowhere", done.stderr)

    def test_applied(self):
        """what the run has already may be said again; the rest is turned as in the window: told in the log, kept in the snapshot"""
        self.stopped()
        summary = json.loads((self.run / "summary.json").read_text())
        self.assertFalse(summary["finished"])
        end = summary["syntheses"] + 3
        wanted = {"lr": 0.5, "k": 3, "syntheses": end, "warmup": 2}
        options = [text for name, value in wanted.items() for text in (f"--{name}", str(value))]
        done = dfkd("distill", *CPU, "--resume", self.run, "--batch", "8", "--reuse", "common", *options, "--json")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["syntheses"], end)
        log = [json.loads(line) for line in (self.run / "events.jsonl").read_text().splitlines()]
        self.assertEqual({line["parameter"]: line["new"] for line in log if line.get("event") == "parameter"}, wanted)
        newest = max((self.run / "snapshots").iterdir()).read_bytes()
        metadata = json.loads(newest[8:8 + struct.unpack("<Q", newest[:8])[0]])["__metadata__"]
        self.assertEqual({name: json.loads(metadata["recipe"])["parameters"][name] for name in wanted}, wanted)

        done = dfkd("distill", *CPU, "--resume", self.run, "--lr", "0.1")
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("--lr: the run in", done.stderr)
        self.assertIn("has ended", done.stderr)
        done = dfkd("distill", *CPU, "--resume", self.run, "--lr", "0.5")
        self.assertEqual(done.returncode, 0, done)

    def test_same_path(self):
        """the same command with --resume in place of --run-folder"""
        (self.here / "t.safetensors").symlink_to(ROOT / "data" / "teacher.safetensors")
        same = ["distill", *TINY, *CPU, "--teacher", "t.safetensors"]
        self.assertEqual(dfkd(*same, "--run-folder", self.run, cwd=self.here).returncode, 0)
        done = dfkd(*same, "--resume", self.run, cwd=self.here)
        self.assertEqual(done.returncode, 0, done)
        done = dfkd(*same, "--resume", self.run, cwd=ROOT)
        self.assertEqual(done.returncode, 2, done)
        self.assertIn(f"--teacher: a resumed run keeps its “{self.here / 't.safetensors'}”", done.stderr)

    def test_moved(self):
        """teacher and test data are found where they lie now; another teacher is not taken for them"""
        places = [self.here / name for name in ("then", "now")]
        places[0].mkdir()
        shutil.copy(ROOT / "data" / "teacher.safetensors", places[0] / "t.safetensors")
        self.stopped("--teacher", places[0] / "t.safetensors", "--snapshot-every", "1")
        places[0].rename(places[1])
        lost = dfkd("distill", *CPU, "--resume", self.run)
        self.assertEqual(lost.returncode, 1, lost)
        for text in str(places[0]), "--teacher":
            self.assertIn(text, lost.stderr)
        (self.here / "other.pth").write_bytes((ROOT / "data" / "teacher-shapes32.safetensors").read_bytes())
        other = dfkd("distill", *CPU, "--resume", self.run, "--teacher", self.here / "other.pth")
        self.assertEqual(other.returncode, 1, other)
        self.assertIn("another teacher", other.stderr)
        end = json.loads((self.run / "summary.json").read_text())["syntheses"] + 2
        for options in ["--teacher", "t.safetensors", "--syntheses", str(end)], []:
            done = dfkd("distill", *CPU, "--resume", self.run, *options, cwd=places[1])
            self.assertEqual(done.returncode, 0, done)

    def test_applied_anew(self):
        self.killed("--syntheses", "4000", "--snapshot-every", "0", at="pictures/000001.safetensors")
        done = dfkd("distill", *CPU, "--resume", self.run, "--syntheses", "4", "--lr", "0.5")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads((self.run / "summary.json").read_text())["syntheses"], 4)


class SameCommand(Runs):
    def test_until_done(self):
        """however often it is cut off, and given again when it is done; what cannot be the run that is there is refused"""
        recipe = self.here / "recipe.json"
        self.assertEqual(dfkd("distill", *TINY, *CPU, "--syntheses", "14", "--run-folder", self.here / "straight").returncode, 0)
        recipe.write_bytes((self.here / "straight" / "recipe.json").read_bytes())
        same = ["distill", *CPU, "--recipe", recipe, "--run-folder", self.run, "--go-on"]
        self.run.mkdir()
        (self.run / "recipe.json.tmp-A1b2C3").write_text("{")  # it was killed as it began
        for synthesis in 1, 5, 9:
            child = subprocess.Popen([DFKD, *map(str, same)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
            while not (self.run / "pictures" / f"{synthesis:06}.safetensors").exists():
                self.assertIsNone(child.poll())
                time.sleep(0.001)
            child.send_signal(signal.SIGTERM if synthesis == 5 else signal.SIGKILL)
            child.wait()
        for _ in range(2):
            done = dfkd(*same)
            self.assertEqual(done.returncode, 0, done)
            for name in "student.safetensors", "recipe.json":
                self.assertEqual((self.run / name).read_bytes(), (self.here / "straight" / name).read_bytes(), name)
        done = dfkd(*same, "--seed", "1")
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("--seed: a resumed run keeps its “0”", done.stderr)

    def test_not_a_run(self):
        """what lies there is left as it is"""
        self.run.mkdir()
        (self.run / "thesis.txt").write_text("years of work")
        done = dfkd("distill", *TINY, *CPU, "--run-folder", self.run, "--go-on")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(f"{self.run} exists already", done.stderr)
        self.assertEqual([path.name for path in self.run.iterdir()], ["thesis.txt"])
        for options in [], ["--resume", self.run]:
            done = dfkd("distill", *TINY, *CPU, "--go-on", *options)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn("--go-on goes with --run-folder", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
