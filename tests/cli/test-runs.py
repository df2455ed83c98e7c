#!/usr/bin/env python3
"""dfkd runs and dfkd scalars: what they tell of runs is what those have in their folders.

    test-runs.py PATH/TO/dfkd"""
import csv
import io
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from program import DFKD, ENVIRONMENT, dfkd
from two_runs import TINY, TwoRuns, events

CLOCKS = "generate", "distil", "evaluate", "show"


class Runs(TwoRuns):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.utime(cls.here / "two" / "events.jsonl", (0, 0))  # the older one, whatever the clock's seconds say

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
        self.assertEqual(run["turned"], {})

    def test_turned(self):
        """dials that were turned while a run went on are told as what they were and became"""
        path = self.here / "turned" / "run"
        child = subprocess.Popen([DFKD, "distill", *TINY, "--syntheses", "4000", "--run-folder", path], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        while not (path / "pictures" / "000002.safetensors").exists():
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        child.send_signal(signal.SIGTERM)
        child.wait(60)
        (run,) = self.listed(path)
        done = dfkd("distill", "--resume", path, "--k", "3", "--syntheses", run["syntheses"] + 2)
        self.assertEqual(done.returncode, 0, done)
        (run,) = self.listed(path)
        self.assertEqual((run["recipe"]["k"], run["turned"]["k"]), (2, 3))
        lines = dfkd("runs", path).stdout.splitlines()
        self.assertIn(" k ", lines[0])
        self.assertIn(" 2 → 3 ", lines[1])
        shutil.rmtree(path.parent)

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

    def test_no_control_sequences(self):
        """names out of files do not steer the terminal"""
        odd = self.here / "escapes" / "run"
        shutil.copytree(self.here / "two", odd)
        for number in range(2):
            recipe = json.loads((odd / "recipe.json").read_text())
            recipe["parameters"]["teacher_classes"] = f"a{number},\x1b[2J"
            (odd / "recipe.json").write_text(json.dumps(recipe))
            shutil.copytree(odd, odd.with_name(f"run{number}"))
        told = dfkd("runs", odd.parent).stdout
        self.assertIn("a1, [2J", told)
        self.assertNotIn("\x1b", told)
        file = self.here / "escapes" / "e.json"
        file.write_text(json.dumps({"name": "n\x1b[2J", "seeds": [0], "runs": [{"name": "r\x1b]0;x\x07"}]}))
        told = dfkd("experiment", "--list", file).stdout
        self.assertIn("r ]0;x", told)
        self.assertNotIn("\x1b", told)
        shutil.rmtree(odd.parent)

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
        wrong = dfkd("scalars", "-o", table, self.here / "two", self.here / "no")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn(str(self.here / "no"), wrong.stderr)
        self.assertEqual(table.read_text(), before)
        nowhere = dfkd("scalars", "-o", self.here / "no" / "table.csv", self.here / "two")
        self.assertEqual(nowhere.returncode, 1)
        self.assertIn("no/table.csv", nowhere.stderr)
        self.assertEqual(dfkd("scalars").returncode, 2)


def events_so_far(run):
    """the last line may not be whole yet"""
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines(keepends=True) if line.endswith("\n")]


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
