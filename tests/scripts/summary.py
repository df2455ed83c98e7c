#!/usr/bin/env python3
# Reads meson's testlog.json (one object a line) and prints "N passed, N failed, N skipped" on a
# line of its own. Exit code 1 when anything failed. A missing log means that no test was chosen.
import json
import os
import sys

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def count(path):
    passed = failed = skipped = 0
    if os.path.exists(path):
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                if not line.strip():
                    continue
                try:
                    result = json.loads(line).get("result")
                except ValueError:
                    result = "ERROR"  # a log cut short is no success
                if result in PASSED:
                    passed += 1
                elif result in SKIPPED:
                    skipped += 1
                else:
                    failed += 1
    return passed, failed, skipped


def main():
    totals = [sum(column) for column in zip((0, 0, 0), *(count(path) for path in sys.argv[1:]))]
    print("%d passed, %d failed, %d skipped" % tuple(totals), flush=True)
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
