#!/bin/sh
# Has squawk read the expand and validate files of all plans: scripts/squawk.sh
# squawk is the one on $PATH, or that of PyPI in target/squawk/env. Every rule that finds something has to be answered in
# docs/hazards.md, under "What squawk says"; one that is not fails.
set -eu
cd "$(dirname "$0")/.."
work=target/squawk
mkdir -p "$work"
if command -v squawk >/dev/null; then
  squawk=squawk
else
  squawk=$work/env/bin/squawk
  [ -x "$squawk" ] || { python3 -m venv "$work/env" && "$work/env/bin/pip" install --quiet squawk-cli; } || {
    echo "squawk: skipped, there is neither squawk nor a python3 that could install it"
    exit 0
  }
fi
rm -rf "$work/sql"
cargo run --quiet --example flat -- "$work/sql"
# It exits with 1 where it finds something.
find "$work/sql" -name '*.sql' -print0 | sort -z |
  xargs -0 -n 400 "$squawk" --pg-version 15 --reporter gcc >"$work/found.txt" 2>"$work/errors.txt" || true
sed -n 's/.*: \(warning\|error\): \([a-z-]*\) .*/\2/p' "$work/found.txt" | sort | uniq -c | sort -rn
unanswered=0
for rule in $(sed -n 's/.*: \(warning\|error\): \([a-z-]*\) .*/\2/p' "$work/found.txt" | sort -u); do
  grep -q "^| \`$rule\` |" docs/hazards.md || {
    echo "squawk: $rule is not answered in docs/hazards.md:"
    grep ": $rule " "$work/found.txt" | head -n 3
    unanswered=1
  }
done
exit $unanswered
