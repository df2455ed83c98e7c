#!/bin/sh
# The last line of ./workbench test is read by programs: it must count right and fail when a test did. The lines before it
# name what failed.
set -eu
summary=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

expect () # EXIT-CODE LINES LOG…
{
  code=$1 lines=$2
  shift 2
  status=0
  got=$(python3 "$summary" "$@") || status=$?
  if [ "$got" != "$lines" ] || [ "$status" -ne "$code" ]; then
    echo "got \"$got\" and exit code $status, expected \"$lines\" and $code"
    exit 1
  fi
}

printf '%s\n' '{"name": "a", "result": "OK", "stdout": "{\"result\": \"FAIL\"}"}' \
  '{"name": "b", "result": "SKIP"}' > "$folder/good.json"
printf '%s\n' '{"name": "c", "result": "TIMEOUT"}' '{"name": "d", "result": "FAIL"}' \
  '{"name": "e e", "result": "UNEXPECTEDPASS"}' '{"name": "f", "res' > "$folder/bad.json"
names='FAILED: c (TIMEOUT)
FAILED: d (FAIL)
FAILED: e e (UNEXPECTEDPASS)
FAILED: a test whose record was cut short (ERROR)'
expect 0 '1 passed, 0 failed, 1 skipped' "$folder/good.json"
expect 1 "$names
0 passed, 4 failed, 0 skipped" "$folder/bad.json"
expect 1 "$names
1 passed, 4 failed, 1 skipped" "$folder/good.json" "$folder/bad.json"
expect 0 '0 passed, 0 failed, 0 skipped' "$folder/absent.json"
