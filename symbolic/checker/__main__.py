"""Runs the checker by file path: ``python -I -S symbolic/checker/__main__.py [--json] FILE ...``

The exit code is 0 if every certificate is accepted.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Checks each file, writes a line for each; 0 if all are accepted."""
    sys.path.append(str(_HERE.parent))
    checker = importlib.import_module(_HERE.name)
    files, reports = [a for a in arguments if a != "--json"], []
    for name in files:
        started = time.perf_counter()
        try:
            reports.append(checker.check(Path(name).read_bytes()))
        except OSError as error:
            reports.append(checker.Report(False, reason=f"the file cannot be read: {error.strerror}"))
        seconds, line = time.perf_counter() - started, {"file": name, **vars(reports[-1])}
        text = f"{'accepted' if line['accepted'] else 'rejected'}  {name}  {line['verdict']} {line['reason']}".rstrip()
        print(json.dumps({**line, "seconds": seconds}) if "--json" in arguments else text, flush=True)
    return 0 if files and all(report.accepted for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
