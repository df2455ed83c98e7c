#!/usr/bin/env python3
"""Makes the GPU bundle and runs it where there is next to nothing: a root folder that holds the archive's content, the C
library, a shell and a Vulkan driver (lavapipe) with what it needs, entered by chroot with an empty environment.

    test-bundle.py BUILD_FOLDER [--whole]

--whole runs every workload on this machine itself too, beside PyTorch if there is one, and a bundle with a wrong reference case.
Skipped where chroot is not allowed or no lavapipe is installed."""
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = Path(sys.argv[1]).resolve()
PROGRAMS = 5  # test-ops, test-effects, test-running, test-corners, test-batches
CASES = len(list((Path(__file__).resolve().parents[2] / "cases").glob("fast-*.safetensors")))
WHOLE = "--whole" in sys.argv
LIMIT = 60 * 10 ** 6
LOADER = "/lib64/ld-linux-x86-64.so.2"


def enter():
    """the command that chroots, as root or as a user who may pretend to be; None where neither works"""
    chroot, unshare = (shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin") for name in ("chroot", "unshare"))
    for command in ([chroot], [unshare, "--map-root-user", chroot]):
        if None not in command and subprocess.run([*command, "/", "/bin/true"], capture_output=True).returncode == 0:
            return command
    return None


def find_driver():
    """lavapipe's library"""
    for manifest in Path("/usr/share/vulkan/icd.d").glob("lvp_icd*.json"):
        name = json.loads(manifest.read_text())["ICD"]["library_path"]
        for path in (Path(name), Path("/usr/lib/x86_64-linux-gnu") / name, Path("/usr/lib64") / name):
            if path.is_absolute() and path.exists():
                return path
    return None


def needed(path):
    listed = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=True).stdout
    return {Path(p) for p in re.findall(r"(/\S+) \(0x", listed)}


def install(root, path, at=None):
    """a file of this machine, at the same place below @root"""
    target = root / str(at or path).lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(Path(path).resolve(), target)
    target.chmod(0o755)


def make_machine(root, driver):
    """no bash, no coreutils, no Python, no GLib, no Vulkan loader"""
    shell = Path(shutil.which("dash") or "/bin/sh")
    for path in {Path(LOADER), *needed(shell), *needed(driver), driver}:
        install(root, path)
    install(root, shell, "/bin/sh")
    for folder in ("tmp", "dev", "usr/share/vulkan/icd.d"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "dev/null").touch()
    (root / "usr/share/vulkan/icd.d/lvp.json").write_text(json.dumps(
        {"file_format_version": "1.0.0", "ICD": {"library_path": str(driver), "api_version": "1.3.0"}}))


class Bundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = Path(cls.folder.name)
        cls.made = subprocess.run([HERE / "make-bundle", "--build", BUILD, "--output", cls.here / "made", "--fast"], capture_output=True,
                                  text=True, env={**os.environ, "PATH": os.path.dirname(sys.executable) + ":" + os.environ["PATH"]})
        if cls.made.returncode != 0:
            raise AssertionError(cls.made.stderr)
        cls.archive = cls.here / "made" / "dfkd-gpu-bundle.tar.xz"
        cls.root = cls.here / "machine"
        cls.root.mkdir()
        with tarfile.open(cls.archive) as tar:
            tar.extractall(cls.root)
        cls.bundle = cls.root / "dfkd-gpu-bundle"
        cls.driver, cls.enter = find_driver(), enter()
        if cls.driver:
            make_machine(cls.root, cls.driver)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def on_machine(self, *command, **variables):
        if self.driver is None or self.enter is None:
            self.skipTest("no lavapipe, or no right to chroot")
        return subprocess.run([*self.enter, self.root, *command], env=variables, capture_output=True, text=True, timeout=600)

    def test_archive(self):
        self.assertLess(self.archive.stat().st_size, LIMIT)
        for name in ("run-bundle", "start", "dfkd", "README.md", "licences/dfkd-workbench", "peer/gpu_peer.py", "peer/networks.py"):
            self.assertTrue((self.bundle / name).is_file(), name)
        self.assertEqual(len(list((self.bundle / "cases").glob("fast-*.safetensors"))), CASES)
        self.assertGreaterEqual(CASES, 6)
        # one libc, in its own folder, or the system's could not be used
        self.assertEqual([str(p.relative_to(self.bundle)) for p in self.bundle.rglob("libc.so.6")], ["lib/c/libc.so.6"])
        self.assertEqual(list(self.bundle.rglob("libstdc++*")), [])  # drivers need their own, often a newer one

    def test_bare_machine(self):
        done = self.on_machine("/dfkd-gpu-bundle/run-bundle", "--smoke", "--workloads", "b", "--results", "/tmp/r")
        self.assertEqual(done.returncode, 0, done)
        found = json.loads((self.root / "tmp/r/table.json").read_text())
        self.assertEqual(found["device_kind"], "software driver")
        self.assertIn("no python3", found["no_pytorch"])
        self.assertEqual(len(found["checks"]), PROGRAMS + CASES)
        self.assertEqual(sum(check["failed"] for check in found["checks"]), 0)
        self.assertGreater(sum(check["passed"] for check in found["checks"]), 600)
        for kind in ("inner", "student"):
            self.assertGreater(found["workloads"][0]["seconds"]["dfkd"][kind]["median"], 0)
        self.assertIn("SMOKE TEST", (self.root / "tmp/r/table.txt").read_text())
        # what it finds out about the device it keeps beside itself, not in a home
        self.assertEqual(sorted(p.name for p in self.root.iterdir() if p.name not in ("lib", "lib64", "usr")),
                         ["bin", "dev", "dfkd-gpu-bundle", "tmp"])

    def test_library_sets(self):
        for libraries in ("common", "bundled"):
            done = self.on_machine("/dfkd-gpu-bundle/start", "--libraries", libraries, "dfkd", "devices")
            self.assertEqual(done.returncode, 0, done)
            self.assertIn("software driver", done.stdout)
        # the machine has no GLib's companions, so this one must have been told from the others
        done = self.on_machine("/dfkd-gpu-bundle/start", "--libraries", "system", "dfkd", "devices")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, "lib(pcre2|protobuf-c)")  # whichever the loader misses first
        self.assertIn("software driver", self.on_machine("/dfkd-gpu-bundle/dfkd", "devices").stdout)

    def test_without_the_machines_loader(self):
        """a C library that is too old, or elsewhere: the bundle's own is used, with the machine's driver"""
        loader = self.root / LOADER.lstrip("/")
        kept = loader.with_suffix(".kept")
        loader.rename(kept)
        try:
            done = self.on_machine("/dfkd-gpu-bundle/lib/c/ld-linux-x86-64.so.2", "--library-path", "/dfkd-gpu-bundle/lib/c", "/bin/sh",
                                   "/dfkd-gpu-bundle/start", "dfkd", "devices")
        finally:
            kept.rename(loader)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("software driver", done.stdout)

    def test_driver_elsewhere(self):
        """a manifest where the Vulkan loader does not look"""
        known, other = self.root / "usr/share/vulkan/icd.d", self.root / "usr/local/nvidia/share/vulkan/icd.d"
        other.parent.mkdir(parents=True)
        known.rename(other)
        try:
            done = self.on_machine("/dfkd-gpu-bundle/dfkd", "devices")
        finally:
            other.rename(known)
        self.assertIn("software driver", done.stdout, done)

    def test_no_driver(self):
        done = self.on_machine("/dfkd-gpu-bundle/run-bundle", "--smoke", VK_DRIVER_FILES="/nowhere.json")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("no driver for Vulkan 1.2", done.stderr)

    @unittest.skipUnless(WHOLE, "only with --whole")
    def test_whole(self):
        """every workload at the real size of images, beside PyTorch where there is one"""
        done = subprocess.run([self.bundle / "run-bundle", "--batch", "2", "--rounds", "2", "--repeats", "1", "--at-once", "2", "--device",
                               "vulkan", "--peer-device", "cpu", "--python", "/usr/bin/python3", "--results", self.here / "whole"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done)
        found = json.loads((self.here / "whole" / "table.json").read_text())
        self.assertEqual([w["name"] for w in found["workloads"]], ["b", "c"])
        for workload in found["workloads"]:
            for side, figures in workload["seconds"].items():
                self.assertNotIn("failure", figures, side)
                for kind in ("inner", "student"):
                    self.assertEqual(len(figures[kind]["rounds"]), 2)
                    self.assertGreater(figures[kind]["min"], 0)
        print(done.stdout)

    @unittest.skipUnless(WHOLE, "only with --whole")
    def test_wrong_numbers(self):
        """a reference that the device does not meet"""
        case = self.bundle / "cases" / "fast-reptile.safetensors"
        good = case.read_bytes()
        length = struct.unpack("<Q", good[:8])[0]
        at = json.loads(good[8:8 + length])["out/0.loss"]["data_offsets"][0] + 8 + length
        case.write_bytes(good[:at] + struct.pack("<f", 1.0) + good[at + 4:])
        try:
            done = subprocess.run([self.bundle / "run-bundle", "--smoke", "--workloads", "b", "--alone", "--results", self.here / "wrong"],
                                  capture_output=True, text=True)
        finally:
            case.write_bytes(good)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("CHECKS FAILED", (self.here / "wrong" / "table.txt").read_text())
        self.assertIn("fast-reptile: 1 failed", done.stdout)


if __name__ == "__main__":
    skipped = None if find_driver() and enter() else "lavapipe or the right to chroot is missing"
    done = unittest.main(argv=sys.argv[:1], verbosity=1, exit=False).result
    if skipped:
        print(skipped)
    sys.exit(1 if not done.wasSuccessful() else 77 if skipped else 0)
