"""Two small finished runs, "two" and "three" by their inner steps, for tests that only read them."""
import json
import tempfile
import unittest
from pathlib import Path

from program import dfkd

TINY = ["--batch", "8", "--nz", "12", "--ngf", "4", "--k", "2", "--kd-steps", "3", "--warmup", "1", "--evaluate-every", "2", "--data", "none", "--device", "cpu"]


def events(run):
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]


class TwoRuns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = Path(cls.folder.name)
        for name, options in ("two", ["--k", "2"]), ("three", ["--k", "3", "--seed", "5"]):
            done = dfkd("distill", *TINY, *options, "--syntheses", "4", "--run-folder", cls.here / name)
            assert done.returncode == 0, done

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()
