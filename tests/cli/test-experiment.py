#!/usr/bin/env python3
"""Drives dfkd experiment: tables of tiny runs, cut off at any moment, and what they leave.

    test-experiment.py PATH/TO/dfkd
"""
import base64
import csv
import json
import os
import random
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib
from pathlib import Path

from program import DFKD, ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
TINY = {"student": "lenet5_half", "batch": 8, "nz": 12, "ngf": 4, "k": 2, "kd_steps": 3, "syntheses": 5, "warmup": 1, "evaluate_every": 1,
        "snapshot_every": 1}
LEAST = 5 if "ASAN_OPTIONS" in os.environ else 3  # the engine is fifteen times slower under sanitizers


def command(*arguments):
    return [DFKD, "experiment", *map(str, arguments), "--device", "cpu", "--threads", "1"]


def dfkd(*arguments):
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=300, env=ENVIRONMENT)


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    return {name: (entry["shape"], data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]])
            for name, entry in json.loads(data[8:start]).items() if name != "__metadata__"}


def read_png(data):
    """width, height and grey pixels; every checksum is checked"""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + length
    width, height, bits, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (bits, colour) == (8, 0)
    rows = zlib.decompress(chunks[b"IDAT"])
    assert all(rows[y * (width + 1)] == 0 for y in range(height))
    return width, height, [rows[y * (width + 1) + 1:(y + 1) * (width + 1)] for y in range(height)]


class Experiment(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = Path(folder.name)
        numbers = random.Random(3)
        labels = [label for label in range(10) for _ in range(label + 1)]  # so that students that know nothing differ
        count = len(labels)
        (self.here / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + struct.pack(">III", count, 28, 28)
                                                           + numbers.randbytes(count * 784))
        (self.here / "t10k-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + struct.pack(">I", count) + bytes(labels))

    def write(self, **members):
        path = self.here / "table.json"
        document = {"name": "Tiny", "parameters": {**TINY, "data": str(self.here)}, **members}
        document["parameters"] = {**TINY, "data": str(self.here), **members.get("parameters", {})}
        path.write_text(json.dumps(document))
        return path

    def rows(self, folder):
        with open(folder / "results.csv", newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    def agreement(self, run, syntheses, k):
        """the mean over its last inner steps"""
        told = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
        return statistics.mean([event["value"] for event in told if event.get("scalar") == "agreement"][-syntheses * k:])

    def students(self, folder):
        return {path.parent.name: path.read_bytes() for path in sorted(folder.glob("*/student.safetensors"))}

    def assert_same(self, one, other):
        """but for the clocks"""
        def plain(folder):
            return [{k: v for k, v in row.items() if not k.startswith("seconds_")} for row in self.rows(folder)]

        self.assertEqual(plain(one), plain(other))
        self.assertEqual(self.students(one), self.students(other))

    def test_table(self):
        path = self.write(seeds=[0, 1], runs=[{"name": "k = 2"}, {"name": "k = 3", "parameters": {"k": 3}},
                                              {"name": "lost", "parameters": {"teacher": "nowhere.safetensors"}}])
        folder = self.here / "out"
        done = dfkd(path, "--folder", folder)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("lost-seed0 failed: nowhere.safetensors", done.stderr)
        rows = self.rows(folder)
        self.assertEqual([(r["recipe"], r["k"], r["seed"], r["state"]) for r in rows],
                         [("k = 2", "2", "0", "finished"), ("k = 3", "3", "0", "finished"), ("lost", "2", "0", "failed"),
                          ("k = 2", "2", "1", "finished"), ("k = 3", "3", "1", "finished"), ("lost", "2", "1", "failed")])
        for row in rows[0], rows[1], rows[3], rows[4]:
            summary = json.loads((folder / row["folder"] / "summary.json").read_text())
            self.assertTrue(summary["finished"])
            self.assertEqual(summary["seed"], int(row["seed"]))
            for name in ("final", "best", "chosen", "teacher"):
                self.assertAlmostEqual(float(row["accuracy_" + name]), summary["accuracy"][name])
            for name in ("generate", "distil", "evaluate", "show"):
                self.assertAlmostEqual(float(row["seconds_" + name]), summary["seconds"][name], places=6)
            self.assertEqual(int(row["images"]), 40)
            self.assertAlmostEqual(float(row["agreement"]), self.agreement(folder / row["folder"], 5, int(row["k"])))
        self.assertIn("nowhere.safetensors", rows[2]["message"])

        # the means of the table are those of the rows
        table = (folder / "results.md").read_text()
        self.assertIn("4 of 6 runs finished", table)
        for name in "k = 2", "k = 3":
            final = [float(r["accuracy_final"]) for r in rows if r["recipe"] == name]
            text = f"| {name} | 2 | {statistics.mean(final):.2f} ± {statistics.stdev(final):.2f} |"
            self.assertIn(text, table)
        self.check_page(folder)

        # finished runs are passed over, and a failed one is tried again
        before = {path: path.stat().st_mtime_ns for path in folder.glob("*/student.safetensors")}
        again = dfkd(path, "--folder", folder)
        self.assertEqual(again.returncode, 1, again)
        self.assertIn("lost-seed1 failed", again.stderr)
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in folder.glob("*/student.safetensors")})

        # another recipe under the same name must not be mixed with what is there, whose results stay
        kept = {path: path.read_bytes() for path in folder.glob("*") if path.is_file()}
        self.write(seeds=[0, 1], runs=[{"name": "k = 2", "parameters": {"k": 4}}, {"name": "k = 3", "parameters": {"k": 3}}])
        changed = dfkd(path, "--folder", folder)
        self.assertEqual(changed.returncode, 1, changed)
        for text in "k=2-seed0", "k 2, not 4", "--folder":
            self.assertIn(text, changed.stderr)
        self.assertEqual({path: path.read_bytes() for path in folder.glob("*") if path.is_file()}, kept)

    def check_page(self, folder):
        page = (folder / "results.html").read_text()
        self.assertTrue(page.startswith("<!DOCTYPE html>\n<html lang=\"en\">"), page[:100])
        self.assertNotIn("http", page)
        self.assertIn("<svg", page)
        pictures = [base64.b64decode(data) for data in re.findall(r"data:image/png;base64,([^\"]+)", page)]
        self.assertEqual(len(pictures), 2)
        width, height, rows = read_png(pictures[0])
        self.assertEqual((width, height), (8 * 34 - 2, 32))
        kept = read_safetensors(sorted((folder / "k=2-seed0" / "pictures").glob("*"))[-1])
        shape, pixels = kept["images"]
        self.assertEqual(shape, [8, 1, 32, 32])
        for i in range(8):
            self.assertEqual(b"".join(row[i * 34:i * 34 + 32] for row in rows), pixels[i * 1024:(i + 1) * 1024])

    def kill_again_and_again(self, path, folder):
        """killed whenever LEAST to LEAST + 2 more syntheses are on disk, until there is nothing left to kill; returns how often"""
        kills = 0
        while True:
            child = subprocess.Popen(command(path, "--folder", folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                     env=ENVIRONMENT)
            seen = len(list(folder.glob("*/pictures/*")))
            while child.poll() is None and len(list(folder.glob("*/pictures/*"))) < seen + LEAST + kills % 3:
                time.sleep(0.005)
            if child.poll() is not None:
                self.assertEqual(child.returncode, 0)
                return kills
            child.kill()
            child.wait()
            kills += 1
            self.assertLess(kills, 200)

    def test_interruption(self):
        path = self.write(seeds=[0, 1], runs=[{"name": "a"}, {"name": "b", "parameters": {"reuse": "none", "snapshot_every": 3}}])
        self.assertEqual(dfkd(path, "--folder", self.here / "whole").returncode, 0)
        self.assertEqual(len(self.students(self.here / "whole")), 4)
        self.assertGreater(self.kill_again_and_again(path, self.here / "cut"), 1)
        self.assert_same(self.here / "whole", self.here / "cut")

    def test_nothing_half_written(self):
        """what a kill left half written goes with the next start, also where nothing is left to do"""
        path = self.write(runs=[{"name": "a"}])
        folder = self.here / "out"
        self.assertEqual(dfkd(path, "--folder", folder).returncode, 0)
        left = [folder / name for name in ("experiment.json.tmp-ab12CD", "results.csv.tmp-ab12CD", "results.md.tmp-ab12CD", "results.html.tmp-ab12CD",
                                           "a-seed0/summary.json.tmp-ab12CD", "a-seed0/snapshots/0000000010-0000000012.safetensors.tmp-ab12CD")]
        for other in ("notes.tmp-ab12CD", "a-seed0/notes.tmp-ab12CD"):  # of somebody else
            (folder / other).write_text("mine")
        for name in left:
            name.write_text("half")
        self.assertEqual(dfkd(path, "--folder", folder).returncode, 0)
        self.assertEqual([name for name in left if name.exists()], [])
        self.assertEqual(len(list(folder.rglob("notes.tmp-*"))), 2)

    def test_one_interrupt(self):
        path = self.write(parameters={"syntheses": 12}, runs=[{"name": "a"}, {"name": "b", "parameters": {"k": 3}}])
        folder = self.here / "out"
        child = subprocess.Popen(command(path, "--folder", folder), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while not (folder / "a-seed0" / "pictures" / "000002.safetensors").exists():
            time.sleep(0.01)
        # nobody else may work there meanwhile
        second = dfkd(path, "--folder", folder)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another experiment", second.stderr)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertIn("goes on", said)
        self.assertEqual([r["state"] for r in self.rows(folder)], ["begun", "waiting"])

        # the same command goes on from the snapshot instead of beginning again
        self.assertEqual(dfkd(path, "--folder", folder).returncode, 0)
        log = (folder / "a-seed0" / "events.jsonl").read_text()
        self.assertEqual(log.count('"event":"started"'), 2)
        self.assertEqual([r["state"] for r in self.rows(folder)], ["finished", "finished"])

    def test_jobs(self):
        """some at a time: two are under way together, both go on after an interrupt, and the end is that of one after another"""
        path = self.write(parameters={"syntheses": 12}, seeds=[0, 1],
                          runs=[{"name": "a"}, {"name": "b", "parameters": {"k": 3}}, {"name": "lost", "parameters": {"teacher": "nowhere.safetensors"}}])
        self.assertEqual(dfkd(path, "--folder", self.here / "whole").returncode, 1)
        folder = self.here / "out"
        child = subprocess.Popen(command(path, "--folder", folder, "--jobs", 2), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        while not all((folder / f"{name}-seed0" / "pictures" / "000002.safetensors").exists() for name in "ab"):
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertIn("run 1 of 6, a, seed 0", said)
        self.assertEqual([r["state"] for r in self.rows(folder)][:2], ["begun", "begun"])
        done = dfkd(path, "--folder", folder, "--jobs", 3)
        self.assertEqual(done.returncode, 1, done)
        for seed in 0, 1:
            self.assertIn(f"lost-seed{seed} failed", done.stderr)
        self.assert_same(self.here / "whole", folder)

    def test_parts(self):
        """processes that share a folder do a part each at the same time, and the last leaves the table of one that does all"""
        path = self.write(seeds=[0, 1], runs=[{"name": "a"}, {"name": "b", "parameters": {"k": 3}}, {"name": "c", "parameters": {"k": 4}}])
        self.assertEqual(dfkd(path, "--folder", self.here / "whole").returncode, 0)
        folder = self.here / "out"
        parts = [subprocess.Popen(command(path, "--folder", folder, "--part", f"{i}/3"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env=ENVIRONMENT) for i in (1, 2, 3)]
        said = [part.communicate(timeout=120)[1] for part in parts]
        self.assertEqual([part.returncode for part in parts], [0] * 3, said)
        for i, name in enumerate("abc"):  # runs are dealt out in turns
            self.assertEqual(sorted(re.findall(r"^(\S+): 5 syntheses", said[i], re.M)), [f"{name}-seed0", f"{name}-seed1"])
        self.assert_same(self.here / "whole", folder)
        self.assertIn("6 of 6 runs finished", (folder / "results.md").read_text())

    def test_parts_that_fail(self):
        """what failed in one part is told by the others, until it is done"""
        path = self.write(seeds=[0], runs=[{"name": "a"}, {"name": "lost", "parameters": {"teacher": "late.safetensors"}}])
        folder = self.here / "out"
        self.assertEqual(dfkd(path, "--folder", folder, "--part", "2/2").returncode, 1)
        self.assertEqual(dfkd(path, "--folder", folder, "--part", "1/2").returncode, 0)
        self.assertEqual([row["state"] for row in self.rows(folder)], ["finished", "failed"])
        self.assertIn("late.safetensors", self.rows(folder)[1]["message"])
        self.assertIn("1 failed", (folder / "results.md").read_text())
        shutil.copy(ROOT / "data" / "teacher.safetensors", self.here / "late.safetensors")
        self.assertEqual(dfkd(path, "--folder", folder, "--part", "2/2").returncode, 0)
        self.assertEqual([row["state"] for row in self.rows(folder)], ["finished", "finished"])

    def test_paths(self):
        """files are where the experiment's file or its recipe's says, wherever the command is given; the copy finds them, too"""
        (self.here / "recipes").mkdir()
        for place in self.here, self.here / "recipes":
            shutil.copy(ROOT / "data" / "teacher.safetensors", place / "own.safetensors")
        (self.here / "recipes" / "r.json").write_text(json.dumps({"parameters": {"teacher": "own.safetensors"}}))
        path = self.write(seeds=[0], runs=[{"name": "a", "parameters": {"teacher": "own.safetensors"}}, {"name": "b", "base": "recipes/r.json"},
                                           {"name": "c", "base": {"teacher": "own.safetensors"}}])
        folder = self.here / "out"
        done = subprocess.run(command(path, "--folder", folder), capture_output=True, text=True, timeout=300, env=ENVIRONMENT, cwd="/")
        self.assertEqual(done.returncode, 0, done)
        teachers = [json.loads((folder / f"{name}-seed0" / "recipe.json").read_text())["parameters"]["teacher"] for name in "abc"]
        self.assertEqual(teachers, [str(place / "own.safetensors") for place in (self.here, self.here / "recipes", self.here)])
        copy = json.loads((folder / "experiment.json").read_text())
        self.assertEqual([(run.get("base", {}) | run.get("parameters", {}))["teacher"] for run in copy["runs"]], teachers)

    def test_parts_apart(self):
        """nobody does the same part, or all of it, beside one that does a part"""
        path = self.write(parameters={"syntheses": 1000}, seeds=[0, 1, 2])
        folder = self.here / "out"
        child = subprocess.Popen(command(path, "--folder", folder, "--part", "2/2"), stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        while not list(folder.glob("*-seed1/events.jsonl")):
            self.assertIsNone(child.poll())
            time.sleep(0.01)
        for options in ["--part", "2/2"], []:
            done = dfkd(path, "--folder", folder, *options)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(f"another experiment writes in {folder}", done.stderr)
        child.send_signal(signal.SIGINT)
        child.wait(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertEqual([r["state"] for r in self.rows(folder)], ["waiting", "begun", "waiting"])

    def test_devices(self):
        """each device gets a run; one that is not there is told before any"""
        path = self.write(seeds=[0, 1], runs=[{"name": "a"}])
        folder = self.here / "out"
        on = lambda devices: subprocess.run([*command(path, "--folder", folder), "--device", devices], capture_output=True, text=True,
                                            timeout=300, env=ENVIRONMENT)
        for devices in "nowhere", "cpu,nowhere", "cpu,vulkan:99":
            done = on(devices)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done)
            self.assertIn(f"--device {devices.split(',')[-1]}: ", done.stderr)
            self.assertFalse(folder.exists())
        known = json.loads(subprocess.run([DFKD, "devices", "--json"], capture_output=True, text=True).stdout)
        if len(known) < 2:
            self.skipTest("there is no Vulkan device")
        done = on("cpu,vulkan:0")
        self.assertEqual(done.returncode, 0, done)
        used = [json.loads((folder / f"a-seed{seed}" / "summary.json").read_text())["device"] for seed in (0, 1)]
        self.assertEqual([name == known[1]["name"] for name in used], [False, True], used)

    def test_take_from(self):
        """runs of the same recipe and seed are copied, whatever they are called; others, and unfinished ones, are not"""
        path = self.write(seeds=[0, 1], runs=[{"name": "a"}, {"name": "b", "parameters": {"k": 3}}])
        first = self.here / "first"
        self.assertEqual(dfkd(path, "--folder", first).returncode, 0)
        summary = first / "a-seed1" / "summary.json"
        summary.write_text(summary.read_text().replace("true", "false"))
        path = self.write(seeds=[0, 1], runs=[{"name": "other"}, {"name": "third", "parameters": {"k": 4}}])
        folder = self.here / "second"
        (folder / "other-seed0.copying").mkdir(parents=True)  # as a copy leaves it that was cut off
        done = dfkd(path, "--folder", folder, "--take-from", self.here, "--take-from", first)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([line for line in done.stderr.splitlines() if "copy" in line],
                         [f"other-seed0 is a copy of the finished run in {first / 'a-seed0'}"])
        self.assertEqual([r["state"] for r in self.rows(folder)], ["finished"] * 4)
        students, taken = self.students(folder), self.students(first)
        self.assertEqual(students["other-seed0"], taken["a-seed0"])
        self.assertEqual(students["other-seed1"], taken["a-seed1"])  # run again, with the same end
        self.assertFalse((folder / "other-seed0.copying").exists())
        for name in "events.jsonl", "recipe.json", "pictures/000003.safetensors":
            self.assertEqual((folder / "other-seed0" / name).read_bytes(), (first / "a-seed0" / name).read_bytes())
        self.assertTrue((first / "a-seed0" / "student.safetensors").exists())
        none = dfkd(path, "--folder", folder, "--take-from", self.here / "nowhere")
        self.assertGreater(none.returncode, 0)
        self.assertIn("nowhere", none.stderr)

    def test_halving(self):
        parameters = {"syntheses": 8, "snapshot_every": 2, "warmup": 1, "kd_steps": 10}
        sweep = {"kind": "halving", "count": 4, "least": 2, "eta": 2,
                 "parameters": {"lr": {"from": 1e-3, "to": 1}, "lr_g": {"from": 1e-3, "to": 1e-1}}}
        path = self.write(parameters=parameters, seeds=[0, 1], sweep=sweep)
        folder = self.here / "whole"
        done = dfkd(path, "--folder", folder)
        self.assertEqual(done.returncode, 0, done)
        rows = self.rows(folder)
        self.assertEqual(len(rows), 8)

        # the same choice, made from the logs
        def score(recipe, syntheses):
            found = []
            for row in rows:
                for line in (folder / row["folder"] / "events.jsonl").read_text().splitlines() if row["recipe"] == recipe else ():
                    event = json.loads(line)
                    if event.get("event") == "evaluation" and event["synthesis"] == syntheses:
                        found.append(event["accuracy"])
            self.assertEqual(len(found), 2)
            return statistics.mean(found)

        self.assertGreater(len({score(row["recipe"], 2) for row in rows}), 1, "scores that are all alike prove nothing")
        alive, reached = list(dict.fromkeys(row["recipe"] for row in rows)), {}
        for syntheses, count in ((2, 2), (4, 1), (8, 0)):
            reached.update({recipe: syntheses for recipe in alive})
            alive = sorted(sorted(alive, key=lambda r: -score(r, syntheses))[:count], key=list(reached).index)
        self.assertEqual({row["recipe"]: int(row["syntheses"]) for row in rows}, reached)
        self.assertEqual([row["state"] for row in rows],
                         ["finished" if reached[row["recipe"]] == 8 else "dropped" for row in rows])

        for row in rows:  # by what they could be judged without data: over half of the first rung
            self.assertAlmostEqual(float(row["agreement"]), self.agreement(folder / row["folder"], 1, 2))

        # being stopped and resumed at the rungs changed nothing: the same student as in one go
        winner = next(row for row in rows if row["state"] == "finished")
        recipe = folder / winner["folder"] / "recipe.json"
        plain = subprocess.run([DFKD, "distill", "--recipe", recipe, "--run-folder", self.here / "plain", "--device", "cpu",
                                "--threads", "1"], capture_output=True, text=True, timeout=120)
        self.assertEqual(plain.returncode, 0, plain)
        students = self.students(folder)
        self.assertEqual((self.here / "plain" / "student.safetensors").read_bytes(), students[winner["folder"]])

        self.assertEqual(dfkd(path, "--folder", self.here / "jobs", "--jobs", 3).returncode, 0)
        self.assert_same(folder, self.here / "jobs")
        self.assertGreater(self.kill_again_and_again(path, self.here / "cut"), 1)
        self.assert_same(folder, self.here / "cut")

        # as one leaves it that was cut off behind the measurement at the end of its rung
        lost = next(row["folder"] for row in rows if row["state"] == "dropped")
        for name in "summary.json", "student.safetensors":
            (self.here / "jobs" / lost / name).unlink()
        self.assertEqual(dfkd(path, "--folder", self.here / "jobs").returncode, 0)
        self.assert_same(folder, self.here / "jobs")

    def test_nothing_to_compare(self):
        path = self.write(parameters={"teacher": "nowhere.safetensors"}, seeds=[0],
                          sweep={"kind": "halving", "count": 3, "least": 2, "parameters": {"lr": {"from": 1e-3, "to": 1}}})
        done = dfkd(path, "--folder", self.here / "out")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("nothing to compare after 2 syntheses", done.stderr)
        self.assertEqual({r["state"] for r in self.rows(self.here / "out")}, {"failed"})
        done = dfkd(path, "--folder", self.here / "parts", "--part", "1/2")
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("--part: successive halving", done.stderr)
        self.assertFalse((self.here / "parts").exists())

    def test_list_and_json(self):
        path = self.write(parameters={"syntheses": 2}, seeds=[4, 5], sweep={"kind": "grid", "parameters": {"k": [1, 2]}})
        listed = dfkd(path, "--list")
        self.assertEqual(listed.stdout.splitlines(),
                         ["k=1-seed4\tk=1\t4", "k=2-seed4\tk=2\t4", "k=1-seed5\tk=1\t5", "k=2-seed5\tk=2\t5"])
        self.assertEqual(json.loads(dfkd(path, "--list", "--json").stdout),
                         [{"folder": f"k={k}-seed{seed}", "recipe": f"k={k}", "seed": seed} for seed in (4, 5) for k in (1, 2)])
        done = subprocess.run(command(path, "--json"), capture_output=True, text=True, timeout=120, cwd=self.here,
                              env=ENVIRONMENT)
        result = json.loads(done.stdout)
        self.assertEqual(result["folder"], "experiments/table")
        self.assertEqual([(r["name"], r["runs"]) for r in result["recipes"]], [("k=1", 2), ("k=2", 2)])
        self.assertTrue((self.here / "experiments" / "table" / "experiment.json").exists())

    def test_refusals(self):
        bad = self.here / "bad.json"
        bad.write_text('{"name": "A", "sweep": {"kind": "grid", "parameters": {"k": [0]}}}')
        (self.here / "file").write_text("")
        for arguments, says in (([bad], ["bad.json", "k: 0"]), ([self.here / "none.json"], ["none.json"]), ([], ["missing"]), ([self.write(), "--jobs", 0], ["--jobs", "1 to 256"]),
                                *[([self.write(), "--part", part], ["--part", "2/8", part]) for part in ("0/2", "3/2", "1", "1/2/3", "a/2", "1/0")],
                                ([self.write(), "--folder", self.here / "file"], [str(self.here / "file")]),
                                ([self.write(), "--folder", self.here / "file" / "x"], [str(self.here / "file" / "x")])):
            done = dfkd(*arguments)
            self.assertGreater(done.returncode, 0, done)
            self.assertTrue(done.stderr.startswith("dfkd experiment: "), done)
            for text in says:
                self.assertIn(text, done.stderr)

    def test_something_in_the_way(self):
        path = self.write(runs=[{"name": "a"}, {"name": "b"}, {"name": "c"}])
        folder = self.here / "out"
        (folder / "a-seed0").mkdir(parents=True)
        (folder / "a-seed0" / "letter.txt").write_text("mine")
        (folder / "b-seed0").mkdir()  # as a run leaves it that was cut off as it began
        (folder / "c-seed0").mkdir()
        (folder / "c-seed0" / "recipe.json.tmp-Ab12Cd").write_text("{")
        done = dfkd(path, "--folder", folder)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("a-seed0 failed", done.stderr)
        self.assertIn("in the way", done.stderr)
        self.assertEqual((folder / "a-seed0" / "letter.txt").read_text(), "mine")
        self.assertEqual([r["state"] for r in self.rows(folder)], ["failed", "finished", "finished"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
