#!/bin/sh
# The last line of ./workbench test is read by programs: it must count right and fail when a test did.
set -eu
summary=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

expect () # EXIT-CODE LINE LOG…
{
  code=$1 line=$2
  shift 2
  status=0
  got=$(python3 "$summary" "$@") || status=$?
  if [ "$got" != "$line" ] || [ "$status" -ne "$code" ]; then
    echo "got \"$got\" and exit code $status, expected \"$line\" and $code"
    exit 1
  fi
}

printf '%s\n' '{"name": "a", "result": "OK", "stdout": "{\"result\": \"FAIL\"}"}' \
  '{"name": "b", "result": "SKIP"}' > "$folder/good.json"
printf '%s\n' '{"name": "c", "result": "TIMEOUT"}' '{"name": "d", "result": "FAIL"}' \
  '{"name": "e", "result": "UNEXPECTEDPASS"}' '{"name": "f", "res' > "$folder/bad.json"
expect 0 '1 passed, 0 failed, 1 skipped' "$folder/good.json"
expect 1 '0 passed, 4 failed, 0 skipped' "$folder/bad.json"
expect 1 '1 passed, 4 failed, 1 skipped' "$folder/good.json" "$folder/bad.json"
expect 0 '0 passed, 0 failed, 0 skipped' "$folder/absent.json"
