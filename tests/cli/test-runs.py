#!/usr/bin/env python3
"""dfkd runs and dfkd scalars, also as TensorBoard reads it: what they tell of runs is what those have in their folders.

    test-runs.py PATH/TO/dfkd"""
import csv
import io
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

TINY = ["--batch", "8", "--nz", "12", "--ngf", "4", "--k", "2", "--kd-steps", "3", "--warmup", "1", "--evaluate-every", "2", "--data", "none", "--device", "cpu"]
CLOCKS = "generate", "distil", "evaluate", "show"


def events(run):
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = Path(cls.folder.name)
        for name, options in ("two", ["--k", "2"]), ("three", ["--k", "3", "--seed", "5"]):
            done = dfkd("distill", *TINY, *options, "--syntheses", "4", "--run-folder", cls.here / name)
            assert done.returncode == 0, done
        os.utime(cls.here / "two" / "events.jsonl", (0, 0))  # the older one, whatever the clock's seconds say

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def listed(self, *arguments, code=0, **options):
        done = dfkd("runs", "--json", *arguments, **options)
        self.assertEqual(done.returncode, code, done)
        return json.loads(done.stdout)

    def test_finished(self):
        """as its summary says, with the whole recipe"""
        (run,) = self.listed(self.here / "three")
        summary = json.loads((self.here / "three" / "summary.json").read_text())
        self.assertEqual(run["state"], "finished")
        self.assertEqual((run["syntheses"], run["of"]), (4, 4))
        self.assertIsNone(run["seconds_left"])
        self.assertEqual(run["device"], summary["device"])
        for name in CLOCKS:
            self.assertAlmostEqual(run["seconds"][name], summary["seconds"][name], 5)
        self.assertEqual(run["recipe"], json.loads((self.here / "three" / "recipe.json").read_text())["parameters"])

    def test_accuracies(self):
        """out of the log, while there is no summary yet; the summary knows of the chosen one besides"""
        copy = self.here / "measured"
        shutil.copytree(self.here / "two", copy)
        lines = (copy / "events.jsonl").read_text().splitlines()
        for synthesis, accuracy in (2, 60.5), (3, 70.25), (4, 65.0):
            lines.insert(-1, json.dumps({"event": "evaluation", "inner_step": 8, "student_step": 9, "synthesis": synthesis, "clocks": [1, 2, 3, 0],
                                         "accuracy": accuracy, "teacher": 91.5}))
        (copy / "events.jsonl").write_text("\n".join(lines) + "\n")
        summary = json.loads((copy / "summary.json").read_text())
        (copy / "summary.json").unlink()
        (run,) = self.listed(copy)
        self.assertEqual(run["accuracy"], {"last": 65.0, "best": 70.25, "chosen": None, "teacher": 91.5})
        summary["accuracy"]["chosen"] = 70.25
        (copy / "summary.json").write_text(json.dumps(summary))
        (run,) = self.listed(copy)
        self.assertEqual(run["accuracy"], {"last": 65.0, "best": 70.25, "chosen": 70.25, "teacher": 91.5})
        shutil.rmtree(copy)

    def test_states(self):
        """one that goes on, the same once it is stopped, and without its snapshots"""
        path = self.here / "long"
        program = subprocess.Popen([DFKD, "distill", *TINY, "--syntheses", "100000", "--snapshot-every", "1", "--run-folder", path], env=ENVIRONMENT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not (path / "events.jsonl").exists() or sum(event.get("event") == "synthesis" for event in events_so_far(path)) < 6:
                self.assertIsNone(program.poll())
                time.sleep(0.1)
            (run,) = self.listed(path)
            if sys.platform == "linux":
                self.assertEqual(run["state"], "running")
                self.assertGreater(run["seconds_left"], 1.0)
            self.assertEqual(run["of"], 100000)
            self.assertGreaterEqual(run["syntheses"], 6)
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait()
        (run,) = self.listed(path)
        self.assertEqual(run["state"], "stopped")
        self.assertIsNone(run["seconds_left"])
        shutil.rmtree(path / "snapshots")
        (run,) = self.listed(path)
        self.assertEqual(run["state"], "cut-off")
        shutil.rmtree(path)

    def test_table(self):
        """a row for a run, the newest first, and columns for what differs alone"""
        table = dfkd("runs", self.here)
        self.assertEqual(table.returncode, 0, table)
        heading, *rows = [line.split() for line in table.stdout.splitlines()]
        self.assertEqual(heading[:5], ["Run", "State", "Seed", "k", "Syntheses"])
        self.assertEqual([row[:5] for row in rows], [["three", "finished", "5", "3", "4/4"], ["two", "finished", "0", "2", "4/4"]])
        self.assertEqual(len({len(line) for line in table.stdout.splitlines()}), 1)  # columns stand below their headings
        one = dfkd("runs", self.here / "two")
        self.assertEqual(one.stdout.split()[:3], ["Run", "State", "Syntheses"])

    def test_notes(self):
        """as the window keeps them: one line, whatever is in the file"""
        note = self.here / "two" / "note.txt"
        for text, told in (b"lower rate\xc3\xa9\nmore\n", "lower rateé"), (b" \x1b[2Jred\t1 ", "[2Jred 1"), (b"\n", None), (b"\xff\xfe", None), (b"x" * 9000, "x" * 500):
            note.write_bytes(text)
            (run,) = self.listed(self.here / "two")
            self.assertEqual(run.get("note"), told)
            lines = dfkd("runs", self.here).stdout.splitlines()
            self.assertEqual(lines[3:], [] if told is None else [f"two: {told}"])
        note.unlink()

    def test_names(self):
        """what a folder is called does not move the terminal's cursor"""
        odd = self.here / "odd" / "a\x1b[2J\nb"
        shutil.copytree(self.here / "two", odd)
        lines = dfkd("runs", odd).stdout.splitlines()
        self.assertEqual((len(lines), lines[1][:7]), (2, "a [2J b"))
        shutil.rmtree(odd.parent)

    def test_methods(self):
        """what comes with a method is not told besides"""
        other = self.here / "others" / "dafl"
        done = dfkd("distill", *TINY, "--method", "dafl", "--k", "1", "--syntheses", "2", "--run-folder", other)
        self.assertEqual(done.returncode, 0, done)
        heading = dfkd("runs", self.here / "two", other).stdout.splitlines()[0].split()
        self.assertEqual(heading[:5], ["Run", "State", "Method", "k", "Syntheses"])

    def test_default_folder(self):
        """runs/ is where dfkd distill makes them"""
        (self.here / "place" / "runs").mkdir(parents=True)
        shutil.copytree(self.here / "two", self.here / "place" / "runs" / "two")
        self.assertEqual([run["folder"] for run in self.listed(cwd=self.here / "place")], ["runs/two"])

    def test_refused(self):
        """what is no run is named, and what can be read is told all the same"""
        broken = self.here / "broken" / "run"
        shutil.copytree(self.here / "two", broken)
        (broken / "recipe.json").write_text("{")
        done = dfkd("runs", "--json", self.here / "nowhere", broken, self.here / "two")
        self.assertEqual(done.returncode, 1, done)
        for text in str(self.here / "nowhere"), str(broken / "recipe.json"):
            self.assertIn(text, done.stderr)
        self.assertEqual([Path(run["folder"]).name for run in json.loads(done.stdout)], ["two"])
        for option in "--device", "--threads":
            self.assertEqual(dfkd("runs", option, "1").returncode, 2)

    # ---- scalars

    def rows(self, *arguments):
        done = dfkd("scalars", *arguments)
        self.assertEqual(done.returncode, 0, done)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def test_scalars(self):
        """each scalar of the log, in its order, with the step and the four clocks"""
        runs = [self.here / "two", self.here / "three"]
        told = [(str(run), event) for run in runs for event in events(run) if "scalar" in event]
        rows = self.rows(*runs)
        self.assertEqual(len(rows), len(told))
        for row, (run, event) in zip(rows, told):
            self.assertEqual((row["run"], row["series"], int(row["step"])), (run, event["scalar"], event["step"]))
            for name, seconds in zip(CLOCKS, event["clocks"]):
                self.assertTrue(math.isclose(float(row[name]), seconds, rel_tol=1e-6, abs_tol=1e-6))
            self.assertEqual(row["value"] == "", event["value"] is None)
            self.assertTrue(event["value"] is None or math.isclose(float(row["value"]), event["value"], rel_tol=1e-6))

    def test_series(self):
        """those that are asked for, and which there are"""
        rows = self.rows("--series", "loss", "--series", "lr_student", self.here / "two")
        self.assertEqual({row["series"] for row in rows}, {"loss", "lr_student"})
        self.assertEqual(sum(row["series"] == "loss" for row in rows), 8)
        wrong = dfkd("scalars", "--series", "los", self.here / "two")
        self.assertEqual(wrong.returncode, 2)
        for text in "--series", "los", "loss_student":
            self.assertIn(text, wrong.stderr)

    def test_output(self):
        """in a file as on the terminal; what is wrong leaves no file, and one that was there as it was"""
        table = self.here / "table.csv"
        done = dfkd("scalars", "-o", table, self.here / "two")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        before = table.read_text()
        self.assertEqual(before, dfkd("scalars", self.here / "two").stdout)
        wrong = dfkd("scalars", "-o", table, self.here / "two", self.here)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(str(self.here), wrong.stderr)
        self.assertEqual(table.read_text(), before)
        nowhere = dfkd("scalars", "-o", self.here / "no" / "table.csv", self.here / "two")
        self.assertEqual(nowhere.returncode, 1)
        self.assertIn("no/table.csv", nowhere.stderr)
        self.assertEqual(dfkd("scalars").returncode, 2)

    def test_tensorboard(self):
        """each scalar by its step, and the images of each synthesis, in a file for each run that can be written again"""
        tags = {"loss": "synthesis/loss", "loss_bn": "synthesis/loss_bn", "loss_oh": "synthesis/loss_oh", "loss_adv": "synthesis/loss_adv",
                "agreement": "synthesis/agreement", "loss_student": "student/loss", "lr_student": "student/rate"}
        board = self.here / "board"
        for _ in range(2):
            done = dfkd("scalars", "--tensorboard", board, self.here / "two", str(self.here / "three") + "/")
            self.assertEqual(done.returncode, 0, done)
        self.assertEqual(sorted(str(path.relative_to(board)) for path in board.rglob("*")),
                         ["three", "three/events.out.tfevents.dfkd-000001", "two", "two/events.out.tfevents.dfkd-000001"])
        self.assertEqual(done.stdout.split(), [str(board / name / "events.out.tfevents.dfkd-000001") for name in ("two", "three")])
        run = self.here / "two"
        (begin, *_), *told = event_files.read((board / "two" / "events.out.tfevents.dfkd-000001").read_bytes())
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
                                      ([self.here / "two", self.here], 1, "recipe.json"),
                                      ([self.here / "two", self.here / "board" / ".." / "two"], 2, "two commands")):
            wrong = dfkd("scalars", "--tensorboard", self.here / "other", *arguments)
            self.assertEqual(wrong.returncode, code, wrong)
            self.assertIn(text, wrong.stderr)


    def test_tensorboard_grows(self):
        """written again while a run goes on, it is the same file with more behind; another one where the log is another"""
        copy, board = self.here / "growing" / "run", self.here / "growing" / "board"
        shutil.copytree(self.here / "two", copy)
        lines = (copy / "events.jsonl").read_text().splitlines(keepends=True)
        before = b""
        file = board / "run" / "events.out.tfevents.dfkd-000001"
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
        self.assertEqual(([later], done.stdout), (list((board / "run").iterdir()), f"{later}\n"))
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
        (file,) = (board / "run").iterdir()
        images = [step for _, step, tag, _ in event_files.read(file.read_bytes()) if tag == "synthesis/images"]
        self.assertEqual(images, [1, 3, 4])
        shutil.rmtree(copy.parent)


def events_so_far(run):
    """the last line may not be whole yet"""
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines(keepends=True) if line.endswith("\n")]


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
