#!/bin/sh
# Makes common.txt.gz anew: `src/password/common/make.sh` (needs pip, npm, python3 and the network).
#
# Sources and licences are named in README.md. The result is the same, byte for byte, each time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

pip download --quiet --no-deps zxcvbn==4.5.0
npm pack --silent @zxcvbn-ts/language-common@4.1.3 >/dev/null
tar -xzf zxcvbn-ts-language-common-4.1.3.tgz

python3 - "$here/common.txt.gz" <<'PYTHON'
import glob, gzip, json, sys

sys.path.insert(0, glob.glob("zxcvbn-*.whl")[0])
from zxcvbn.frequency_lists import FREQUENCY_LISTS

words = set(FREQUENCY_LISTS["passwords"])
words |= set(json.load(open("package/src/passwords.json", encoding="utf-8")))
# Shorter ones break the length rule in every profile, and are too short to be the heart of a longer one.
words = {word.lower() for word in words if len(word) >= 4 and not any(c.isspace() for c in word)}
# Sorted by bytes: the program searches the text by halving.
lines = sorted(word.encode() for word in words)
with open(sys.argv[1], "wb") as out:
    out.write(gzip.compress(b"".join(line + b"\n" for line in lines), 9, mtime=0))
print(f"{len(lines)} passwords")
PYTHON
