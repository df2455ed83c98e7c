#!/usr/bin/env python3
"""Drives dfkd convert: checkpoints become model files with the same tensors, and what cannot be told is asked for.

    test-convert.py PATH/TO/dfkd SOURCE_ROOT

Checkpoints are written here without PyTorch; where Debian's python3-torch is installed, it writes some more."""
import argparse
import json
import math
import pickle
import struct
import subprocess
import sys
import tempfile
import types
import unittest
import zipfile
from collections import OrderedDict, defaultdict
from pathlib import Path, PureWindowsPath

from program import dfkd

ROOT = Path(sys.argv[2])
NETWORKS = ROOT / "tests" / "fixtures" / "networks"
TORCH_PYTHON = "/usr/bin/python3"


def read_safetensors(path):
    """metadata, and name -> (dtype, shape, bytes)"""
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header, start = json.loads(data[8:8 + length]), 8 + length
    metadata = header.pop("__metadata__", {})
    return metadata, {name: (t["dtype"], t["shape"], data[start + t["data_offsets"][0]:start + t["data_offsets"][1]])
                      for name, t in header.items()}


def _named(module, name):
    thing = types.new_class(name)
    thing.__module__, thing.__qualname__ = module, name
    sys.modules.setdefault(module, types.ModuleType(module))
    setattr(sys.modules[module], name, thing)
    return thing


STORAGES = {"F32": _named("torch", "FloatStorage"), "I64": _named("torch", "LongStorage")}
REBUILD = _named("torch._utils", "_rebuild_tensor_v2")


class Tensor:
    def __init__(self, key, dtype, shape, data):
        self.key, self.dtype, self.shape, self.data = key, dtype, tuple(shape), data

    def __reduce__(self):
        strides, step = [], 1
        for dim in reversed(self.shape):
            strides.insert(0, step)
            step *= dim
        return REBUILD, (Storage(self, step), 0, self.shape, tuple(strides), False, OrderedDict())


class Storage:
    def __init__(self, tensor, count):
        self.id = ("storage", STORAGES[tensor.dtype], tensor.key, "cpu", count)


class Pickler(pickle._Pickler):
    def persistent_id(self, thing):
        return thing.id if isinstance(thing, Storage) else None


def save_checkpoint(path, tensors, wrap=lambda state: state, prefix="", method=zipfile.ZIP_STORED, protocol=2):
    state = OrderedDict((prefix + name, Tensor(str(i), *t)) for i, (name, t) in enumerate(tensors.items()))
    with zipfile.ZipFile(path, "w", method) as archive:
        with archive.open("archive/data.pkl", "w") as stream:
            Pickler(stream, protocol).dump(wrap(state))
        for tensor in state.values():
            archive.writestr("archive/data/" + tensor.key, tensor.data)
        archive.writestr("archive/version", "3\n")


class Convert(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = Path(self.folder.name)
        self.metadata, self.tensors = read_safetensors(NETWORKS / "state-wrn10_1.safetensors")

    def convert(self, source, *options):
        result = dfkd("convert", source, self.here / "out.safetensors", *options)
        self.assertEqual(result.returncode, 0, result)
        return result, *read_safetensors(self.here / "out.safetensors")

    def refused(self, *arguments, says, code):
        result = dfkd("convert", *arguments)
        self.assertEqual(result.returncode, code, result)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, result.stderr)

    def test_checkpoint(self):
        path = self.here / "model.pt"
        for prefix, wrap, method in (("", lambda state: state, zipfile.ZIP_STORED),
                                     ("module.", lambda state: {"epoch": 3, "state_dict": state, "best": 0.5}, zipfile.ZIP_DEFLATED)):
            with self.subTest(prefix):
                save_checkpoint(path, self.tensors, wrap, prefix, method)
                result, metadata, tensors = self.convert(path, "--mean", "0.5,0.25,0.125", "--std", "0.5", "--size", "8x8")
                self.assertIn("wrn10_1", result.stderr)
                self.assertNotIn("assumed", result.stderr)
                self.assertEqual(tensors, self.tensors)
                self.assertEqual({k: json.loads(v) for k, v in metadata.items()},
                                 {"network": "wrn10_1", "classes": 10, "input_shape": [3, 8, 8], "mean": [0.5, 0.25, 0.125], "std": [0.5, 0.5, 0.5]})

    def test_assumed(self):
        path = self.here / "model.safetensors"  # what it is, its content tells
        save_checkpoint(path, self.tensors)
        result, metadata, _ = self.convert(path, "--json")
        self.assertEqual(result.stderr.count("assumed"), 2, result.stderr)
        said = json.loads(result.stdout)
        self.assertEqual((said["network"], said["classes"], said["mean"], said["std"]), ("wrn10_1", 10, [0, 0, 0], [1, 1, 1]))
        self.assertEqual(json.loads(metadata["input_shape"]), [3, 32, 32])
        self.assertIn("assumed", said["notice"])

    def test_numbers_as_given(self):
        """the nearest float to 0.4914 is 0.491400003, which nobody gave"""
        path = self.here / "model.safetensors"
        save_checkpoint(path, self.tensors)
        result, metadata, _ = self.convert(path, "--json", "--mean", "0.4914,0.4822,0.3", "--std", "0.1")
        said = json.loads(result.stdout)
        self.assertEqual((said["mean"], said["std"]), ([0.4914, 0.4822, 0.3], [0.1] * 3))
        self.assertRegex(result.stdout, r'"input_shape" : \[\s*3,\s*32,\s*32\s*\]')
        self.assertEqual((metadata["mean"], metadata["std"]), ("[0.4914, 0.4822, 0.3]", "[0.1, 0.1, 0.1]"))
        self.assertEqual(dfkd("convert", path, path, "--network", "wrn10_1").returncode, 0)  # onto itself
        self.assertEqual(read_safetensors(path)[1], self.tensors)

    def test_several(self):
        path = self.here / "both.pth"
        other = read_safetensors(NETWORKS / "state-lenet5_half.safetensors")[1]
        state = OrderedDict((name.removeprefix("module."), Tensor("other" + str(i), *t)) for i, (name, t) in enumerate(other.items()))
        save_checkpoint(path, self.tensors, lambda teacher: {"student": state, "teacher": teacher})
        result, _, tensors = self.convert(path)
        self.assertIn("student", result.stderr)
        self.assertEqual(tensors, self.tensors)
        self.refused(path, self.here / "no.safetensors", "--part", "student", says="other0", code=1)  # whose numbers are not there
        self.refused(path, self.here / "no.safetensors", "--part", "absent", says=["absent", "teacher", "student"], code=2)
        self.assertFalse((self.here / "no.safetensors").exists())

    def test_either(self):
        """two networks with the same tensors: it is said, and the option chooses"""
        lines = (NETWORKS / "state-dicts.txt").read_text().split("network mobilenetv2 ")[1].split("network ")[0].splitlines()[1:]
        tensors = {}
        for name, *shape in map(str.split, lines):
            counter, dims = name.endswith("tracked"), [int(dim) for dim in shape]
            tensors[name] = ("I64" if counter else "F32", dims, bytes((8 if counter else 4) * math.prod(dims)))
        path = self.here / "mobile.pt"
        save_checkpoint(path, tensors)
        result, metadata, _ = self.convert(path)
        self.assertIn("it is mobilenetv2, but these would fit as well: mobilenetv2_s1; choose with --network", result.stderr)
        self.assertEqual(json.loads(metadata["network"]), "mobilenetv2")
        result, metadata, _ = self.convert(path, "--network", "mobilenetv2_s1")
        self.assertNotIn("fit as well", result.stderr)
        self.assertEqual(json.loads(metadata["network"]), "mobilenetv2_s1")

    def test_safetensors(self):
        source = NETWORKS / "state-wrn10_1.safetensors"
        result, metadata, tensors = self.convert(source, "--accuracy", "90.5")
        self.assertEqual((result.stderr, tensors), ("", self.tensors))
        self.assertEqual({k: json.loads(v) for k, v in metadata.items()},
                         {**{k: json.loads(v) for k, v in self.metadata.items()}, "accuracy": 90.5})
        again = (self.here / "out.safetensors").read_bytes()
        self.convert(self.here / "out.safetensors")
        self.assertEqual((self.here / "out.safetensors").read_bytes(), again)

    def test_refused(self):
        path, out = self.here / "model.pth", self.here / "no.safetensors"
        save_checkpoint(path, self.tensors)
        whole = path.read_bytes()
        for options, says in ((["--size", "8"], "--size"), (["--size", "8x8x3"], "--size"), (["--classes", "-1"], "--classes"),
                              (["--accuracy", "101"], "--accuracy"), (["--accuracy", "nan%"], "nan%"), (["--mean", "a"], "--mean"),
                              (["--std", "0"], "--std"), (["--mean", "1,2"], "--mean"), (["--network", "vgg99"], "vgg99"),
                              (["--classes", "11"], ["--classes 11", "has 10"]), (["--size", "3x3"], ["--size 3x3", "too small"]),
                              (["--class-names", "a,b"], "--class-names")):
            with self.subTest(options):
                self.refused(path, out, *options, says=says, code=2)
        self.refused(path, out, "--network", "wrn16_1", says=["block1.layer.1", "wrn16_1"], code=1)
        self.refused(path, self.here, says=str(self.here), code=2)
        self.refused(path, says="missing", code=2)
        self.refused(self.here / "nowhere", out, says="nowhere", code=1)
        for cut in (0, 1, 100, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:cut])
            self.refused(path, out, says=str(path), code=1)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", b"cos\nsystem\n(S'touch %s'\ntR." % str(out).encode())
        self.refused(path, out, says=["os.system", str(path)], code=1)
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            path.write_bytes(pickle.dumps({"fc.weight": [1.0] * 1000}, protocol))
            self.refused(path, out, says=[str(path), "is a pickle, but none of torch.save"], code=1)
        self.assertFalse(out.exists())

    def test_steering(self):
        """names out of files stand in messages, where they steer no terminal"""
        path, out = self.here / "model.pth", self.here / "no.safetensors"
        for wrap, arguments, code in ((lambda state: {"a\x1b[31m": state, "b": {"x": state["fc.bias"]}}, (), 0),
                                      (lambda state: OrderedDict({**state, "a\x1b[31m\x9b": state["fc.bias"]}), ("--network", "wrn10_1"), 1)):
            save_checkpoint(path, self.tensors, wrap)
            result = dfkd("convert", path, out, *arguments)
            self.assertEqual(result.returncode, code, result)
            self.assertIn("a?[31m", result.stderr)
            self.assertFalse(set(result.stderr) & {"\x1b", "\x9b"}, result)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", b"ca\x1b[31m\nb\n.")
        self.refused(path, out, says="names a?[31m.b,", code=1)
        source = NETWORKS / "state-wrn10_1.safetensors"
        whole = source.read_bytes()
        length = struct.unpack("<Q", whole[:8])[0]
        for key, value, says, code in (("network", "a\x1b[31m", "a?[31m", 2),
                                       ("class_names", json.dumps(["a\x1b[31m"] * 10), "class_names", 1)):
            header = json.loads(whole[8:8 + length])
            header["__metadata__"][key] = value
            text = json.dumps(header).encode()
            path.write_bytes(struct.pack("<Q", len(text)) + text + whole[8 + length:])
            self.refused(path, out, says=says, code=code)

    def test_arguments(self):
        """the options of a training script and what it kept, as many save them beside the weights"""
        path = self.here / "model.pth"
        for protocol in (2, 4):
            save_checkpoint(path, self.tensors, lambda state: {"opt": argparse.Namespace(lr=0.1, milestones=[1, 2]), "history": defaultdict(list, loss=[0.5]),
                                                               "from": [Path("/a/b"), PureWindowsPath("c")], "model": state}, protocol=protocol)
            self.assertEqual(self.convert(path)[2], self.tensors)

    def test_hyphens(self):
        """behind -- a name may begin with a hyphen, and be one itself"""
        for name in "-x.pth", "--":
            save_checkpoint(self.here / name, self.tensors)
        for arguments in (["--", "-x.pth", "-a.safetensors"], ["--mean", "0.5", "--std=0.25", "--", "-x.pth", "b.safetensors"],
                          ["--size", "8x8", "./-x.pth", "--", "-c.safetensors"], ["--", "--", "--d.safetensors"], ["--", "./-x.pth", "e.safetensors"]):
            with self.subTest(arguments):
                result = dfkd("convert", *arguments, cwd=self.here)
                self.assertEqual(result.returncode, 0, result)
                self.assertEqual(read_safetensors(self.here / arguments[-1])[1], self.tensors)
        for arguments, says in ((["--", "-x.pth", "a", "-b"], "“-b” is an argument too many"), (["--", "-x.pth"], "missing"), (["--", "--", "-x.pth", "a"], "“a” is")):
            result = dfkd("convert", *arguments, cwd=self.here)
            self.assertEqual(result.returncode, 2, result)
            self.assertIn(says, result.stderr)

    def test_pytorch(self):
        """what PyTorch itself saves: both formats, other types, strides, on a network of each family"""
        script = """
import sys, torch
sys.path.insert(0, sys.argv[1])
from networks import LeNet, ResNet, WideResNet
out = sys.argv[2]
nets = {"wrn16_2": WideResNet(16, 2, 3, 100), "resnet18": ResNet((2, 2, 2, 2), 3, 10), "lenet5": LeNet((6, 16, 120, 84), 1, 10)}
for name, net in nets.items():
    state = net.state_dict()
    for format in (True, False):
        torch.save({"model": state}, f"{out}/{name}-{format}.pth", _use_new_zipfile_serialization=format)
    with open(f"{out}/{name}.raw", "wb") as stream:
        for v in state.values():
            stream.write(v.contiguous().numpy().tobytes())
    half = {k: v.half() if v.dtype == torch.float32 else v for k, v in state.items()}
    if name == "resnet18":
        continue
    torch.save(half, f"{out}/{name}-half.pth")
    turned = {k: v.contiguous(memory_format=torch.channels_last) if v.dim() == 4 else v for k, v in state.items()}
    torch.save(turned, f"{out}/{name}-turned.pth")
"""
        if subprocess.run([TORCH_PYTHON, "-c", "import torch"], capture_output=True).returncode != 0:
            self.skipTest("python3-torch is not installed")
        subprocess.run([TORCH_PYTHON, "-c", script, ROOT / "tests" / "peers", self.here], check=True, timeout=120)
        for name in ("wrn16_2", "resnet18", "lenet5"):
            wanted = (self.here / f"{name}.raw").read_bytes()
            for kind in ("True", "False", "turned", "half")[:2 if name == "resnet18" else 4]:
                with self.subTest((name, kind)):
                    _, metadata, tensors = self.convert(self.here / f"{name}-{kind}.pth")
                    self.assertEqual(json.loads(metadata["network"]), name)
                    found = b"".join(data for _, _, data in tensors.values())
                    self.assertEqual(len(found), len(wanted))
                    if kind != "half":
                        self.assertTrue(found == wanted)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=1)
