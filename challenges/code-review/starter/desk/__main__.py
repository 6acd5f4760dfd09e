"""`python -m desk` says whether `review.toml` can be read, and shows what it says."""

from __future__ import annotations

import sys

from desk import ROOT
from desk.reading import NotReadable, read


def main() -> int:
    try:
        findings = read(ROOT)
    except NotReadable as error:
        print("\n".join(error.problems))
        return 1
    for finding in findings:
        print(f"{finding['file']}:{finding['line']}  {finding['kind']}  {finding['words']}")
    print(f"{len(findings)} findings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
