#!/usr/bin/env python3
"""Runs of dfkd distill that go on from a point of another run.

    test-branch.py PATH/TO/dfkd"""
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from program import dfkd

TINY = ["--batch", "8", "--nz", "12", "--ngf", "4", "--k", "2", "--kd-steps", "3", "--syntheses", "6", "--warmup", "1",
        "--snapshot-every", "2", "--data", "none", "--device", "cpu"]


class Branch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = Path(cls.folder.name)
        cls.trunk = cls.here / "trunk"
        done = dfkd("distill", *TINY, "--run-folder", cls.trunk)
        assert done.returncode == 0, done
        cls.before = cls.student("trunk")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def student(cls, name):
        return (cls.here / name / "student.safetensors").read_bytes()

    def branch(self, name, *arguments):
        result = dfkd("distill", "--branch", self.trunk, "--device", "cpu", *arguments, "--run-folder", self.here / name)
        self.assertEqual(result.returncode, 0, result)
        self.assertEqual(self.student("trunk"), self.before)
        events = [json.loads(line) for line in (self.here / name / "events.jsonl").read_text().splitlines()]
        return result, events, json.loads((self.here / name / "summary.json").read_text())

    def refused(self, *arguments, says):
        name = "refused-" + says[-1].replace(" ", "-").strip("/").replace("/", "-")
        result = dfkd("distill", *arguments, "--run-folder", self.here / name)
        self.assertIn(result.returncode, (1, 2), result)
        for text in says:
            self.assertIn(text, result.stderr)
        self.assertFalse((self.here / name / "student.safetensors").exists())

    def test_unchanged(self):
        """with nothing changed it goes on as the first run did, bit for bit, and its log says where it comes from"""
        for name, arguments, at in (("first", ["--at", "2"], 2), ("newest", [], 4)):
            result, events, _ = self.branch(name, *arguments)
            self.assertEqual(self.student(name), self.before)
            words = f"{self.trunk}, after {at} syntheses there"
            self.assertIn(words, result.stderr)
            self.assertEqual([words in event.get("message", "") for event in events if event.get("event") == "notice"], [True])
            done = [event["synthesis"] for event in events if event.get("event") == "synthesis"]
            self.assertEqual(done, list(range(at + 1, 7)))
            (told,) = json.loads(dfkd("runs", "--json", self.here / name).stdout)
            self.assertEqual(told["branch"], {"run": str(self.trunk.resolve()), "synthesis": at})
            self.assertIn(f"{name}: branch of trunk after {at} syntheses\n", dfkd("runs", self.here / name).stdout)
        (told,) = json.loads(dfkd("runs", "--json", self.trunk).stdout)
        self.assertNotIn("branch", told)
        for text in "", "[]", '{"run": 3, "synthesis": "x"}', '{"run": "", "synthesis": 2}', '{"run": "x", "synthesis": -1}', "[" * 9999:
            (self.here / "newest" / "branch.json").write_text(text)
            (told,) = json.loads(dfkd("runs", "--json", self.here / "newest").stdout)
            self.assertNotIn("branch", told)

    def test_cut_off_early(self):
        """one that did not get as far as its first snapshot is never begun anew, as a run of its own; one that did has its recipe"""
        broken, run = self.here / "broken", self.here / "cut"
        shutil.copytree(self.trunk, broken)
        for snapshot in (broken / "snapshots").iterdir():
            snapshot.write_bytes(snapshot.read_bytes()[:-1] + b"x")
        done = dfkd("distill", "--branch", broken, "--at", "2", "--device", "cpu", "--run-folder", run)
        self.assertEqual(done.returncode, 1, done)
        done = dfkd("distill", "--resume", run, "--device", "cpu")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn(f"{run} is not the folder of a run", done.stderr)

        self.branch("kept", "--at", "2")
        self.assertEqual([path.stem for path in sorted((self.here / "kept" / "branch-points").iterdir())], ["000002", "000004"])
        recipe = self.here / "kept" / "recipe.json"
        before = recipe.read_bytes()
        recipe.unlink()
        self.assertEqual(dfkd("distill", "--resume", self.here / "kept", "--device", "cpu").returncode, 0)
        self.assertEqual(recipe.read_bytes(), before)

    def test_changed(self):
        """what a dial, the length and the seed are, is another; what is not said stays as it was"""
        _, _, summary = self.branch("other", "--at", "4", "--k", "3", "--syntheses", "8", "--seed", "5")
        self.assertEqual((summary["syntheses"], summary["seed"]), (8, 5))
        recipe = json.loads((self.here / "other" / "recipe.json").read_text())["parameters"]
        self.assertEqual((recipe["k"], recipe["batch"], recipe["kd_steps"]), (3, 8, 3))
        self.assertNotEqual(self.student("other"), self.before)
        self.branch("again", "--at", "4", "--seed", "5")
        self.assertNotEqual(self.student("again"), self.before)

    def test_refusals(self):
        branch = ["--branch", self.trunk, "--device", "cpu"]
        self.refused(*branch, "--at", "3", says=[str(self.trunk), "after synthesis 3", "2, 4"])
        self.refused(*branch, "--batch", "16", says=["--batch", "keeps its “8”"])
        self.refused(*branch, "--method", "dafl", says=["--method", "keeps its “fast”"])
        for few in ("3", "4"):
            self.refused(*branch, "--at", "4", "--syntheses", few, says=[str(self.trunk), "take more syntheses"])
            self.assertFalse((self.here / "refused-take-more-syntheses").exists())
        self.refused(*branch, "--at", "0", says=["--at", "not 0"])
        self.refused("--at", "2", says=["--at", "--branch"])
        self.refused("--branch", self.here / "nowhere", says=[str(self.here / "nowhere"), "not the folder of a run"])
        self.refused("--branch", self.trunk, "--resume", self.trunk, says=["--resume", "exclude each other"])

    def test_another_teacher(self):
        """a teacher's file that holds another network than then is not mixed with what there is"""
        teacher, trunk = self.here / "teacher.safetensors", self.here / "own"
        self.branch("third", "--at", "2", "--seed", "1")
        teacher.write_bytes(self.before)
        self.assertEqual(dfkd("distill", *TINY, "--teacher", teacher, "--run-folder", trunk).returncode, 0)
        teacher.write_bytes(self.student("third"))
        self.refused("--branch", trunk, "--device", "cpu", says=[str(trunk), "another teacher"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
