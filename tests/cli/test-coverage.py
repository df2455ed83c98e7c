#!/usr/bin/env python3
"""dfkd coverage: its numbers are those of the definitions, from the features that a run has kept and that dfkd forward gives of the test images.

    test-coverage.py PATH/TO/dfkd ROOT"""
import json
import math
import random
import struct
import sys
import tempfile
import unittest
from pathlib import Path

from program import dfkd
from tensors import read_rows, safetensors
from two_runs import TINY

TEST, SIDE, PADDED, CLASSES, NEIGHBOURS = 40, 28, 32, 10, 5


def write_noise(folder):
    """images of noise in the form of Fashion-MNIST, class after class. Returns: those for testing, padded as the teacher was trained"""
    border, draw = (PADDED - SIDE) // 2, random.Random(7)
    folder.mkdir()
    for part in "train", "t10k":
        images = [bytes(draw.randrange(256) for _ in range(SIDE * SIDE)) for _ in range(TEST)]
        (folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, TEST, SIDE, SIDE) + b"".join(images))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, TEST) + bytes(i % CLASSES for i in range(TEST)))
    blank = bytes(PADDED * border)
    rows = lambda image: (bytes(border) + image[y * SIDE:(y + 1) * SIDE] + bytes(border) for y in range(SIDE))
    return b"".join(blank + b"".join(rows(image)) + blank for image in images)


class Coverage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = Path(cls.folder.name)
        images = write_noise(cls.here / "data")
        safetensors(cls.here / "images.safetensors", {"images": ("U8", [TEST, 1, PADDED, PADDED], images)})
        cls.options = [*TINY, "--syntheses", "4", "--data", cls.here / "data"]
        done = dfkd("distill", *cls.options, "--run-folder", cls.here / "run")
        assert done.returncode == 0, done

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def kept(self):
        return sorted((self.here / "run" / "pictures").glob("[0-9]*.safetensors"))

    def check(self, said, pool):
        done = dfkd("forward", "--model", Path(sys.argv[2]) / "data" / "teacher.safetensors", "--normalise", "--input", self.here / "images.safetensors",
                    "--output", self.here / "out.safetensors")
        self.assertEqual(done.returncode, 0, done)
        test, compared = read_rows(self.here / "out.safetensors", "features"), min(len(pool), TEST)
        some = [pool[i * len(pool) // compared] for i in range(compared)]

        def radii(rows):
            return [sorted(math.dist(a, b) for j, b in enumerate(rows) if j != i)[NEIGHBOURS - 1] for i, a in enumerate(rows)]

        between, around = [[math.dist(t, p) for p in some] for t in test], radii(some)
        hits = [[d <= r for d in row] for row, r in zip(between, radii(test))]
        covered = [any(row) for row in hits]
        self.assertEqual((said["images"], said["compared"], said["test_images"]), (len(pool), compared, TEST))
        self.assertAlmostEqual(said["precision"], sum(any(row[j] for row in hits) for j in range(compared)) / compared, 6)
        self.assertAlmostEqual(said["recall"], sum(any(d <= r for d, r in zip(row, around)) for row in between) / TEST, 6)
        self.assertAlmostEqual(said["density"], sum(map(sum, hits)) / (NEIGHBOURS * compared), 6)
        self.assertAlmostEqual(said["coverage"], sum(covered) / TEST, 6)
        self.assertEqual(len(said["coverage_by_class"]), CLASSES)
        for label, share in enumerate(said["coverage_by_class"]):
            self.assertAlmostEqual(share, sum(covered[label::CLASSES]) / (TEST // CLASSES), 6)

    def test_measures(self):
        (said,) = json.loads(dfkd("coverage", "--json", self.here / "run").stdout)
        self.assertEqual(said["syntheses"], len(self.kept()))
        self.check(said, [row for path in self.kept() for row in read_rows(path, "teacher_features")])

    def test_last(self):
        """and of the newest syntheses alone"""
        (said,) = json.loads(dfkd("coverage", "--json", "--last", "2", self.here / "run").stdout)
        self.assertEqual(said["syntheses"], 2)
        self.check(said, [row for path in self.kept()[-2:] for row in read_rows(path, "teacher_features")])

    def test_words(self):
        done = dfkd("coverage", self.here / "run")
        self.assertEqual(done.returncode, 0, done)
        for text in f"beside {TEST} test images", "precision", "recall", "T-shirt", "ankle boot":
            self.assertIn(text, done.stdout)

    def test_refusals(self):
        self.assertEqual(dfkd("coverage").returncode, 2)
        self.assertEqual(dfkd("coverage", "--last", "-1", self.here / "run").returncode, 2)
        done = dfkd("coverage", self.here / "data")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("not the folder of a run", done.stderr)
        for name, options, says in ("bare", ["--history", "0"], "has kept no pictures"), ("unmeasured", ["--data", "none"], "no test images"):
            done = dfkd("distill", *self.options, *options, "--run-folder", self.here / name)
            self.assertEqual(done.returncode, 0, done)
            done = dfkd("coverage", "--json", self.here / name, self.here / "run")
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(says, done.stderr)
            self.assertIn(name, done.stderr)
            self.assertEqual(len(json.loads(done.stdout)), 1)  # that of the other


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
