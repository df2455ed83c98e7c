#!/usr/bin/env python3
"""Every message can be translated, and Simplified Chinese has all of them.

    check-translations.py SOURCE_ROOT

Needs xgettext, msgmerge and msgattrib.  Checks that po/POTFILES.in names every file that holds a message and no other, that no
message is cut off at a conversion which xgettext does not know (G_GUINT64_FORMAT …), that what the programs tell of a count of things
has a form for one, and that po/zh_CN.po lacks none.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3"]
MESSAGE = re.compile(r'\b(?:_|N_|C_|NC_|ngettext|g_dngettext) ?\([^")]*"')

# "3 images" of what can also be one, without ngettext; in app and ui alone, as compute tells little but errors
COUNT = re.compile(r"%[uidl]+ (?:of %u )?(?:class|image|layer|point|recipe|result|run|seed|step|synthes|value)e?s\b")
# a sentence that is not said of one
PLURAL_ONLY = ("%s: %u images are too many for one picture", "%s does not fit the test images", "the training images are %u")


def run(*arguments, cwd):
    return subprocess.run(arguments, cwd=cwd, check=True, capture_output=True, text=True).stdout


def files_with_messages(root):
    for folder in ("app", "compute", "ui"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".c", ".h") and MESSAGE.search(path.read_text("utf-8")):
                yield path
            elif path.suffix == ".ui" and "translatable=" in path.read_text("utf-8"):
                yield path
    for pattern in ("*.desktop.in", "*.metainfo.xml.in", "*.gschema.xml"):
        yield from sorted((root / "data").glob(pattern))


def main():
    root = pathlib.Path(sys.argv[1])
    listed = [line for line in (root / "po/POTFILES.in").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    problems = []
    for path in listed:
        if not (root / path).exists():
            problems.append(f"po/POTFILES.in names {path}, which is not there")
    for path in files_with_messages(root):
        name = str(path.relative_to(root))
        if name not in listed:
            problems.append(f"po/POTFILES.in does not name {name}, which holds messages")
    if len(listed) != len(set(listed)):
        problems.append("po/POTFILES.in names a file twice")
    with tempfile.TemporaryDirectory() as folder:
        template, merged = f"{folder}/messages.pot", f"{folder}/zh_CN.po"
        run("xgettext", "--from-code=UTF-8", *[f"-k{keyword}" for keyword in KEYWORDS], "-f", "po/POTFILES.in", "-o", template,
            cwd=root)
        for message in re.findall(r'^msgid ((?:".*"\n?)+)', pathlib.Path(template).read_text("utf-8"), re.M):
            text = "".join(re.findall(r'"(.*)"', message))
            if re.search(r"(?<!%)%$", text) and "c-format" not in message and not text.endswith(" %"):
                problems.append(f"xgettext cuts this message off: {text}")
        for entry in pathlib.Path(template).read_text("utf-8").split("\n\n"):
            references = re.findall(r"(?:^#:| )\s*((?:app|ui)/\S+):\d+", entry, re.M)
            parts = re.search(r'^msgid ((?:".*"\n?)+)', entry, re.M)
            text = "".join(re.findall(r'"(.*)"', parts.group(1))) if parts else ""
            if references and COUNT.search(text) and "msgid_plural" not in entry and not text.startswith(PLURAL_ONLY):
                problems.append(f"{references[0]} has no form for one: {text}")
        run("msgmerge", "-q", "--no-fuzzy-matching", "po/zh_CN.po", template, "-o", merged, cwd=root)
        left = run("msgattrib", "--untranslated", "--no-obsolete", "--no-wrap", merged, cwd=root)
        for message in re.findall(r'^msgid "(.+)"$', left, re.M):
            problems.append(f"po/zh_CN.po does not translate: {message}")
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
