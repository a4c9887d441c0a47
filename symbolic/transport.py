"""Claims and verdicts as JSON: the lowered form crosses a process boundary, never a pickled SymPy tree."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from .terms import Claim, Condition, Definition, Tensor, Term, make
from .verdict import Counterexample, Verdict, VerdictKind, Witness


class TermWriter:
    """Terms as a list of nodes, each written once."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self._numbers: dict[Term, int] = {}

    def term(self, term: Term) -> int:
        pending = [term]
        while pending:
            node = pending[-1]
            if node in self._numbers:
                pending.pop()
                continue
            missing = [child for child in node.children() if child not in self._numbers]
            if missing:
                pending += missing
                continue
            pending.pop()
            written = self._node(node)
            self._numbers[node] = len(self.nodes)
            self.nodes.append(written)
        return self._numbers[term]

    def _node(self, node: Term) -> list[Any]:
        return [node.op, [self._arg(a) for a in node.args]]

    def _arg(self, arg: Any) -> Any:
        if isinstance(arg, Term):
            return {"t": self._numbers[arg]}
        if isinstance(arg, Fraction):
            return {"q": str(arg)}
        return [self._arg(a) for a in arg] if isinstance(arg, tuple) else arg


class _Reader:
    def __init__(self, nodes: list[Any]) -> None:
        self.terms: list[Term] = []
        for op, args in nodes:
            self.terms.append(make(op, tuple(self._arg(a) for a in args)))

    def _arg(self, arg: Any) -> Any:
        if isinstance(arg, dict):
            return self.terms[arg["t"]] if "t" in arg else Fraction(arg["q"])
        return tuple(self._arg(a) for a in arg) if isinstance(arg, list) else arg


def claim_data(claim: Claim, writer: TermWriter) -> dict[str, Any]:
    """A claim as plain data, with its terms as numbers of the writer's nodes."""
    return {
        "left": writer.term(claim.left),
        "right": writer.term(claim.right),
        "indices": claim.indices,
        "sizes": claim.sizes,
        "symbols": claim.symbols,
        "tensors": {name: [tensor.dimensions, tensor.domain] for name, tensor in claim.tensors.items()},
        "definitions": [[d.name, d.parameters, writer.term(d.body)] for d in claim.definitions.values()],
        "conditions": [[c.relation, writer.term(c.term), c.quantified, c.tensor] for c in claim.conditions],
    }


def claim_to_json(claim: Claim) -> str:
    writer = TermWriter()
    return json.dumps({**claim_data(claim, writer), "nodes": writer.nodes})


def claim_from_json(text: str) -> Claim:
    data = json.loads(text)
    terms = _Reader(data["nodes"]).terms
    return Claim(
        terms[data["left"]],
        terms[data["right"]],
        data["indices"],
        data["sizes"],
        data["symbols"],
        {name: Tensor(tuple(dimensions), domain) for name, (dimensions, domain) in data["tensors"].items()},
        {name: Definition(name, tuple(parameters), terms[body]) for name, parameters, body in data["definitions"]},
        tuple(
            Condition(relation, terms[term], tuple((i, d) for i, d in quantified), tensor)
            for relation, term, quantified, tensor in data["conditions"]
        ),
    )


def verdict_to_json(verdict: Verdict) -> str:
    return json.dumps({**verdict_as_data(verdict), "certificate": verdict.certificate})


def verdict_as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data."""
    data: dict[str, Any] = {
        "verdict": verdict.name,
        "exceptions": list(verdict.exceptions),
        "reason": verdict.reason,
        "layout": verdict.layout,
        "seconds": verdict.seconds,
        "witness": None,
        "counterexample": None,
    }
    for key in ("witness", "counterexample"):
        evidence = getattr(verdict, key)
        if evidence is not None:
            data[key] = dict(vars(evidence))
    return data


def verdict_from_json(text: str) -> Verdict:
    data = json.loads(text)
    return Verdict(
        VerdictKind(data["verdict"]),
        Witness(**data["witness"]) if data["witness"] else None,
        tuple(data["exceptions"]),
        Counterexample(**data["counterexample"]) if data["counterexample"] else None,
        data["reason"],
        data["layout"],
        data["seconds"],
        data.get("certificate", ""),
    )
