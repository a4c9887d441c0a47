"""How long decisions take, beside SymPy's own: ``python -m benchmarks.prove``."""

__all__: list[str] = []
