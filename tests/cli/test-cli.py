#!/usr/bin/env python3
"""Drives the built program dfkd as a person would: help, results, and everything that can go wrong.

    test-cli.py PATH/TO/dfkd SOURCE_ROOT

Every message has to name the file or option, and no mistake may harm what was there before."""
import csv
import fcntl
import json
import os
import resource
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest
from pathlib import Path
from xml.etree import ElementTree

from program import DFKD, dfkd
from tensors import read_safetensors, safetensors

ROOT = Path(sys.argv[2])
SANITIZED = "ASAN_OPTIONS" in os.environ  # the engine is fifteen times slower then
NETWORKS = ROOT / "tests" / "fixtures" / "networks"
TINY = ["--batch", "8", "--nz", "12", "--ngf", "4", "--k", "2", "--kd-steps", "3", "--syntheses", "3", "--warmup", "1",
        "--data", "none", "--device", "cpu"]


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.here = Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def refused(self, *arguments, says, code=None, **options):
        result = dfkd(*arguments, **options)
        self.assertNotEqual(result.returncode, 0, result)
        self.assertGreater(result.returncode, 0, f"died by a signal: {result}")
        if code is not None:
            self.assertEqual(result.returncode, code, result)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, result.stderr)
        return result

    def test_help(self):
        self.assertEqual(dfkd("--help").returncode, 0)
        for command in ("devices", "train", "distill", "experiment", "evaluate", "forward", "convert", "replay", "bench"):
            result = dfkd(command, "--help")
            self.assertEqual(result.returncode, 0)
            self.assertIn("--device", result.stdout)
            self.assertEqual(dfkd("help", command).stdout, result.stdout)
        self.refused("help", "dance", says="dance", code=2)
        options = dfkd("distill", "--help-all").stdout
        for text in ("--lr-g", "Inner steps: 1 to 10000 (5)", "Reuse: common, sequential, none (common)", "Student (wrn10_1)"):
            self.assertIn(text, options)
        self.assertEqual(dfkd("--version").stdout.split()[0], "dfkd")
        self.refused("dance", says="dance", code=2)
        self.refused(says="", code=2)

    def test_devices(self):
        devices = json.loads(dfkd("devices", "--json").stdout)
        self.assertEqual(devices[0]["id"], "cpu")
        chinese = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN", "TEXTDOMAINDIR": str(Path(DFKD).parents[2] / "po")}
        self.assertEqual([d["kind"] for d in json.loads(dfkd("devices", "--json", env=chinese).stdout)], [d["kind"] for d in devices])
        self.refused("devices", "extra", says="“extra” is an argument too many", code=2)

    def test_no_vulkan_driver(self):
        nothing = {**os.environ, "VK_DRIVER_FILES": "/nonexistent.json", "VK_ICD_FILENAMES": "/nonexistent.json"}
        result = subprocess.run([DFKD, "evaluate", "--device", "vulkan"], env=nothing, capture_output=True, text=True)
        self.assertGreater(result.returncode, 0)
        self.assertIn("Vulkan", result.stderr)
        result = subprocess.run([DFKD, "devices", "--json"], env=nothing, capture_output=True, text=True)
        self.assertEqual([d["id"] for d in json.loads(result.stdout)], ["cpu"])

    def test_options(self):
        for arguments, says in ((["--k", "0"], "k: 0"), (["--k", "many"], "many"), (["--batch", "0"], "batch: 0"),
                                (["--lr-g", "-1"], "--lr-g: -1"), (["--lr_g", "-1"], "--lr-g: -1"),
                                (["--teacher-std", "0"], "--teacher-std: “0”"), (["--teacher-mean", "0.1,0.2"], "--teacher-mean: 2 numbers"),
                                (["--teacher-classes", "a,b"], "--teacher-classes: “a,b”"), (["--as-released", "x"], "--as-released: “x”"),
                                (["--reuse", "often"], "common"), (["--student", "resnet9000"], "wrn10_1"),
                                (["--threads", "-1"], "--threads"), (["--nonsense"], "nonsense"),
                                (["--warmup", "9", "--syntheses", "3"], "warmup"), (["--device", "abacus"], "abacus")):
            with self.subTest(arguments):
                options = TINY[:-2] if "--device" in arguments else TINY
                self.refused("distill", *options, *arguments, "--run-folder", self.here / "run", says=says)

    def test_whole_numbers(self):
        """decimal, as in a recipe: a zero before it makes none octal"""
        sets, model = ROOT / "tests" / "fixtures" / "datasets", self.here / "model"
        train = ["train", "--network", "lenet5", "--batch", "2", "--size", "32x32", "--data", sets / "folder", "--device", "cpu"]
        kept = []
        for name, seed in ("a", "010"), ("b", "10"), ("c", "08"):
            done = dfkd(*train, "--epochs", "01", "--seed", seed, "-o", self.here / name)
            self.assertEqual(done.returncode, 0, done)
            kept.append((self.here / name).read_bytes())
        self.assertEqual(kept[0], kept[1])
        self.assertNotEqual(kept[0], kept[2])
        experiment = self.here / "experiment.json"
        experiment.write_text('{"name": "x", "base": "demo"}')
        for command, options in ((["train", "-o", model], ["--epochs", "--batch", "--seed", "--threads"]), (["distill"], ["--at", "--threads"]),
                                 (["experiment", experiment], ["--jobs", "-j"]), (["bench"], ["--repeats", "--at-once", "--kernels", "--classes"]),
                                 (["evaluate"], ["--classes"]), (["convert", "a", "b"], ["--classes"])):
            for option in options:
                for value in "0x10", "1.5", "1e3", "", "ten", "1 ", "३":
                    self.refused(*command, option, value, says=[f"{option}: “{value}” is not a whole number"], code=2)
                self.refused(*command, option, "9" * 30, says=[f"{option}: {'9' * 30} is far outside"], code=2)
        self.refused("train", "-o", model, "--epochs", "2147483648", says="--epochs: 2147483648 is far outside", code=2)
        self.refused("train", "-o", model, "--seed=-08", says="-8 is not", code=2)
        self.assertFalse(model.exists())

    def test_empty_names(self):
        """as of a variable that is not set: told before the work"""
        train = ["train", "--data", ROOT / "tests" / "fixtures" / "datasets" / "cifar-10-binary.tar.gz", "--epochs", "10000"]
        for arguments, option in (([*train, "-o", ""], "--output"), (["distill", *TINY, "--run-folder", ""], "--run-folder"),
                                  (["distill", "--resume", ""], "--resume"), (["distill", "--branch="], "--branch"),
                                  (["evaluate", "--model", ""], "--model"), (["experiment", "--folder=", "x"], "--folder"),
                                  (["bench", "--scaling", "-o", ""], "--output")):
            with self.subTest(arguments):
                self.refused(*arguments, says=f"{option}: expected a name", code=2)
        for arguments in (["convert", "", "x.onnx"], ["convert", "x", ""], ["experiment", ""], ["replay", ""]):
            with self.subTest(arguments):
                self.refused(*arguments, says="an argument is empty", code=2)

    def test_names_in_any_locale(self):
        """a path is bytes, whatever the terminal speaks; a recipe is UTF-8"""
        teacher, folder = self.here / "für.safetensors", self.here / "läuft"
        shutil.copy(ROOT / "data" / "teacher.safetensors", teacher)
        for locale in ("C", "C.UTF-8"):
            run = lambda *arguments: subprocess.run([DFKD, "distill", *TINY, *arguments], capture_output=True, timeout=120,
                                                    env={**os.environ, "LC_ALL": locale, "LANGUAGE": ""})
            done = run("--teacher", teacher, "--teacher-classes", "ä,1,2,3,4,5,6,7,8,9", "--run-folder", folder)
            self.assertEqual(done.returncode, 0, done)
            parameters = json.loads((folder / "recipe.json").read_text())["parameters"]
            self.assertEqual((parameters["teacher"], parameters["teacher_classes"][0]), (str(teacher), "ä"))
            shutil.rmtree(folder)
            for option, value, says in (("--teacher", b"f\xfcr", [b"--teacher: ", b"UTF-8", b"f"]), ("--label_embeddings", b"\xff", [b"--label_embeddings: "]),
                                        ("--k", b"\xff", [b"--k: "])):
                done = run(option, value, "--run-folder", folder)
                self.assertEqual(done.returncode, 2, done)
                for text in says:
                    self.assertIn(text, done.stderr)
                self.assertFalse(folder.exists())

    def test_texts_in_any_locale(self):
        """options of models and trainings are UTF-8 like recipes, and so is JSON"""
        teacher, model, folder, recipe = (self.here / name for name in ("für.safetensors", "größe.safetensors", "läuft", "maß.json"))
        shutil.copy(ROOT / "data" / "teacher.safetensors", teacher)
        recipe.write_text(json.dumps({"name": "Maß", "parameters": {}}), encoding="utf-8")
        for locale in ("C", "C.UTF-8"):
            def run(*arguments):
                done = subprocess.run([DFKD, *arguments], capture_output=True, timeout=120, env={**os.environ, "LC_ALL": locale, "LANGUAGE": ""})
                return done.returncode, done.stderr, done.stdout.decode("utf-8")  # which must not fail
            code, said, printed = run("convert", teacher, model, "--json", "--class-names", "größe,1,2,3,4,5,6,7,8,9")
            self.assertEqual((code, said), (0, b""))
            self.assertEqual(json.loads(printed)["output"], str(model))
            self.assertEqual(json.loads(read_safetensors(model)[0]["__metadata__"]["class_names"])[0], "größe")
            code, said, printed = run("distill", *TINY, "--recipe", recipe, "--json", "--run-folder", folder)
            self.assertEqual((code, json.loads(printed)["recipe"]), (0, "Maß"), said)
            self.assertEqual(json.loads(run("runs", "--json", folder)[2])[0]["folder"], str(folder))
            shutil.rmtree(folder)
            for option in "--network", "--part", "--mean", "--class-names", "--device":
                code, said, _ = run("convert", teacher, model, option, b"\xff")
                self.assertEqual(code, 2)
                self.assertIn(option.encode() + b": ", said)
                self.assertIn(b"is not text in UTF-8", said)

    def test_folder_that_is_no_text(self):
        """a run that is started there, with a teacher that lies there, can be gone on with; and what it writes is JSON"""
        here = os.fsencode(self.here) + b"/f\xfcr"
        os.mkdir(here)
        shutil.copy(ROOT / "data" / "teacher.safetensors", here + b"/mine.safetensors")
        run = lambda *arguments: subprocess.run([DFKD, "distill", *arguments], capture_output=True, timeout=120, cwd=here)
        for arguments in ([*TINY, "--snapshot-every", "1", "--teacher", "mine.safetensors", "--run-folder", here + b"/run"],
                          ["--resume", "run"], ["--branch", here + b"/run", "--at", "1", "--run-folder", b"\xe4", "--device", "cpu"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, 0, done)
        for folder in b"/run", b"/\xe4":
            with open(here + folder + b"/events.jsonl", encoding="utf-8") as log:
                self.assertIn("snapshot", [json.loads(line).get("event") for line in log])

    def test_recipe_by_name(self):
        names = ["demo", "Fast-2 VGG-11 -> ResNet-18", "Fast-10 WRN-40-2 -> WRN-16-2"]
        self.refused("distill", "--recipe", "Fast-3", "--run-folder", self.here / "run", says=["--recipe", "Fast-3", *names], code=2)
        self.refused("distill", "--recipe", self.here / "none.json", says="none.json", code=2)
        self.refused("distill", *TINY, "--recipe", names[1], "--run-folder", self.here / "run", says=["--recipe", names[1], "--teacher"], code=2)
        for k, student, name in ((2, "wrn16_1", "Fast-2 WRN-40-2 -> WRN-16-1"), (10, "wrn40_1", "Fast-10 WRN-40-2 → WRN-40-1")):
            folder = self.here / student
            tiny = TINY[:TINY.index("--k")] + TINY[TINY.index("--kd-steps"):]
            done = dfkd("distill", "--recipe", name, *tiny, "--reset-after", "0", "--teacher", "shapes32", "--run-folder", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            recipe = json.loads((folder / "recipe.json").read_text())
            self.assertEqual(recipe["name"], name.replace("->", "→"))
            self.assertEqual([recipe["parameters"][of] for of in ("k", "student", "lr", "batch")], [k, student, 0.2, 8])
            again = dfkd("distill", "--recipe", folder / "recipe.json", "--run-folder", self.here / f"{student} again", "--device", "cpu")
            self.assertEqual(again.returncode, 0, again.stderr)
        manual = dfkd("help", "--man").stdout.replace("\\-", "-")
        self.assertTrue(all(name in manual for name in names))

    def test_distill_and_resume(self):
        done = dfkd("distill", *TINY, "--run-folder", self.here / "a", "--json")
        self.assertEqual(done.returncode, 0, done)
        summary = json.loads(done.stdout)
        self.assertEqual(summary, json.loads((self.here / "a" / "summary.json").read_text()))
        self.assertEqual(set(summary["accuracy"]), {"final", "best", "chosen", "teacher"})
        self.assertEqual(set(summary["seconds"]), {"generate", "distil", "evaluate", "show", "total"})
        self.assertEqual((summary["syntheses"], summary["images"], summary["seed"]), (3, 24, 0))
        before = (self.here / "a" / "student.safetensors").read_bytes()
        self.refused("distill", *TINY, "--run-folder", self.here / "a", says=[str(self.here / "a"), "exists"])
        self.assertEqual((self.here / "a" / "student.safetensors").read_bytes(), before)

        # interrupted once: a clean end with a snapshot, and the same student after a resume
        long = [*TINY, "--syntheses", "20"]
        self.assertEqual(dfkd("distill", *long, "--run-folder", self.here / "b").returncode, 0)
        cut = self.here / "cut off; it's"
        child = subprocess.Popen([DFKD, "distill", *long, "--run-folder", cut], stderr=subprocess.PIPE, text=True)
        while not (cut / "pictures").exists():
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
        if child.returncode != 0:  # a fast machine may have been done already
            self.assertEqual(child.returncode, 130)
            self.assertIn("--resume", said)
            events = [json.loads(line) for line in (cut / "events.jsonl").read_text().splitlines()]
            done = [event["synthesis"] for event in events if event.get("event") == "snapshot"][-1]
            self.assertIn(f"Stopped after {done} synthes", said)
            words = shlex.split(said.strip().split("go on with: ")[1])  # as they are said, in a shell
            self.assertEqual(words, ["dfkd", "distill", "--resume", str(cut)])
            self.assertEqual(dfkd(*words[1:], "--device", "cpu").returncode, 0)
        self.assertEqual((self.here / "b" / "student.safetensors").read_bytes(), (cut / "student.safetensors").read_bytes())

    def read_terminal(self, terminal):
        """the rest of what is said there"""
        said = b""
        while True:
            try:
                more = os.read(terminal, 4096)
            except OSError:  # nobody holds the other end
                break
            if not more:
                break
            said += more
        os.close(terminal)
        return said

    def test_second_interrupt(self):
        child = subprocess.Popen([DFKD, "distill", *TINY, "--batch", "512", "--ngf", "64", "--run-folder", self.here / "a"],
                                 stderr=subprocess.DEVNULL)
        while not (self.here / "a" / "events.jsonl").exists():  # from here on it trains
            time.sleep(0.01)
        start = time.monotonic()
        for _ in range(2):
            child.send_signal(signal.SIGINT)
            time.sleep(0.35)
        self.assertEqual(child.wait(timeout=30), 130)
        self.assertLess(time.monotonic() - start, 10)

    def test_bar_fits(self):
        """a line that is longer than the terminal would scroll it, and characters may be two columns wide"""
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN", "TEXTDOMAINDIR": str(Path(DFKD).parents[2] / "po")}
        terminal, end = os.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        child = subprocess.Popen([DFKD, "distill", *TINY, "--run-folder", self.here / "a"], stdout=subprocess.DEVNULL, stderr=end, env=environment)
        os.close(end)
        said = self.read_terminal(terminal)
        self.assertEqual(child.wait(timeout=60), 0)
        lines = [line for line in said.decode().replace("\x1b[K", "").split("\r") if "合成" in line]
        self.assertTrue(lines, said)
        for line in lines:
            self.assertLess(sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line.strip("\n")), 60)

    def test_second_interrupt_behind_a_bar(self):
        """on a terminal the shell's prompt gets a line of its own"""
        terminal, end = os.openpty()
        child = subprocess.Popen([DFKD, "distill", *TINY, "--batch", "512", "--ngf", "64", "--run-folder", self.here / "a"], stderr=end)
        os.close(end)
        said = b""
        while b"\r" not in said:
            said += os.read(terminal, 4096)
        for _ in range(2):
            child.send_signal(signal.SIGINT)
            time.sleep(0.35)
        self.assertEqual(child.wait(timeout=30), 130)
        said += self.read_terminal(terminal)
        self.assertTrue(said.endswith(b"\n"), said[-80:])

    def test_no_space(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        result = self.refused("distill", *TINY, "--run-folder", self.here / "full", says=str(self.here / "full"), preexec_fn=limit)
        self.assertFalse((self.here / "full" / "student.safetensors").exists(), result)

    def test_output_lost(self):
        """a result that could not be printed is no success; a reader that has enough is told nothing"""
        for arguments in (["--version"], ["distill", "--help"], ["convert", "-h"], ["help", "--man"], ["devices"], ["devices", "--json"],
                          ["distill", *TINY, "--run-folder", self.here / "run", "--json"]):
            with self.subTest(arguments), open("/dev/full", "w") as full:
                done = subprocess.run([DFKD, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
                self.assertEqual(done.returncode, 1, done)
                self.assertIn("output", done.stderr)
        self.assertTrue((self.here / "run" / "student.safetensors").exists())
        done = dfkd("dance", preexec_fn=lambda: os.dup2(os.open("/dev/full", os.O_WRONLY), 1))
        self.assertEqual(done.returncode, 2, done)
        child = subprocess.Popen([DFKD, "devices"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        child.stdout.close()
        self.assertEqual((child.stderr.read(), child.wait(timeout=60)), ("", 1))
        child.stderr.close()

    def test_closed_streams(self):
        """what is printed is lost, but never stands in a file of the run, which would have the place of a stream that is closed"""
        for streams, code in (((2,), 0), ((1,), 1), ((0, 1, 2), 1), ((0, 2), 0)):
            with self.subTest(streams):
                run = self.here / ("run" + "".join(map(str, streams)))
                done = subprocess.run([DFKD, "distill", *TINY, "--run-folder", run], timeout=120, capture_output=True,
                                      preexec_fn=lambda: [os.close(stream) for stream in streams])
                self.assertEqual(done.returncode, code)
                for line in (run / "events.jsonl").read_text().splitlines():
                    json.loads(line)

    def test_no_space_for_the_pool(self):
        """the snapshot still fits, so that nothing is lost: the resumed run ends like one that had space"""
        tiny = [*TINY, "--student", "lenet5_half", "--batch", "32", "--k", "1", "--kd-steps", "1", "--syntheses", "28", "--pool-memory", "0"]
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (800000, 800000))
        folder = self.here / "full"
        said = self.refused("distill", *tiny, "--run-folder", folder, says=[str(folder / "pool.u8"), "space"], preexec_fn=limit).stderr
        self.assertIn("--resume", said)
        self.assertEqual((folder / "pool.u8").stat().st_size, 24 * 32 * 1024)
        self.assertEqual(dfkd("distill", "--resume", folder, "--device", "cpu").returncode, 0)
        self.assertEqual(dfkd("distill", *tiny, "--run-folder", self.here / "room").returncode, 0)
        self.assertEqual((folder / "pool.u8").stat().st_size, 28 * 32 * 1024)
        for name in ("pool.u8", "student.safetensors"):
            self.assertEqual((folder / name).read_bytes(), (self.here / "room" / name).read_bytes(), name)

    def test_no_memory(self):
        self.refused("distill", *TINY, "--batch", "4096", "--ngf", "512", "--run-folder", self.here / "run", says=["memory", "smaller batch"])

    def test_folders_in_the_way(self):
        (self.here / "file").write_text("x")
        self.refused("distill", *TINY, "--run-folder", self.here / "file" / "run", says="file")
        self.refused("distill", "--resume", self.here / "nowhere", says="nowhere")

    def test_teachers(self):
        good = ROOT / "data" / "teacher.safetensors"
        self.refused("distill", *TINY, "--teacher", self.here / "none.safetensors", says="none.safetensors")
        (self.here / "empty.safetensors").write_bytes(b"")
        self.refused("distill", *TINY, "--teacher", self.here / "empty.safetensors", says="empty.safetensors")
        (self.here / "cut.safetensors").write_bytes(good.read_bytes()[:-1000])
        self.refused("distill", *TINY, "--teacher", self.here / "cut.safetensors", says="cut.safetensors")
        (self.here / "long.safetensors").write_bytes(good.read_bytes() + b"x" * 64)
        self.refused("distill", *TINY, "--teacher", self.here / "long.safetensors", says="long.safetensors")

        header, data = read_safetensors(good)
        metadata = header.pop("__metadata__")
        tensors = {k: (v["dtype"], v["shape"], data[slice(*v["data_offsets"])]) for k, v in header.items()}
        broken = dict(tensors)
        broken["conv1.weight"] = ("F32", [16, 1, 3, 3], struct.pack("<f", float("nan")) + tensors["conv1.weight"][2][4:])
        safetensors(self.here / "nan.safetensors", broken, metadata)
        self.refused("distill", *TINY, "--teacher", self.here / "nan.safetensors", says=["nan.safetensors", "conv1.weight"])
        del broken["conv1.weight"]
        safetensors(self.here / "missing.safetensors", broken, metadata)
        self.refused("distill", *TINY, "--teacher", self.here / "missing.safetensors", says=["missing.safetensors", "conv1.weight"])
        broken["conv1.weight"] = ("F32", [16, 1, 9], tensors["conv1.weight"][2])
        safetensors(self.here / "shape.safetensors", broken, metadata)
        self.refused("distill", *TINY, "--teacher", self.here / "shape.safetensors", says=["shape.safetensors", "conv1.weight"])
        safetensors(self.here / "network.safetensors", tensors, {**metadata, "network": '"vgg99"'})
        self.refused("distill", *TINY, "--teacher", self.here / "network.safetensors", says="vgg99")

    def test_data(self):
        (self.here / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + struct.pack(">III", 5, 28, 28) + b"x" * 100)
        (self.here / "t10k-labels-idx1-ubyte").write_bytes(b"\0\0\x08\x01" + struct.pack(">I", 5) + b"\1" * 5)
        self.refused("evaluate", "--data", self.here, says=["t10k-images-idx3-ubyte", "cut short"])
        self.refused("evaluate", "--data", self.here / "nowhere", says="nowhere")
        for command in "distill", "train":
            self.refused(command, "--seed", "4294967296", says=["4294967296 is not", "0 to 4294967295"], code=2)
        self.refused("distill", "--k", "1.0000001", says="1.0000001 is not", code=2)
        for option, value in ("--mean", "0.5"), ("--size", "0x0"), ("--classes", "7"):
            self.refused("evaluate", option, value, says=[option, "--model"], code=2)
        self.refused("train", "--data", self.here, "-o", self.here / "x", says="train-images-idx3-ubyte")
        self.refused("train", says="--output", code=2)
        self.refused("train", "--network", "vgg99", "-o", self.here / "x", says="vgg99")
        self.refused("train", "--epochs", "0", "-o", self.here / "x", says="--epochs")

    def test_sources_of_data(self):
        sets = ROOT / "tests" / "fixtures" / "datasets"
        ten = sets / "cifar-10-binary.tar.gz"
        self.refused("evaluate", "--data", ten, says=["cifar-10-binary", "the built-in teacher does not fit", "3×32×32 with 10 classes", "1×32×32 with 10", "--data", "--model"])
        self.refused("evaluate", "--data", self.here, says="no data set is in this folder")
        self.refused("evaluate", "--data", "shapes32:x", says="shapes32: and a seed", code=2)
        self.refused("train", "--data", sets / "grey.npz", "-o", self.here / "x", says=["grey.npz", "--test"], code=2)
        self.refused("train", "--data", sets / "folder", "--size", "32", "-o", self.here / "x", says="as in 32x32", code=2)
        self.refused("train", "--data", ten, "--test", sets / "cifar-100-binary.tar.gz", "-o", self.here / "x", says="with 100")
        for data, option, says in ((ten, ["--size", "16x16"], ["--size", str(ten), "32×32"]), ("shapes32", ["--size", "16x16"], ["--size", "shapes32"]),
                                   (ten, ["--coarse"], ["--coarse", str(ten)]), (sets / "folder", ["--coarse", "--size", "32x32"], "--coarse")):
            self.refused("train", "--data", data, *option, "--epochs", "10000", "-o", self.here / "x", says=says, code=2)
        small = ("train", "--network", "lenet5", "--epochs", "1", "--batch", "2", "--device", "cpu", "--json")
        for data, shape, classes in ((["--data", ten], [3, 32, 32], 10), (["--data", sets / "folder", "--size", "32x32"], [3, 32, 32], 2),
                                     (["--data", sets / "cifar-100-python.tar.gz", "--coarse"], [3, 32, 32], 20)):
            done = dfkd(*small, *data, "-o", self.here / "model")
            self.assertEqual(done.returncode, 0, done)
            metadata = read_safetensors(self.here / "model")[0]["__metadata__"]
            self.assertEqual(json.loads(metadata["input_shape"]), shape)
            self.assertEqual(json.loads(metadata["classes"]), classes)
            self.assertEqual(len(json.loads(metadata["mean"])), 3)
        done = dfkd("evaluate", "--model", self.here / "model", "--data", sets / "cifar-100-python.tar.gz", "--device", "cpu", "--json")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(len(json.loads(done.stdout)["classes"]), 20)

    def test_numbers_of_classes(self):
        """data that says how many classes it has must have the model's; data that only shows some may have fewer"""
        sets = ROOT / "tests" / "fixtures" / "datasets"
        ten, hundred, model = sets / "cifar-10-binary.tar.gz", sets / "cifar-100-binary.tar.gz", self.here / "hundred"
        small = ("train", "--network", "lenet5", "--epochs", "1", "--batch", "2", "--device", "cpu")
        self.assertEqual(dfkd(*small, "--data", hundred, "-o", model).returncode, 0)
        says = ["hundred does not fit", "cifar-10-binary", "3×32×32 with 10 classes", "3×32×32 with 100", "--data"]
        self.refused("evaluate", "--model", model, "--data", ten, "--device", "cpu", says=[*says, "--model"])
        run = [*TINY, "--bn", "0", "--teacher", model, "--student", "lenet5", "--data", ten, "--run-folder", self.here / "run"]
        self.refused("distill", *run, says=[*says, "--data none"])
        self.refused("distill", *run[:-1], self.here / "kd", "--method", "kd", says=says)
        self.refused("evaluate", "--model", model, "--data", "shapes32", "--device", "cpu", says=["shapes32", "with 100"])
        self.refused("evaluate", "--model", model, "--data", sets / "folder", "--device", "cpu", says=["with 2 classes", "with 100"])
        self.assertEqual(dfkd("evaluate", "--model", model, "--data", hundred, "--device", "cpu").returncode, 0)
        few = sets / "channels-last.npz"  # its test labels are 2 and 9, and it has 6×5 pixels, padded to the model's
        done = dfkd("evaluate", "--model", model, "--data", few, "--device", "cpu")
        self.assertEqual(done.returncode, 0)
        self.assertIn("class 8, class-8: –\nclass 9, class-9: 0.00 % of 1\n", done.stdout)
        done = dfkd("evaluate", "--model", model, "--data", few, "--device", "cpu", "--json")  # what nobody has measured is no failure
        self.assertEqual([share is None for share in json.loads(done.stdout)["classes"]], [c not in (2, 9) for c in range(10)])
        self.assertEqual(dfkd(*small, "--data", ten, "-o", self.here / "ten").returncode, 0)
        self.refused("evaluate", "--model", self.here / "ten", "--data", hundred, "--device", "cpu", says=["with 100 classes", "with 10;"])

    def test_names_of_classes(self):
        train, renamed = ROOT / "tests" / "fixtures" / "datasets" / "folder" / "train", self.here / "renamed"
        shutil.copytree(train, renamed)
        (renamed / "ant").rename(renamed / "wasp")  # comes after “bee”, and so has the other label
        small = ("train", "--network", "lenet5", "--epochs", "1", "--batch", "2", "--size", "32x32", "--device", "cpu", "--data", train, "-o", self.here / "x")
        self.refused(*small, "--test", renamed, says=["class 0 is called “ant”", "“bee”", "renamed", "--test"])
        self.assertFalse((self.here / "x").exists())
        self.assertEqual(dfkd(*small, "--test", train).returncode, 0)

    def test_generators_are_no_classifiers(self):
        for command, option in ((["distill", *TINY, "--run-folder", self.here / "run"], "--student"), (["train", "-o", self.here / "x", "--data", ROOT / "tests/fixtures/datasets/cifar-10-binary.tar.gz"], "--network")):
            said = self.refused(*command, option, "generator", says=["“generator” is a generator", "expected a classifier", "wrn40_2"]).stderr
            self.assertIn(option.lstrip("-") + ": ", said)
            self.assertNotIn("generator_dcgan", said)
            said = self.refused(*command, option, "vgg99", says=["no network “vgg99”", "wrn40_2"]).stderr
            self.assertNotIn("generator", said)

    @unittest.skipIf(SANITIZED, "ten thousand images take minutes; a few are evaluated in test_sources_of_data")
    def test_evaluate(self):
        result = dfkd("evaluate", "--json", "--device", "cpu")
        self.assertEqual(result.returncode, 0, result)
        report = json.loads(result.stdout)
        self.assertEqual(report["images"], 10000)
        self.assertGreaterEqual(report["accuracy"], 91.5)
        self.assertEqual(len(report["classes"]), 10)

    def test_forward(self):
        model = ROOT / "data" / "teacher.safetensors"
        pixels = struct.pack("<2048f", *(((i * 37) % 101) / 100 for i in range(2048)))
        normal = struct.pack("<2048f", *((((i * 37) % 101) / 100 - 0.2190) / 0.3318 for i in range(2048)))
        safetensors(self.here / "in", {"images": ("F32", [2, 1, 32, 32], pixels)})
        safetensors(self.here / "normal", {"images": ("F32", [2, 1, 32, 32], normal)})
        for name, extra in (("in", ["--normalise"]), ("normal", ["--json"])):
            out = self.here / f"{name}.out"
            done = dfkd("forward", "--model", model, "--input", self.here / name, "--output", out, "--device", "cpu", *extra)
            self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout), {"output": str(out), "network": "wrn16_1", "images": 2, "classes": 10, "features": 64})
        outs = [read_safetensors(self.here / f"{n}.out") for n in ("in", "normal")]
        self.assertEqual(outs[0][0]["logits"]["shape"], [2, 10])
        self.assertEqual(outs[0][0]["features"]["shape"], [2, 64])
        values = [struct.unpack(f"<{len(o[1]) // 4}f", o[1]) for o in outs]
        for a, b in zip(*values):
            self.assertAlmostEqual(a, b, delta=1e-3)
        safetensors(self.here / "wrong", {"images": ("F32", [2, 3, 32, 32], pixels * 3)})
        self.refused("forward", "--model", model, "--input", self.here / "wrong", "--output", self.here / "o", says=["wrong", "2×3×32×32"])
        safetensors(self.here / "other", {"pictures": ("F32", [2, 1, 32, 32], pixels)})
        self.refused("forward", "--model", model, "--input", self.here / "other", "--output", self.here / "o", says=["other", "images"])
        self.refused("forward", "--model", model, "--input", self.here / "in", "--output", self.here / "no" / "o", says="no/o")
        images = (self.here / "in").read_bytes()
        os.link(self.here / "in", self.here / "same")
        for output in "in", "same":
            self.refused("forward", "--model", model, "--input", self.here / "in", "--output", self.here / output, says=[output, "--input", "lost"])
        self.assertEqual((self.here / "in").read_bytes(), images)
        (self.here / "model").write_bytes(model.read_bytes())
        self.refused("forward", "--model", self.here / "model", "--input", self.here / "in", "--output", self.here / "model", says=["--model", "lost"])
        self.refused("forward", says="--model", code=2)

    def test_replay(self):
        case = ROOT / "tests" / "cases" / "fast-reptile.safetensors"
        done = dfkd("replay", case, "--json", "--device", "cpu")
        self.assertEqual(done.returncode, 0, done)
        self.assertGreater(len(json.loads(done.stdout)), 40)
        header, data = read_safetensors(case)
        metadata = header.pop("__metadata__")
        tensors = {k: (v["dtype"], v["shape"], data[slice(*v["data_offsets"])]) for k, v in header.items()}
        tensors["out/0.loss"] = ("F32", [4], struct.pack("<4f", 1, 2, 3, 4))
        safetensors(self.here / "off.safetensors", tensors, metadata)
        done = dfkd("replay", self.here / "off.safetensors", "--device", "cpu")
        self.assertEqual(done.returncode, 1)
        self.assertIn("OUT OF TOLERANCE", done.stdout)
        safetensors(self.here / "other.safetensors", tensors, {**metadata, "method": json.dumps("guessing")})
        self.refused("replay", self.here / "other.safetensors", says="guessing")

    def test_bench(self):
        done = dfkd("bench", "--json", "--repeats", "2", "--batch", "4", "--ngf", "4", "--nz", "8", "--device", "cpu")
        self.assertEqual(done.returncode, 0, done)
        *steps, memory = json.loads(done.stdout)
        self.assertEqual(memory["name"], "memory")
        self.assertGreater(memory["peak"], memory["arenas"])
        for step in steps:
            self.assertEqual(set(step), {"name", "batch", "at_once", "submissions", "seconds", "flop", "bytes", "slab", "stages"})
            self.assertEqual(set(step["seconds"]), {"median", "min", "max"})
            self.assertGreater(step["flop"], 0)

    def test_bench_at_once(self):
        small = ("bench", "--json", "--repeats", "2", "--batch", "4", "--ngf", "4", "--nz", "8", "--device", "vulkan", "--random-teacher", "wrn10_1",
                 "--input", "3x8x8")
        together = {}
        for at_once in (1, 4):
            done = dfkd(*small, "--at-once", at_once)
            self.assertEqual(done.returncode, 0, done)
            together[at_once] = {step["name"]: step for step in json.loads(done.stdout) if "submissions" in step}
        for kind in ("inner", "student"):
            one, four = together[1][kind], together[4][kind]
            self.assertEqual((one["at_once"], four["at_once"]), (1, 4))
            self.assertEqual((one["submissions"], four["submissions"]), (1, 0.25))
            # stages are those of one step too, and the device's own time fits into the wall's
            for step in (one, four):
                self.assertGreater(sum(step["stages"].values()), 0.2 * step["seconds"]["median"])
                self.assertLess(sum(step["stages"].values()), 1.1 * step["seconds"]["max"])
        self.assertEqual(together[4]["outer"]["at_once"], 1)
        for wrong in ("0", "17"):
            self.refused("bench", "--at-once", wrong, says="--at-once", code=2)

    def test_roofline(self):
        small = ("--repeats", "1", "--batch", "2", "--ngf", "4", "--nz", "8", "--device", "cpu")
        done = dfkd("bench", "--json", "--roofline", "--random-teacher", "wrn10_1", "--input", "3x8x8", "--classes", "7", *small)
        self.assertEqual(done.returncode, 0, done)
        inner = json.loads(done.stdout)[0]
        self.assertGreater(inner["device_flop_rate"], 1e9)
        self.assertGreater(inner["device_bandwidth"], 1e8)
        self.assertLessEqual(len(inner["kernels"]), 10)
        seconds = [kernel["seconds"] for kernel in inner["kernels"]]
        self.assertEqual(seconds, sorted(seconds, reverse=True))
        self.assertAlmostEqual(sum(stage["flop"] for stage in inner["roofline"]), inner["flop"], delta=1e-6 * inner["flop"])
        text = dfkd("bench", "--roofline", *small)
        self.assertIn("the most expensive kernels", text.stdout)
        self.refused("bench", "--random-teacher", "wrn10_1", "--input", "3 by 8", says="3x32x32")
        for option, value in ("--input", "3x8x8"), ("--classes", "7"):
            self.refused("bench", option, value, says=[option, "--random-teacher"], code=2)
        self.refused("bench", "--random-teacher", "wrn11", says="wrn10_1")

    def test_scaling(self):
        small = ("--batch", "4", "--ngf", "4", "--nz", "8", "--k", "2", "--device", "cpu")
        done = dfkd("bench", "--scaling", "--quick", "--json", *small, "--output", self.here / "out")
        self.assertEqual(done.returncode, 0, done)
        report = json.loads(done.stdout)
        sweeps = {}
        for row in report["rows"]:
            sweeps.setdefault(row["sweep"], []).append(row)
            for name in ("seconds_per_image", "time_per_operation"):
                self.assertGreater(row[name]["min"], 0)
                self.assertLessEqual(row[name]["min"], row[name]["median"])
                self.assertLessEqual(row[name]["median"], row[name]["max"])
        self.assertEqual({name: [row["x"] for row in rows] for name, rows in sweeps.items()},
                         {"batch": [1, 2, 4, 8, 16], "k": [1, 2, 5], "side": [16, 32],
                          "pool-in-memory": [100, 1000, 10000], "pool-on-disk": [100, 1000, 10000]})
        self.assertEqual([row["batch"] for row in sweeps["side"]], [4, 4])
        flop = lambda name, i: sweeps[name][i]["flop_per_image"]
        self.assertAlmostEqual(flop("k", 2) / flop("k", 0), 5, delta=0.05)
        self.assertAlmostEqual(flop("side", 1) / flop("side", 0), 4, delta=0.05)
        self.assertEqual(flop("pool-in-memory", 2), flop("pool-in-memory", 0))
        self.assertEqual([verdict["sweep"] for verdict in report["verdicts"]], list(sweeps))
        for verdict in report["verdicts"]:
            self.assertEqual(verdict["faster"], verdict["growth"]["min"] > 1.1)
        with open(self.here / "out" / "scaling.csv", newline="") as stream:
            table = list(csv.DictReader(stream))
        self.assertEqual([(row["sweep"], float(row["x"])) for row in table], [(row["sweep"], row["x"]) for row in report["rows"]])
        for a, b in zip(table, report["rows"]):
            self.assertAlmostEqual(float(a["time_per_operation_median"]) / b["time_per_operation"]["median"], 1, delta=1e-5)
        plot = ElementTree.parse(self.here / "out" / "scaling.svg").getroot()
        self.assertEqual(len(plot.findall(".//{*}circle")), len(table))

        (self.here / "file").write_text("x")
        self.refused("bench", "--scaling", "--quick", *small, "--repeats", "1", "-o", self.here / "file", says=str(self.here / "file"))
        self.refused("bench", "--quick", says="--scaling", code=2)
        self.refused("bench", "--scaling", "--sweep", "size", says=["--sweep size", "side or pool"], code=2)

    def test_scaling_interrupted(self):
        """what there is by then is told; sizes that a network cannot have are left out"""
        done = dfkd("bench", "--scaling", "--sweep", "side", "--quick", "--random-teacher", "lenet5", "--input", "1x32x32", "--batch", "2", "--ngf", "4", "--nz", "8",
                    "--k", "1", "--bn", "0", "--repeats", "1", "--device", "cpu")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("left out: Network lenet5", done.stdout)
        child = subprocess.Popen([DFKD, "bench", "--scaling", "--batch", "4", "--ngf", "4", "--nz", "8", "--k", "1", "--device", "cpu",
                                  "-o", str(self.here / "out")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(2)
        child.send_signal(signal.SIGINT)
        told, _ = child.communicate(timeout=60)
        self.assertEqual(child.returncode, 130)
        self.assertIn("interrupted", told)
        self.assertNotIn("GROWS", told)  # of a few rounds nothing can be said
        self.assertTrue((self.here / "out" / "scaling.svg").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
