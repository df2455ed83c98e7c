#!/usr/bin/env python3
"""runs as TensorBoard reads them: dfkd scalars --tensorboard, once and while they go on, and dfkd distill --tensorboard.

    test-tensorboard.py PATH/TO/dfkd"""
import json
import math
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

import event_files
from program import DFKD, ENVIRONMENT, dfkd
from two_runs import TINY, TwoRuns, events

FILE = "events.out.tfevents.dfkd-000001"


class Board(TwoRuns):
    def test_written(self):
        """each scalar by its step, and the images of each synthesis, in a file for each run that can be written again"""
        tags = {"loss": "synthesis/loss", "loss_bn": "synthesis/loss_bn", "loss_oh": "synthesis/loss_oh", "loss_adv": "synthesis/loss_adv",
                "agreement": "synthesis/agreement", "loss_student": "student/loss", "lr_student": "student/rate"}
        board = self.here / "board"
        for _ in range(2):
            done = dfkd("scalars", "--tensorboard", board, self.here / "two", str(self.here / "three") + "/")
            self.assertEqual(done.returncode, 0, done)
        self.assertEqual(sorted(str(path.relative_to(board)) for path in board.rglob("*")),
                         ["three", "three/.dfkd-run", f"three/{FILE}", "two", "two/.dfkd-run", f"two/{FILE}"])
        self.assertEqual(done.stdout.split(), [str(board / name / FILE) for name in ("two", "three")])
        run = self.here / "two"
        (begin, *_), *told = event_files.read((board / "two" / FILE).read_bytes())
        self.assertAlmostEqual(begin, (run / "recipe.json").stat().st_mtime, delta=1.0)
        log = [event for event in events(run) if "scalar" in event or event.get("event") == "synthesis"]
        self.assertEqual(len(told), len(log))
        for (when, step, tag, value), event in zip(told, log):
            self.assertAlmostEqual(when, begin + sum(event["clocks"]), 3)
            if "scalar" in event:
                self.assertEqual((step, tag), (event["step"], tags[event["scalar"]]))
                self.assertTrue(math.isnan(value) if event["value"] is None else math.isclose(value, event["value"], rel_tol=1e-6))
                continue
            self.assertEqual((step, tag), (event["synthesis"], "synthesis/images"))
            height, width, channels, png = value
            self.assertEqual((height, width, channels), (32, 8 * 34 - 2, 1))  # eight images with lines between them
            self.assertEqual((png[:8], struct.unpack(">II", png[16:24])), (b"\x89PNG\r\n\x1a\n", (width, height)))

        for arguments, code, text in ((["--series", "loss", self.here / "two"], 2, "--series"),
                                      ([self.here / "two", self.here / "none"], 1, "there is none in it"),
                                      (["--follow", self.here / "none"], 1, "there is none in it"),
                                      ([self.here / "two", self.here / "board" / ".." / "two"], 2, "two commands")):
            wrong = dfkd("scalars", "--tensorboard", self.here / "other", *arguments)
            self.assertEqual(wrong.returncode, code, wrong)
            self.assertIn(text, wrong.stderr)

    def test_branch(self):
        """its clocks go on from those of the run that it is from, and it began when its recipe was written"""
        copy, board = self.here / "branched" / "run", self.here / "branched" / "board"
        shutil.copytree(self.here / "two", copy)
        lines = (copy / "events.jsonl").read_text().splitlines(keepends=True)
        later = [json.loads(line) for line in lines[len(lines) // 2:]]
        for event in later:
            event["clocks"][0] += 1000.0
        (copy / "events.jsonl").write_text("".join(json.dumps(event, separators=(",", ":")) + "\n" for event in later))
        os.utime(copy / "recipe.json", (5000, 5000))
        self.assertEqual(dfkd("scalars", "--tensorboard", board, copy).returncode, 0)
        first = next(event for event in later if "scalar" in event or "event" in event)
        told = event_files.read((board / "run" / FILE).read_bytes())[1:]
        log = [event for event in later if "scalar" in event or event.get("event") == "synthesis"]
        self.assertEqual(len(told), len(log))
        for (when, *_), event in zip(told, log):
            self.assertAlmostEqual(when, 5000 + sum(event["clocks"]) - sum(first["clocks"]), 3)
        shutil.rmtree(copy.parent)

    def test_grows(self):
        """written again while a run goes on, it is the same file with more behind; another one where the log is another"""
        copy, board = self.here / "growing" / "run", self.here / "growing" / "board"
        shutil.copytree(self.here / "two", copy)
        lines = (copy / "events.jsonl").read_text().splitlines(keepends=True)
        before = b""
        file = board / "run" / FILE
        inodes = set()
        for part in 0.3, 0.7, 0.7, 1.0:
            (copy / "events.jsonl").write_text("".join(lines[:int(part * len(lines))]))
            done = dfkd("scalars", "--tensorboard", board, copy)
            self.assertEqual(done.returncode, 0, done)
            data = file.read_bytes()
            self.assertTrue(data.startswith(before))
            self.assertGreaterEqual(len(data), len(before))
            event_files.read(data)
            inodes.add(file.stat().st_ino)
            before = data
        self.assertEqual(len(inodes), 1)
        file.write_bytes(before[:-7])  # a disk was full
        dfkd("scalars", "--tensorboard", board, copy)
        self.assertEqual((file.read_bytes(), file.stat().st_ino), (before, inodes.pop()))
        # the recipe was copied: the run has begun when it had
        os.utime(copy / "recipe.json", (0, 0))
        self.assertEqual(dfkd("scalars", "--tensorboard", board, copy).returncode, 0)
        self.assertEqual(file.read_bytes(), before)

        # it went back: a later file, which begins with what is the same
        (copy / "events.jsonl").write_text("".join(lines[:len(lines) // 2]))
        done = dfkd("scalars", "--tensorboard", board, copy)
        later = board / "run" / "events.out.tfevents.dfkd-000002"
        self.assertEqual(([later], done.stdout), (list((board / "run").glob("events*")), f"{later}\n"))
        self.assertTrue(before.startswith(later.read_bytes()))
        self.assertLess(len(later.read_bytes()), len(before))
        (copy / "events.jsonl").write_text("".join(lines))
        dfkd("scalars", "--tensorboard", board, copy)
        self.assertEqual(later.read_bytes(), before)

        # a batch that cannot be read is left out, and told of
        damaged = copy / "pictures" / "000002.safetensors"
        damaged.write_bytes(damaged.read_bytes()[:100])
        told = dfkd("scalars", "--tensorboard", board, copy)
        self.assertEqual(told.returncode, 0)
        self.assertIn("the images of 1 synthesis", told.stderr)
        (file,) = (board / "run").glob("events*")
        images = [step for _, step, tag, _ in event_files.read(file.read_bytes()) if tag == "synthesis/images"]
        self.assertEqual(images, [1, 3, 4])
        shutil.rmtree(copy.parent)

    def exported(self, run):
        """all of @run at once, elsewhere"""
        with tempfile.TemporaryDirectory() as board:
            done = dfkd("scalars", "--tensorboard", board, run)
            self.assertEqual(done.returncode, 0, done)
            return (Path(board) / run.name / FILE).read_bytes()

    def wait_until(self, condition):
        for _ in range(1200):
            if condition():
                return
            time.sleep(0.1)
        self.fail("it did not come in two minutes")

    def test_folder_of_runs(self):
        """of one folder all runs; that it holds none is good where some may come"""
        both, empty = self.here / "both", self.here / "empty"
        for name in "two", "three":
            shutil.copytree(self.here / name, both / name)
        empty.mkdir()
        board = both / "board"
        self.assertEqual(dfkd("scalars", "--tensorboard", board, both).returncode, 0)
        self.assertEqual({path.name for path in board.iterdir()}, {"two", "three"})
        self.assertEqual(dfkd("scalars", "--tensorboard", board, empty).returncode, 1)
        self.assertEqual(dfkd("scalars", "--follow", both).returncode, 2)

    def test_same_names(self):
        """a run's events are not replaced by those of another one of its name, unless it is gone"""
        runs, board = [self.here / folder / "same" for folder in ("one", "other")], self.here / "same-names"
        for run, source in zip(runs, ("two", "three")):
            shutil.copytree(self.here / source, run)
        self.assertEqual(dfkd("scalars", "--tensorboard", board, runs[0]).returncode, 0)
        before = (board / "same" / FILE).read_bytes()
        other = dfkd("scalars", "--tensorboard", board, runs[1])
        self.assertEqual(other.returncode, 2, other)
        for text in str(runs[0]), str(runs[1]), str(board / "same"):
            self.assertIn(text, other.stderr)
        self.assertEqual((board / "same" / FILE).read_bytes(), before)
        runs[0].rename(self.here / "moved")
        self.assertEqual(dfkd("scalars", "--tensorboard", board, runs[1]).returncode, 0)
        (file,) = (board / "same").glob("events*")
        self.assertEqual(event_files.read(file.read_bytes())[1:], event_files.read(self.exported(runs[1]))[1:])

    def test_followed(self):
        """what comes is there while it comes, of runs that begin later, too; where all have finished it ends"""
        runs, board = self.here / "runs", self.here / "followed"
        runs.mkdir()
        follower = subprocess.Popen([DFKD, "scalars", "--tensorboard", board, "--follow", runs], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        run = subprocess.Popen([DFKD, "distill", *TINY, "--syntheses", "100000", "--run-folder", runs / "long"], env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        file = board / "long" / FILE
        try:
            self.wait_until(file.exists)
            first = file.read_bytes()
            self.wait_until(lambda: len(file.read_bytes()) > len(first))
            self.assertIsNone(run.poll())
            run.send_signal(signal.SIGINT)
            run.wait(120)
            whole = self.exported(runs / "long")
            self.wait_until(lambda: file.read_bytes() == whole)
            self.assertTrue(whole.startswith(first))
            self.assertIsNone(follower.poll())
        finally:
            run.kill()
            follower.send_signal(signal.SIGINT)
            told, _ = follower.communicate(timeout=60)
        self.assertEqual((follower.returncode, told), (0, f"{file}\n"))

        done = dfkd("scalars", "--tensorboard", self.here / "ended", "--follow", self.here / "two", self.here / "three")
        self.assertEqual((done.returncode, len(done.stdout.splitlines()), done.stderr), (0, 2, ""))

    def test_distilled(self):
        """a run writes itself, also where it is gone on with"""
        run, board = self.here / "itself", self.here / "of-itself"
        file = board / "itself" / FILE
        options = [*TINY, "--run-folder", run, "--tensorboard", board, "--snapshot-every", "1"]
        first = subprocess.Popen([DFKD, "distill", *map(str, options), "--syntheses", "100000"], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait_until(lambda: file.exists() and (run / "snapshots").exists())
            self.assertIsNone(first.poll())
        finally:
            first.send_signal(signal.SIGINT)
            first.wait(120)
        begun = file.read_bytes()
        self.assertEqual(begun, self.exported(run))
        (told,) = json.loads(dfkd("runs", "--json", run).stdout)
        done = dfkd("distill", "--resume", run, "--tensorboard", board, "--syntheses", told["syntheses"] + 2)
        self.assertEqual((done.returncode, file.read_bytes()), (0, self.exported(run)), done)
        self.assertGreater(len(file.read_bytes()), len(begun))
        done = dfkd("distill", "--resume", run, "--tensorboard", "/proc/none")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--tensorboard", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
