"""Random derivations, true and false, put to the prover: ``python -m benchmarks.soundness [--minutes M] [--seed S]``.

A true claim comes from an expression by true rewrites, and must be proved.  A false edit changes one node.  Numbers
of our own (ball arithmetic at rising precision, in code that shares nothing with the prover) say first whether that
makes a difference; then it must be refuted.  Each claim is decided again, its symbols renamed and its indices permuted.
What fails is shrunk to a smallest case, and can be asked again by its seed and number.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from .campaign import Campaign, judges
from .claims import make
from .report import summary
from .shrinking import shrunk, stays
from .trials import CHANGED, CRASHED, REJECTED, UNDECIDED, WRONG, Finding, Tally, Trial, written

_MOST_SHOWN = 8
_SHRINKING, _SHRINKING_ONE = 60.0, 15.0  # seconds: all that was found, and one finding


def main(arguments: Sequence[str] | None = None, console: Console | None = None) -> int:
    """Runs a campaign and prints what came of it; 1 if a verdict is wrong or changes with the names, or none came."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soundness", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5, help="how long (default: 5)")
    parser.add_argument("--seed", type=int, default=1, help="claims of another seed are other claims (default: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each core)")
    parser.add_argument("--claims", type=int, metavar="N", help="no more than N claims")
    parser.add_argument("--claim", type=int, metavar="NUMBER", help="ask this claim of the seed again, and no other")
    options = parser.parse_args(arguments)
    console = console or Console(soft_wrap=True)
    if options.claim is not None:
        return _ask_again(options.seed, options.claim, console)
    campaign = Campaign(options.seed, 60 * options.minutes, max(1, options.jobs), options.claims)
    total, started = Tally(), time.monotonic()
    try:
        with console.status("") as status:
            for tally in campaign.run():
                total.add(tally)
                status.update(f"{total.claims} claims, {total.undecided} undecided, {len(total.found(WRONG))} wrong")
    except KeyboardInterrupt:
        console.print("interrupted; this is what was done so far")
    for line in summary(total, time.monotonic() - started):
        console.print(line)
    sys.stdout.flush()  # what follows takes a while
    _show_findings(total, options.seed, console)
    return 1 if any(total.found(kind) for kind in (WRONG, CHANGED, CRASHED)) else 0


def _show_findings(total: Tally, seed: int, console: Console) -> None:
    decider, certifier = judges()
    deadline = time.monotonic() + _SHRINKING
    with decider, certifier:
        trial = Trial(seed, decider, certifier)
        for kind in (CRASHED, WRONG, CHANGED, REJECTED, UNDECIDED):
            for finding in total.found(kind)[:_MOST_SHOWN]:
                _show(finding, trial, console, deadline)


def _show(finding: Finding, trial: Trial, console: Console, deadline: float = math.inf) -> None:
    again = f"python -m benchmarks.soundness --seed {trial.seed} --claim {finding.number}"
    console.print(f"[bold]{finding.kind}[/bold]: {again}\n  {escape(finding.text)}")
    seconds = min(_SHRINKING_ONE, deadline - time.monotonic())
    if finding.kind in (REJECTED, CRASHED) or seconds <= 0:
        return
    claim = make(trial.seed, finding.number).claim
    small = shrunk(claim, stays(finding.kind, trial.judge, f"{trial.seed}/{finding.number}"), seconds)
    verdict = trial.decide(trial.judge, small)
    given = "".join(f"\n    given {item}" for item in small.given)
    text = f"{written(small.left)}  =  {written(small.right)}{given}"
    console.print(f"  smallest case: {escape(text)}\n  {escape(str(verdict))}\n")


def _ask_again(seed: int, number: int, console: Console) -> int:
    decider, certifier = judges()
    with decider, certifier:
        trial = Trial(seed, decider, certifier)
        made = make(seed, number)
        console.print(escape(f"{made.claim.left}\n  = {made.claim.right}\n  given {made.claim.given}"))
        tally = trial.run(number)
        console.print(escape(str(dict(tally.counts))))
        for finding in tally.findings:
            _show(finding, trial, console)
    return 1 if tally.found(WRONG) or tally.found(CHANGED) else 0


if __name__ == "__main__":
    raise SystemExit(main())
