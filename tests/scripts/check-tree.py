#!/usr/bin/env python3
# Checks what the compiler does not: that no source file includes a header from a folder above or
# beside its own (DESIGN.md's arrow), that GTK and Vulkan stay where they belong, that no array is
# freed by its first pointer alone, and that no file is left with a note to finish it later.  usage: check-tree.py ROOT | check-tree.py --self-test
import os
import re
import sys
import tempfile

# height in the tree; a folder may include what is lower, never its neighbours
RANK = {
    "compute/base": 0, "compute/graph": 1, "compute/formats": 1,
    "compute/device": 2, "compute/data": 2, "compute/analysis": 2,
    "compute/nn": 3, "compute/methods": 4, "compute/session": 5, "compute": 6, "app": 7,
    "ui/charts": 8, "ui/widgets": 8, "ui/dials": 9, "ui/map": 9, "ui/comparison": 9, "ui/gallery": 10, "ui/latent": 11, "ui/curves": 10, "ui/timing": 10,
    "ui/statistics": 10, "ui/evaluation": 10, "ui/algorithm": 10, "ui/experiments": 10, "ui/window": 12, "ui": 13,
}
SOURCES = (".c", ".h")
TEXTS = SOURCES + (".py", ".build", ".ui", ".css", ".glsl", ".comp", ".md", ".xml", ".in", ".sh", ".txt")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")


def folder_of(path):
    parts = path.split("/")[:-1]
    for depth in (2, 1):
        name = "/".join(parts[:depth])
        if name in RANK and len(parts) >= depth:
            return name
    return None


def tree(root):
    for folder, names, files in os.walk(root):
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in ("__pycache__", "runs")
                          and not (inside == "." and n.startswith("build"))
                          and not os.path.exists(os.path.join(folder, n, "meson-private")))
        for name in sorted(files):
            yield name if inside == "." else inside + "/" + name


def allowed(source, header):
    mine, theirs = folder_of(source), folder_of(header)
    if theirs is None or mine is None:
        return True
    if mine == theirs:
        # the two devices know nothing of each other
        sides = {side for side in ("cpu", "vulkan") for path in (source, header)
                 if path.startswith("compute/device/%s/" % side)}
        return len(sides) < 2
    if mine.startswith(("app", "ui")) and theirs.startswith("compute"):
        return header == "compute/dfkd.h"
    return RANK[theirs] < RANK[mine]


def frees_first(line):
    """whether it declares an array, of which g_autofree would free what the first pointer points to"""
    while "(" in line and re.search(r"\([^()]*\)", line):
        line = re.sub(r"\([^()]*\)", "", line)
    declared = re.match(r"\s*g_auto(?:free|ptr)\b(.*)", line.split("(")[0])
    return declared is not None and any("[" in part.split("=")[0] for part in declared.group(1).split(","))


def check(root):
    problems = []
    files = list(tree(root))
    headers = {}
    for path in files:
        if path.endswith(".h"):
            headers.setdefault(os.path.basename(path), []).append(path)

    for path in files:
        if not path.endswith(TEXTS) and "." in os.path.basename(path):
            continue
        try:
            with open(os.path.join(root, path), encoding="utf-8") as stream:
                lines = stream.readlines()
        except (UnicodeDecodeError, OSError):
            continue
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                problems.append("%s:%d: a note to finish it later: %s" % (path, number, line.strip()))
            if path.endswith(SOURCES) and frees_first(line):
                problems.append("%s:%d: of an array g_auto frees the first alone: %s" % (path, number, line.strip()))
            match = INCLUDE.match(line) if path.endswith(SOURCES) else None
            if not match:
                continue
            kind, name = match.groups()
            if kind == "<":
                if name.startswith(("gtk/", "gdk/", "gsk/", "adwaita")) and path.startswith("compute/"):
                    problems.append("%s:%d: compute/ must not know GTK: <%s>" % (path, number, name))
                if name.startswith("vulkan/") and not path.startswith(("compute/device/vulkan/", "tests/")):
                    problems.append("%s:%d: Vulkan stays in compute/device/vulkan: <%s>" % (path, number, name))
                continue
            found = [h for h in headers.get(os.path.basename(name), []) if h.endswith(name.lstrip("./"))]
            if found and not any(allowed(path, header) for header in found):
                problems.append("%s:%d: includes %s, which is not below it" % (path, number, found[0]))
    return problems


def self_test():
    def write(root, path, text):
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as stream:
            stream.write(text)

    headers = ("compute/base/low.h", "compute/session/high.h", "compute/nn/side.h", "compute/dfkd.h",
               "compute/device/vulkan/queue.h", "app/run.h", "ui/window/list.h")
    cases = [
        ("compute/graph/a.c", '#include "low.h"\n', 0),
        ("compute/graph/a.c", '#include "high.h"\n', 1),
        ("compute/device/a.c", '#include "side.h"\n', 1),
        ("compute/device/cpu/a.c", '#include "queue.h"\n', 1),
        ("compute/device/a.c", '#include "queue.h"\n', 0),
        ("compute/session/a.c", '#include <gtk/gtk.h>\n', 1),
        ("compute/nn/a.c", '#include <vulkan/vulkan.h>\n', 1),
        ("app/a.c", '#include "dfkd.h"\n', 0),
        ("app/a.c", '#include "high.h"\n', 1),
        ("ui/charts/a.c", '#include "list.h"\n', 1),
        ("ui/curves/a.c", '#include "list.h"\n', 1),
        ("ui/window/a.c", '#include "list.h"\n', 0),
        ("ui/curves/a.c", '#include "high.h"\n', 1),
        ("compute/dfkd.h", '#include "high.h"\n', 0),
        ("compute/session/a.c", '#include "run.h"\n', 1),
        ("tests/a.c", '#include "high.h"\n#include "queue.h"\n', 0),
        ("tests/a.c", "/* TO" "DO: later */\n", 1),
        ("tests/a.c", "  g_autofree char *names[2] = { NULL };\n", 1),
        ("tests/a.c", "  g_autofree char *one = NULL, *names[COUNT];\n", 1),
        ("tests/a.c", "  g_autofree char *one = g_strdup (names[0]), *other = x[1];\n  char *names[2];\n", 0),
        ("tests/a.c", 'char name[] = "fileX' 'XXXXX";\n', 0),
    ]
    for path, text, expected in cases:
        with tempfile.TemporaryDirectory() as root:
            for header in headers:
                write(root, header, "\n")
            write(root, path, text)
            found = check(root)
            if len(found) != expected:
                print("%s with %r: %d problems, expected %d: %s" % (path, text, len(found), expected, found))
                return 1
    print("%d trees judged as expected" % len(cases))
    return 0


def main():
    if len(sys.argv) != 2:
        print("usage: check-tree.py ROOT | check-tree.py --self-test")
        return 2
    if sys.argv[1] == "--self-test":
        return self_test()
    problems = check(sys.argv[1])
    print("\n".join(problems) if problems else "no problem found")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
