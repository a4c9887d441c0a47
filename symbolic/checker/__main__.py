"""Runs the checker by file path: ``python -I -S symbolic/checker/__main__.py [--json] FILE ...``

The exit code is 0 if every certificate is accepted.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _package() -> object:
    """The package this file lies in, loaded under a name of its own: nothing else is on the way."""
    spec = importlib.util.spec_from_file_location(
        "certificate_checker", _HERE / "__init__.py", submodule_search_locations=[str(_HERE)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["certificate_checker"] = module
    spec.loader.exec_module(module)
    return module


def main(arguments: list[str]) -> int:
    """Checks each file, writes a line for each; 0 if all are accepted."""
    check = _package().check  # type: ignore[attr-defined]
    as_json = "--json" in arguments
    files = [a for a in arguments if a != "--json"]
    if not files:
        print(__doc__)
        return 2
    refused = 0
    for name in files:
        started = time.perf_counter()
        try:
            report = check(Path(name).read_bytes())
            accepted, verdict, reason = report.accepted, report.verdict, report.reason
        except OSError as error:
            accepted, verdict, reason = False, "", f"the file cannot be read: {error.strerror}"
        refused += not accepted
        seconds = time.perf_counter() - started
        if as_json:
            line = {"file": name, "accepted": accepted, "verdict": verdict, "reason": reason, "seconds": seconds}
            print(json.dumps(line), flush=True)
        else:
            print(
                f"{'accepted' if accepted else 'rejected'}  {name}  {verdict}{': ' * bool(reason)}{reason}", flush=True
            )
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
