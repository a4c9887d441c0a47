"""A soundness campaign: random derivations, true and false, put to the prover (``python -m benchmarks.soundness``)."""

__all__: list[str] = []
