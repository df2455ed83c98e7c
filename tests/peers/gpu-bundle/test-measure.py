#!/usr/bin/env python3
"""run-bundle's program between two actors: a start script that answers as dfkd would on a GPU, and a Python that answers as
PyTorch would.  What the tables then have to say is known.

    test-measure.py PATH/TO/measure"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MEASURE = sys.argv[1]

START = r"""#!/usr/bin/env python3
import json, os, sys
here = os.path.dirname(os.path.abspath(__file__))
play = json.load(open(here + "/play.json"))
with open(here + "/calls", "a") as calls:
    without = os.environ.get("DFKD_VULKAN_WINOGRAD") == "0"
    calls.write("dfkd " + " ".join(sys.argv[1:]) + (" without" if without else "") + "\n")
program, *rest = sys.argv[1:]
if program.startswith("test-"):
    print("1..2\nok 1 /a\n" + play.get(program, "ok 2 /b"))
    sys.exit("not ok" in play.get(program, ""))
if rest == ["--version"]:
    print("dfkd 9.8")
elif rest[0] == "devices":
    print(json.dumps([{"id": i, "name": n, "kind": k, "driver": "D 1"} for i, n, k in play["devices"]]))
elif rest[0] == "replay":
    print(json.dumps(play.get("replay", [{"name": "loss", "deviation": 1e-6, "tolerance": 1e-4}])))
    sys.exit("replay" in play)
elif "bench" in play:
    sys.exit("dfkd bench: " + play["bench"])
else:
    times = play["dfkd"][rest[rest.index("--student") + 1]]
    print(json.dumps([{"name": kind, "seconds": {"median": s, "min": 0.5 * s, "max": 2 * s}}
                      for kind, t in times.items() for s in [t * 1.5 if without else t]]
                     + [{"name": "memory", "peak": 1}]))
"""
PEER = r"""#!/usr/bin/env python3
import json, os, sys
here = os.path.dirname(os.path.abspath(__file__))
play = json.load(open(here + "/play.json"))
if "--probe" in sys.argv:
    if "import" in play:
        sys.exit(play["import"])
    print(json.dumps(play["probe"]))
    sys.exit()
for line in sys.stdin:
    with open(here + "/calls", "a") as calls:
        calls.write("peer " + line)
    action, variant, *rest = line.split()
    times = play["peer"][variant]
    if times == "die":
        sys.exit(3)
    if isinstance(times, str):
        print(json.dumps({"error": times}), flush=True)
    elif action == "prepare":
        print(json.dumps({"seconds": 1.5}), flush=True)
    else:
        print(json.dumps({"seconds": [times[rest[0]]] * int(rest[2])}), flush=True)
"""
GPU = [["cpu", "C", "processor"], ["vulkan:0", "llvmpipe", "software driver"], ["vulkan:1", "GPU X", "integrated GPU"],
       ["vulkan:2", "GPU H", "discrete GPU"]]
PROBE = {"python": "3.12", "torch": "2.11", "cuda": "13.0", "cudnn": "91000", "device": "GPU H", "capability": "9.0", "available": True,
         "variants": ["eager", "compiled", "compiled-graphs"]}
PLAY = {"devices": GPU, "probe": PROBE,
        "dfkd": {"wrn16_1": {"inner": 0.010, "student": 0.005}, "resnet18": {"inner": 0.050, "student": 0.040}},
        "peer": {"eager": {"inner": 0.031, "student": 0.02}, "compiled": {"inner": 0.016, "student": 0.01},
                 "compiled-graphs": {"inner": 0.014, "student": 0.01}}}


class Measure(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.here, self.runs = Path(self.folder.name), 0
        (self.here / "cases").mkdir()
        (self.here / "cases" / "fast-a.safetensors").touch()
        for name, text in (("start", START), ("python", PEER)):
            (self.here / name).write_text(text.replace("/usr/bin/env python3", sys.executable + " -IS"))
            (self.here / name).chmod(0o755)

    def tearDown(self):
        self.folder.cleanup()

    def run_with(self, *arguments, code=0, **changes):
        (self.here / "play.json").write_text(json.dumps({**PLAY, **changes}))
        self.runs += 1
        results = self.here / ("results-%d" % self.runs)
        done = subprocess.run([MEASURE, "--bundle", self.here, "--python", self.here / "python", "--results", results, *arguments],
                              capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, code, done)
        self.said = done.stdout + done.stderr
        if (results / "table.json").exists():
            self.json = json.loads((results / "table.json").read_text())
            self.text, self.page = ((results / name).read_text() for name in ("table.txt", "table.md"))
            self.assertIn(self.text, done.stdout)
        return done

    def row(self, workload, kind, side):
        """the cells of the page"""
        part = self.page.split("## (")[{"b": 1, "c": 2}[workload]]
        for line in part.splitlines():
            cells = [cell.strip() for cell in line.split("|")[1:-1]]
            if cells[:2] == [kind, side]:
                return cells[2:]
        self.fail("no row %s %s in %s" % (kind, side, part))

    def test_goals(self):
        self.run_with()
        self.assertEqual(self.json["device_id"], "vulkan:2")
        self.assertTrue(self.json["judged"])
        self.assertEqual(self.row("b", "inner", "dfkd"), ["10.00", "5.000 – 20.00", "", ""])
        self.assertEqual(self.row("b", "inner", "PyTorch eager"), ["31.00", "31.00 – 31.00", "3.10", "≥ 3.0: met"])
        self.assertEqual(self.row("b", "inner", "dfkd without Winograd")[2:], ["1.50", ""])
        # of the two compiled sides the faster one counts
        self.assertEqual(self.row("b", "inner", "PyTorch compiled")[2:], ["1.60", ""])
        self.assertEqual(self.row("b", "inner", "PyTorch compiled, CUDA graphs")[2:], ["1.40", "≥ 1.5: missed"])
        self.assertEqual(self.row("b", "student", "PyTorch eager")[2:], ["4.00", ""])
        self.assertEqual(self.row("c", "inner", "PyTorch eager")[2:], ["0.62", "≥ 1.0: missed"])
        eager = self.json["workloads"][0]["seconds"]["eager"]["inner"]
        self.assertEqual((eager["median"], eager["goal"], len(eager["rounds"])), (0.031, 3.0, 5))
        for text in ("2.11, CUDA 13.0, cuDNN 91000 on GPU H", "9.8 on GPU H · discrete GPU · D 1 (vulkan:2)", "11 results"):
            self.assertIn(text, self.text)
            self.assertIn(text, self.page)
        self.assertNotIn("CAUTION", self.text)
        for line in self.text.splitlines():
            self.assertLess(len(line), 140)

    def test_same_work(self):
        """both sides get the same batch, the same steps at once, as many timings, in turns"""
        self.run_with("--workloads", "b", "--rounds", "2", "--repeats", "3", "--at-once", "4")
        calls = [c for c in (self.here / "calls").read_text().splitlines() if "bench" in c or "peer time" in c]
        peer = ["peer time %s %s 4 3" % (v, k) for v in ("eager", "compiled", "compiled-graphs") for k in ("inner", "student")]
        dfkd = ("dfkd dfkd bench --json --device vulkan:2 --random-teacher wrn40_2 --input 3x32x32 --student wrn16_1 --precision float32 "
                "--ngf 64 --batch 256 --at-once 4 --repeats %d")
        plain = dfkd + " without"
        self.assertEqual(calls, [dfkd % 1, plain % 1] + ([dfkd % 3, plain % 3] + peer) * 2)
        self.run_with("--workloads", "b", "--precision", "float16")
        self.assertNotIn("dfkd-plain", self.json["workloads"][0]["seconds"])

    def test_different_devices(self):
        self.run_with(probe={**PROBE, "device": "GPU Z"})
        self.assertIn("CAUTION: the two sides name different devices", self.text)

    def test_not_judged(self):
        for arguments, changes, why in (((), {"devices": GPU[:2]}, "dfkd did not run on a GPU"),
                                        (("--peer-device", "cpu"), {}, "PyTorch did not run on a GPU"),
                                        (("--batch", "8"), {}, "batch 256"), (("--smoke",), {}, "PyTorch did not run on a GPU")):
            with self.subTest(why):
                self.run_with(*arguments, **changes)
                self.assertFalse(self.json["judged"])
                self.assertIn(why, self.json["not_judged"])
                self.assertIn("not judged: " + self.json["not_judged"], self.text)
                self.assertEqual(self.row("b", "inner", "PyTorch eager")[2:], ["3.10", "≥ 3.0"])

    def test_device_option(self):
        self.run_with("--device", "vulkan:1")
        self.assertEqual(self.json["device"], "GPU X")
        self.run_with("--device", "vulkan:9", code=1)
        self.assertIn("vulkan:9", self.said)
        self.run_with(code=1, devices=GPU[:1])
        self.assertIn("no driver for Vulkan 1.2", self.said)

    def test_without_pytorch(self):
        for changes, why in (({"import": "ModuleNotFoundError: No module named 'torch'"}, "No module named 'torch'"),
                             ({"probe": {"python": "3.12", "torch": "2.6", "cuda": "none", "available": False, "variants": ["eager"]}},
                              "finds no GPU")):
            with self.subTest(why):
                self.run_with(**changes)
                self.assertIn(why, self.json["no_pytorch"])
                self.assertIn("none: " + self.json["no_pytorch"], self.text)
                self.assertEqual(list(self.json["workloads"][0]["seconds"]), ["dfkd", "dfkd-plain"])
        self.run_with("--alone")
        self.assertEqual(list(self.json["workloads"][0]["seconds"]), ["dfkd", "dfkd-plain"])
        self.run_with("--python", self.here / "nowhere")
        self.assertIn("nowhere", self.json["no_pytorch"])

    def test_peer_fails(self):
        self.run_with(peer={**PLAY["peer"], "compiled": "Unsupported: a hook", "compiled-graphs": "die"})
        self.assertEqual(self.row("b", "inner", "PyTorch compiled"), ["–", "failed, see below", "", "≥ 1.5"])
        self.assertIn("PyTorch compiled failed: Unsupported: a hook", self.page)
        self.assertIn("PyTorch compiled, CUDA graphs failed: ", self.text)
        seconds = self.json["workloads"][0]["seconds"]
        self.assertIsNone(seconds["compiled"]["inner"]["median"])
        self.assertEqual(seconds["compiled"]["failure"], "Unsupported: a hook")

    def test_checks_fail(self):
        self.run_with(code=1, replay=[{"name": "loss", "deviation": 3e-4, "tolerance": 1e-4}, {"name": "z", "deviation": None, "tolerance": 1}])
        self.assertIn("CHECKS FAILED", self.text)
        self.assertIn("fast-a: 2 failed: z deviates by inf times what is allowed", self.text)
        self.run_with(code=1, **{"test-effects": "not ok 2 /effects/adam"})
        self.assertIn("test-effects: 1 failed: 2 /effects/adam", self.text)
        self.assertIn("checks failed", self.said)
        self.run_with(**{"test-effects": "ok 2 /b # SKIP no such thing"})
        self.assertIn("1 skipped", self.text)
        (self.here / "cases" / "fast-a.safetensors").unlink()
        self.run_with(code=1)

    def test_dfkd_fails(self):
        self.run_with(code=1, bench="the Vulkan device is out of memory")
        self.assertIn("dfkd failed: dfkd bench: the Vulkan device is out of memory", self.text)

    def test_options(self):
        for wrong in (["--workloads", "x"], ["--batch", "0"], ["extra"], ["--at-once", "17"], ["--peer-device", "tpu"], ["--nonsense"]):
            with self.subTest(wrong):
                self.run_with(*wrong, code=2)
                self.assertIn(wrong[0].strip("-") if len(wrong) > 1 else wrong[0], self.said)
        self.assertEqual(list(self.here.glob("results-*")), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
