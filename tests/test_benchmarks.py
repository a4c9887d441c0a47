"""The benchmarks ask what they say they ask."""

from __future__ import annotations

import io

import pytest
import sympy as sp
from rich.console import Console

from benchmarks import prove, reading
from benchmarks.explicit import claims_at_size, explicit_claims, unfolded
from benchmarks.networks import Network, chain, decided, one_entry, whole_gradient
from benchmarks.peers import ask
from benchmarks.reading_sample import SAMPLE
from benchmarks.soundness.points import Claim, compare
from derivations.catalogue import find
from derivations.mutants import differs_numerically
from symbolic import Derivation, Erratum, Step, decide

pytestmark = pytest.mark.filterwarnings("ignore:os.fork")  # JAX, where it was imported before, warns of it


def steps(name: str) -> list[Step]:
    entry = find(name)
    assert isinstance(entry, Derivation | Erratum)
    return list(entry.steps())


def test_every_entry_at_every_index_is_a_claim_of_its_own() -> None:
    claims = explicit_claims(steps("softmax-jacobian")[0], 3)
    asked = {(str(claim.left.args[0]), str(claim.left.args[1])) for claim in claims}
    assert asked == {(f"y_{i}_0", f"z_{j}_0") for i in range(3) for j in range(3)}


def test_explicit_claims_are_true_where_the_step_is() -> None:
    for name in ("softmax-jacobian", "two-layer-dE-dW1", "softmax-cross-entropy-gradient-one-hot"):
        claims = explicit_claims(steps(name)[-1], 2)
        assert claims
        assert not any(differs_numerically(claim) for claim in claims), name


def test_a_wrong_step_is_wrong_in_scalars_too() -> None:
    step = steps("softmax-jacobian")[-1]
    wrong = Step("wrong", step.left, step.right + 1, step.reason, step.given)
    assert any(differs_numerically(claim) for claim in explicit_claims(wrong, 2))


def test_a_claim_at_a_size_keeps_its_tensors() -> None:
    step = steps("softmax-jacobian")[-1]
    ((left, right, given),) = claims_at_size(step, 2)
    assert decide(left, right, given).name == "PROVED"


def test_what_the_peers_are_asked_holds_no_definition_and_no_derivative() -> None:
    for claim in explicit_claims(steps("sigmoid-derivative")[0], 2):
        left, right = unfolded(claim)
        assert not (left - right).atoms(sp.Derivative)


def test_a_peer_is_stopped_when_its_time_is_up() -> None:
    x = sp.Symbol("x")
    hard = sum(sp.exp(sp.sin(x) ** k) / (1 + x**k) for k in range(1, 30))
    answer = ask("simplify", [(hard, hard**2)], 0.2)
    assert answer.note == "time"


@pytest.mark.parametrize("network", [one_entry(2, 3, 2), whole_gradient(2, 3, 2), chain(2)], ids=lambda n: n.title)
def test_the_networks_are_right_and_their_memory_is_known(network: Network) -> None:
    assert not compare(Claim(network.left, network.right, network.given), 3).differs
    verdict, seconds, memory = decided(network, 10)
    assert verdict.name == "PROVED"
    assert seconds < 10
    assert memory is None or 10 < memory < 1000


@pytest.mark.slow
def test_a_quick_run(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [find(name) for name in ("sigmoid-derivative", "softmax-jacobian", "sigmoid-derivative-sign-slip")]
    monkeypatch.setattr(prove, "ENTRIES", few)
    monkeypatch.setattr(prove, "growth", lambda *_: iter(()))
    monkeypatch.setattr(prove, "networks", lambda *_: iter(()))
    console = Console(file=io.StringIO(), width=120)
    assert prove.main(["--quick"], console) == 0
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert "this project" in written
    assert "claims that both decide" in written


def test_the_reader_reads_the_sample_rightly():
    assert len(SAMPLE) == 60
    assert {sample.formula: reading.ours(sample.formula) or "" for sample in SAMPLE} == {
        sample.formula: sample.outline for sample in SAMPLE
    }


def test_readings_are_compared_by_what_they_mean():
    z, y, k = sp.symbols("z y k")
    entries = sp.IndexedBase("y")
    total = sp.Sum(entries[k], (k, 1, sp.Symbol("C")))
    assert reading.same_meaning(1 / (1 + sp.E ** (-z)), (sp.exp(z) / (sp.exp(z) + 1),))
    assert reading.same_meaning(sp.Eq(z, y), (z, y))
    assert reading.same_meaning(sp.Symbol("W_{out}"), (sp.Symbol("W_out"),))
    assert reading.same_meaning(total, (total,))
    assert not reading.same_meaning(sp.Eq(z, y), (y, z))
    assert not reading.same_meaning(sp.Sum(sp.Symbol("y_k"), (k, 1, sp.Symbol("C"))), (total,))  # free of k
    assert not reading.same_meaning(sp.Function("f")(z), (sp.Symbol("f") * z,))
    assert not reading.same_meaning(sp.Symbol("d") * z / (sp.Symbol("d") * y), (sp.Derivative(z, y, evaluate=False),))
