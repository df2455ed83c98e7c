"""The manual pages: every command and option is in them, and groff has nothing to complain about.

Usage: test-manual.py DFKD WORKBENCH_PAGE [WORKBENCH_SOURCE]
"""
import re
import shutil
import subprocess
import sys

dfkd, page, source = sys.argv[1:4]


def run(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, **options)


def plain(roff):
    return roff.replace("\\-", "-")


manual = run(dfkd, "help", "--man").stdout
missing = []
for name in re.findall(r"^  (\w+) ", run(dfkd, "--help").stdout, re.M):
    if f".B {name}\n" not in manual:
        missing.append(name)
options = re.findall(r"^  (?:-\w, )?(--[a-z][a-z0-9-]*)", run(dfkd, "distill", "--help-recipe").stdout, re.M)
assert len(options) > 20, options
for option in options:
    if f".B {option}\n" not in plain(manual):
        missing.append(option)
# each command's own, in its own section
sections = dict(re.findall(r"^\.SS dfkd (\w+)\n(.*?)(?=^\.S)", plain(manual), re.M | re.S))
for name in re.findall(r"^  (\w+) ", run(dfkd, "--help").stdout, re.M):
    told = run(dfkd, name, "--help").stdout
    options = re.findall(r"^  (?:-(\w), )?--([a-z][a-z0-9-]*)(?:=(\S+))?  +(.*)", told[told.index("Application Options:"):], re.M)
    assert options, (name, told)
    for short, option, argument, what in options:
        line = f'.BR -{short} ", " --{option}' if short else f".B --{option}"
        line += f"{' =' if short else chr(92) + 'fR='}\\fI{argument}\\fR" if argument else ""
        if f".TP\n{line}\n{what[:20]}" not in sections.get(name, ""):
            missing.append(f"{name} --{option}")
for name, arguments in ("convert", "IN OUT.safetensors|OUT.onnx"), ("scalars", "RUN…"), ("experiment", "FILE"), ("replay", "CASE.safetensors"):
    if f".B dfkd {name}\n.RI [ OPTION ...]\n.I \"{arguments}\"\n" not in sections[name]:
        missing.append(f"{name} {arguments}")
window = plain(open(page, encoding="utf-8").read())
options = re.findall(r'^ +\{ "([a-z-]+)", 0, 0, G_OPTION', open(source, encoding="utf-8").read(), re.M)
assert len(options) >= 6, options
for option in options:
    if f"--{option}" not in window:
        missing.append(f"{page}: --{option}")
assert not missing, missing

if shutil.which("groff"):
    for text in (manual, open(page, encoding="utf-8").read()):
        told = run("groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-z", input=text).stderr
        assert not told, told
