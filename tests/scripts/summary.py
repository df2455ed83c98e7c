#!/usr/bin/env python3
# Reads meson's testlog.json (one object a line) and prints "FAILED: name (result)" for each test that
# failed and then, on a line of its own, "N passed, N failed, N skipped". Exit code 1 when anything
# failed. A missing log means that no test was chosen.
import json
import os
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def outcomes(path):
    """(name, result) of each test"""
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            if not line.strip():
                continue
            try:
                test = json.loads(line)
            except ValueError:
                yield "a test whose record was cut short", "ERROR"  # no success
            else:
                yield " ".join(str(test.get("name")).split()), test.get("result")


def main():
    passed, skipped, failed = 0, 0, []
    for path in sys.argv[1:]:
        for name, result in outcomes(path):
            if result in PASSED:
                passed += 1
            elif result in SKIPPED:
                skipped += 1
            else:
                failed.append("%s (%s)" % (name, result))
    for name in failed:
        print("FAILED: " + name)
    print("%d passed, %d failed, %d skipped" % (passed, len(failed), skipped), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
