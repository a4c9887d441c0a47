"""Worker processes: deadlines that stop the work, memory bounds, scripts, and the next claim after a failure."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import sympy as sp

from symbolic import Judge, VerdictKind, decide
from symbolic import judge as judge_module
from symbolic.notation import D, scalar, sigmoid

x, y, z = (scalar(name) for name in "xyz")
TRUE = (D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)), ())
#: expanding it takes far longer and more memory than any test waits for
ENDLESS = (
    sp.UnevaluatedExpr(1 + x + y + z + sp.exp(x) + sp.exp(y)) ** 150,
    sp.UnevaluatedExpr(x + 1 + y + z) ** 150,
    (),
)
SAME = (ENDLESS[0] * sp.UnevaluatedExpr(1 + x), ENDLESS[0] + x * ENDLESS[0], ())


def test_a_decision_ends_by_its_deadline_and_the_next_is_decided():
    with Judge(jobs=1, timeout=30) as judge:
        assert judge.decide(*TRUE).kind is VerdictKind.PROVED
        started = time.monotonic()
        verdict = judge.decide(*SAME, timeout=1.0)
        assert time.monotonic() - started < 5
        assert verdict.kind is VerdictKind.UNDECIDED
        assert "out of time" in verdict.reason
        assert judge.decide(*TRUE).kind is VerdictKind.PROVED


def test_memory_is_bounded():
    with Judge(jobs=1, timeout=8, memory=600) as judge:
        verdict = judge.decide(*SAME)
        assert verdict.kind is VerdictKind.UNDECIDED
        assert "out of memory" in verdict.reason or "out of time" in verdict.reason
        assert judge.decide(*TRUE).kind is VerdictKind.PROVED


def test_many_claims_over_several_processes():
    wrong = (TRUE[0], sigmoid(x), ())
    claims = [TRUE, wrong] * 6
    with Judge(jobs=2, timeout=30) as judge:
        verdicts = dict(judge.decide_all(claims))
    assert [verdicts[place].name for place in range(12)] == ["PROVED", "REFUTED"] * 6


def test_claims_that_cannot_be_read_do_not_stop_the_others():
    claims = [(sp.gamma(x), x, ()), TRUE, (sp.MatrixSymbol("A", 2, 3), sp.MatrixSymbol("B", 3, 2), ())]
    with Judge(jobs=1, timeout=30) as judge:
        verdicts = dict(judge.decide_all(claims))
    assert [verdicts[place].name for place in range(3)] == ["UNDECIDED", "PROVED", "REFUTED"]


def test_a_plain_script_without_a_main_guard(tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(
        "import sympy as sp\nfrom symbolic import decide\n"
        "x = sp.Symbol('x', real=True)\nprint(decide(sp.sin(x)**2 * 0 + x + x, 2*x).name)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "PROVED\n"


def test_decide_takes_plain_python_numbers():
    assert decide(sp.Integer(1) + 0 * x, 1).kind is VerdictKind.PROVED


@pytest.mark.parametrize("text", ["x", "__import__('os').getcwd()"])
def test_text_is_never_read_as_mathematics(text):
    with pytest.raises(Exception, match=r"sympify|text|SympifyError") as error:
        decide(text, x)
    assert "getcwd()'" not in str(error.value) or "SympifyError" in str(type(error.value))


def test_threads_get_their_own_answers():
    verdicts = {}

    def ask(number):
        verdicts[number] = [decide(number * x, number * x + (number % 2)).name for _ in range(5)]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verdicts == {number: ["REFUTED" if number % 2 else "PROVED"] * 5 for number in range(1, 5)}


def test_a_certificate_comes_within_the_time_of_its_claim():
    with Judge(jobs=1, timeout=30, certificates=True) as judge:
        assert judge.decide(*TRUE).certificate.startswith("{")
        started = time.monotonic()
        assert "out of time" in judge.decide(*SAME, timeout=2.0).reason
        assert time.monotonic() - started < 3.5  # not once more without one
        assert judge.decide(*TRUE).certificate.startswith("{")


@pytest.mark.parametrize("slow", ["time.sleep(60)", "os._exit(1)"])
def test_a_verdict_is_not_lost_with_its_certificate(slow, monkeypatch):
    prepared = f"import os, time, symbolic.certificates as c; c.certified = lambda claim, verdict: {slow}; "
    before, after = judge_module._START.split("from symbolic.worker")
    monkeypatch.setattr(judge_module, "_START", before + prepared + "from symbolic.worker" + after)
    with Judge(jobs=1, certificates=True) as judge:
        for _ in range(2):
            started = time.monotonic()
            verdict = judge.decide(*TRUE, timeout=1.0)
            assert (verdict.name, verdict.certificate) == ("PROVED", "")
            assert time.monotonic() - started < 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_an_interrupted_decision_leaves_no_answer_behind():
    decide(*TRUE)
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        decide(*SAME, timeout=20)
    assert [decide(x, x + 1).name, decide(2 * x, x + x).name] == ["REFUTED", "PROVED"]
