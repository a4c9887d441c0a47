"""A written derivation and its context: a verdict for every step.

report = check(text, context=context)
for step in report.steps:
    print(step.line, step.kind, step.link, step.head)
"""

from .document import check, check_with
from .results import Report, StepResult

__all__ = ["Report", "StepResult", "check", "check_with"]
