"""Runs the checker by file path: ``python -I -S symbolic/checker/__main__.py [--json] FILE ...``

The exit code is 0 if every certificate is accepted.
"""

import importlib
import json
import sys
import time
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Checks each file, writes a line for each; 0 if all are accepted."""
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    checker = importlib.import_module("checker")
    files, every = [a for a in arguments if a != "--json"], True
    for name in files:
        started = time.perf_counter()
        try:
            report = checker.check(Path(name).read_bytes())
        except OSError as error:
            report = checker.Report(False, reason=f"the file cannot be read: {error.strerror}")
        line = {"file": name, **vars(report), "seconds": time.perf_counter() - started}
        text = f"{'accepted' if report.accepted else 'rejected'}  {name}  {report.verdict} {report.reason}".rstrip()
        print(json.dumps(line) if "--json" in arguments else text, flush=True)
        every = every and report.accepted
    return 0 if files and every else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
