"""dfkd as the tests of the terminal start it: the program that is their first argument, in English."""
import os
import subprocess
import sys

DFKD = os.path.abspath(sys.argv[1])
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}


def dfkd(*arguments, timeout=120, **options):
    return subprocess.run([DFKD, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, **{"env": ENVIRONMENT, **options})
