"""`make torture`: the long campaign, with its report on standard output; ends with 1 when anything was found."""

from __future__ import annotations

import argparse
import sys

from tests.torture.campaign import run


def main() -> int:
    """Run it as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how often a process is killed with -9 (200)")
    parser.add_argument("--changes", type=int, default=20_000, help="how many changes are to be answered (20,000)")
    parser.add_argument("--clients", type=int, default=8, help="programs that save at the same time (8)")
    parser.add_argument("--deploys", type=int, default=3, help="how often a new version is put in place (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the order of faults and of the edits (1)")
    options = parser.parse_args()
    result = run(**vars(options))
    print("\n".join(result.lines()))  # noqa: T201 - the report
    return 0 if result.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
