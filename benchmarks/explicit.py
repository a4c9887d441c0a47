"""Claims of the catalogue at explicit sizes: plain scalars instead of tensors, every sum written out.

A claim for every size becomes, at given sizes, one explicit claim for each value of its indices, each entry of its
matrices and each one-hot target.  The entry (0, 1) of W becomes the symbol W_0_1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.mutants.trees import free_indices, is_matrix, is_size, substitute, substitute_given
from symbolic.given import Define, Every, OneHot
from symbolic.notation import Cases, Gradient, Jacobian, Partial, relu, sigmoid, softplus

Rows = list[list[Any]]
Environment = Mapping[Any, Any]


class NotExplicit(Exception):
    """A claim that has no explicit form, for example because its shapes do not conform."""


@dataclass(frozen=True)
class ExplicitClaim:
    """``left = right`` in scalars; definitions and conditions are in scalars too."""

    left: Any
    right: Any
    given: tuple[Any, ...]


def explicit_claims(step: Any, size: int, indices: Mapping[Any, int] | None = None) -> list[ExplicitClaim]:
    """The claims of a step with every size set to `size`; with ``indices``, only those at these index values."""
    if indices is not None:
        return list(_at(step, size, dict(indices)))
    free = free_indices(step.left) | free_indices(step.right)
    for given in step.given:
        if isinstance(given, Define):
            own = getattr(given.target, "indices", ())
            free |= {i: d for i, d in free_indices(given.value).items() if i not in own}
    claims: list[ExplicitClaim] = []
    ranges = [range(int(d) if d.is_Integer else size) for d in free.values()]
    for values in product(*ranges):
        claims += _at(step, size, dict(zip(free, values, strict=True)))
    return list(dict.fromkeys(claims))


def claims_at_size(step: Any, size: int) -> list[tuple[Any, Any, tuple[Any, ...]]]:
    """The claim of a step with every size a number; tensors stay tensors.  One for each choice of one-hot targets."""
    trees = [step.left, step.right]
    for item in step.given:
        trees += [item.target, item.value] if isinstance(item, Define) else [getattr(item, "relation", item)]
    trees = [getattr(tree, "tensor", tree) for tree in trees]
    sizes = {symbol: sp.Integer(size) for tree in trees for symbol in tree.atoms(sp.Symbol) if is_size(symbol)}
    given = tuple(substitute_given(item, sizes) for item in step.given)
    left, right = substitute(step.left, sizes), substitute(step.right, sizes)
    tensors = [item.tensor for item in given if isinstance(item, OneHot)]
    rest = tuple(item for item in given if not isinstance(item, OneHot))
    return [(left, right, (*rest, *choice)) for choice in _hot_choices(tensors)]


def _hot_choices(tensors: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    rows = []
    for tensor in tensors:
        entries = [[tensor[i, j] for j in range(tensor.shape[1])] for i in range(tensor.shape[0])]
        rows += [[row[0] for row in entries]] if tensor.shape[1] == 1 else entries
    for choice in product(*(range(len(row)) for row in rows)):
        pairs = zip(rows, choice, strict=True)
        yield tuple(sp.Eq(entry, int(k == hot)) for row, hot in pairs for k, entry in enumerate(row))


def _at(step: Any, size: int, indices: Mapping[Any, int]) -> Iterator[ExplicitClaim]:
    writer = Writer(size, indices, step.given)
    conditions = list(writer.conditions())
    if sp.false in conditions:
        return  # not an admissible choice of indices
    sides = [writer.rows(side, {}) for side in (step.left, step.right)]
    if [len(sides[0]), len(sides[0][0])] != [len(sides[1]), len(sides[1][0])]:
        raise NotExplicit("the shapes of the two sides differ")
    hot = list(writer.hot_targets())
    for left, right in zip(*(chain.from_iterable(side) for side in sides), strict=True):
        given = (*writer.defined(left, right), *(c for c in conditions if c is not sp.true))
        for targets in hot:
            yield ExplicitClaim(left, right, (*given, *targets))


class Writer:
    """Writes expressions out at one size and one choice of indices."""

    def __init__(self, size: int, indices: Mapping[Any, int], given: Iterable[Any]) -> None:
        self.size = size
        self.indices = indices
        self.given = [g for g in given if not isinstance(g, Define)]
        self.definitions = {_name(g.target): g for g in given if isinstance(g, Define)}
        self.values: dict[Any, Any] = {}  # of the defined symbols met so far, in the order in which they are needed

    # ---- what is given

    def defined(self, *sides: Any) -> Iterator[Define]:
        """Definitions of the symbols that the sides need, directly or through others."""
        pending, needed = list(sides), set[Any]()
        while pending:
            for symbol in pending.pop().atoms(sp.Symbol) - needed:
                if symbol in self.values:
                    needed.add(symbol)
                    pending.append(self.values[symbol])
        return (Define(symbol, value) for symbol, value in self.values.items() if symbol in needed)

    def conditions(self) -> Iterator[Any]:
        """Every condition for every value of its own indices; sp.false for one that the indices do not satisfy."""
        for given in self.given:
            if isinstance(given, OneHot):
                continue
            relation = given.relation if isinstance(given, Every) else given
            bound = set(given.indices) if isinstance(given, Every) else set()
            own = {i: d for i, d in free_indices(relation).items() if i in bound or i not in self.indices}
            for values in product(*(range(self.integer(d, {})) for d in own.values())):
                env = dict(zip(own, values, strict=True))
                left, right = (self.scalar(side, env) for side in relation.args)
                yield self._solved(left, right) if isinstance(relation, sp.Eq) else relation.func(left, right)

    def _solved(self, left: Any, right: Any) -> Any:
        """t_0 + t_1 + t_2 = 1 as t_2 = 1 - t_0 - t_1, which everybody can put in."""
        if isinstance(left, sp.Add) and all(term.is_Symbol for term in left.args):
            last = max(left.args, key=str)
            return sp.Eq(last, right - left + last)
        return sp.Eq(left, right)

    def hot_targets(self) -> Iterator[tuple[Any, ...]]:
        """The values of the one-hot tensors, one choice after the other."""
        rows = []
        for given in self.given:
            if isinstance(given, OneHot):
                entries = self.rows(given.tensor, {})
                if given.tensor.shape[1] == 1:
                    entries = [[row[0] for row in entries]]
                rows += entries
        for choice in product(*(range(len(row)) for row in rows)):
            pairs = zip(rows, choice, strict=True)
            yield tuple(sp.Eq(symbol, int(k == hot)) for row, hot in pairs for k, symbol in enumerate(row))

    # ---- variables

    def integer(self, e: Any, env: Environment) -> int:
        if e.is_Integer:
            return int(e)
        if e in env or e in self.indices:
            return int(env[e] if e in env else self.indices[e])
        if e.is_Symbol:
            return self.size
        return sum(self.integer(a, env) for a in e.args)  # n - 1

    def symbol(self, tensor: Any, position: tuple[int, ...]) -> Any:
        """The plain symbol of an entry; its definition is written out where it has one."""
        name = "_".join([str(tensor), *map(str, position)])
        domain = {"positive": True} if tensor.is_Symbol and tensor.is_positive else {"real": True}
        symbol = sp.Symbol(name, **domain)
        definition = self.definitions.get(str(tensor))
        if definition is not None and symbol not in self.values:
            if isinstance(definition.target, sp.MatrixSymbol):
                self.values[symbol] = self.rows(definition.value, {})[position[0]][position[1]]
            else:
                own = dict(zip(getattr(definition.target, "indices", ()), position, strict=True))
                self.values[symbol] = self.scalar(definition.value, own)
        return symbol

    def _entry(self, e: Any, env: Environment) -> Any:
        position = tuple(self.integer(i, env) for i in e.indices)
        if isinstance(e, MatrixElement) and not isinstance(e.parent, sp.MatrixSymbol):
            return self.rows(e.parent, env)[position[0]][position[1]]
        return self.symbol(e.parent if isinstance(e, MatrixElement) else e.base, position)

    # ---- scalars

    def scalar(self, e: Any, env: Environment) -> Any:
        """A scalar expression without tensors and sums."""
        if e in env and not e.is_integer:
            return env[e]
        if is_matrix(e):
            return self.rows(e, env)[0][0]
        if e.is_Symbol:
            return self.symbol(e, ()) if not e.is_integer else sp.Integer(self.integer(e, env))
        if not e.args:
            return e
        if isinstance(e, MatrixElement | sp.Indexed):
            return self._entry(e, env)
        if isinstance(e, sp.Sum):
            return self._sum(e, env)
        if isinstance(e, sp.Trace):
            rows = self.rows(e.args[0], env)
            return sp.Add(*(row[i] for i, row in enumerate(rows)))
        if isinstance(e, sp.Subs):
            return sp.Subs(e.expr, e.variables, tuple(self.scalar(point, env) for point in e.point))
        if isinstance(e, sp.UnevaluatedExpr):
            return self.scalar(e.args[0], env)
        if isinstance(e, sp.Piecewise | Cases):
            return self._cases(e, env)
        if isinstance(e, Partial):
            return self._derivative(*(self.scalar(a, env) for a in e.args))
        args = [self.scalar(a, env) for a in e.args]
        return _FUNCTIONS[e.func](*args) if e.func in _FUNCTIONS else e.func(*args)

    def _derivative(self, body: Any, variable: Any) -> Any:
        """0 where the variable does not occur: between scalars nothing else is left of dz_0/dz_1 = delta_01."""
        return Partial(body, variable) if self._occurs(variable, body) else sp.S.Zero

    def _occurs(self, variable: Any, body: Any) -> bool:
        seen, pending = set[Any](), [body]
        while pending:
            symbols = pending.pop().atoms(sp.Symbol) - seen
            if variable in symbols:
                return True
            seen |= symbols
            pending += [self.values[symbol] for symbol in symbols if symbol in self.values]
        return False

    def _sum(self, e: Any, env: Environment) -> Any:
        body, *limits = e.args
        ranges = [range(self.integer(low, env), self.integer(high, env) + 1) for _, low, high in limits]
        symbols = [symbol for symbol, _, _ in limits]
        return sp.Add(*(self.scalar(body, {**env, **dict(zip(symbols, at, strict=True))}) for at in product(*ranges)))

    def _cases(self, e: Any, env: Environment) -> Any:
        cases = [(self.scalar(value, env), self.scalar(condition, env)) for value, condition in e.args]
        return Cases(*cases) if isinstance(e, Cases) else sp.Piecewise(*cases)

    # ---- matrices

    def rows(self, e: Any, env: Environment) -> Rows:
        """Rows of scalars."""
        if not is_matrix(e):
            return [[self.scalar(e, env)]]
        if isinstance(e, sp.MatrixBase):
            return [[self.scalar(u, env) for u in row] for row in e.tolist()]
        if isinstance(e, sp.MatMul):
            return self._product(e, env)
        if isinstance(e, sp.MatAdd | sp.HadamardProduct):
            join = sp.Add if isinstance(e, sp.MatAdd) else sp.Mul
            parts = [self.rows(a, env) for a in e.args]
            if len({(len(part), len(part[0])) for part in parts}) != 1:
                raise NotExplicit("matrices of different shapes")
            return [[join(*at) for at in zip(*rows, strict=True)] for rows in zip(*parts, strict=True)]
        if isinstance(e, sp.Transpose):
            return [list(row) for row in zip(*self.rows(e.args[0], env), strict=True)]
        if isinstance(e, sp.HadamardPower | sp.MatPow) and not (isinstance(e, sp.MatPow) and e.shape != (1, 1)):
            return [[u ** e.args[1] for u in row] for row in self.rows(e.args[0], env)]
        if isinstance(e, ElementwiseApplyFunction):
            rows = self.rows(e.args[1], env)
            return [[self._applied(e.args[0], u, env) for u in row] for row in rows]
        return self._filled(e, env)

    def _applied(self, function: Any, argument: Any, env: Environment) -> Any:
        """A derivative by the parameter is taken before the argument is put in."""
        if not isinstance(function, sp.Lambda):
            return function(argument)
        (parameter,) = function.variables
        if function.expr.has(Partial):
            body = self.scalar(function.expr, {**env, parameter: parameter})
            slope = body.replace(Partial, lambda inner, variable: inner.diff(variable))
            return slope.replace(sp.Derivative, _at_its_argument).xreplace({parameter: argument})
        return self.scalar(function.expr, {**env, parameter: argument})

    def _filled(self, e: Any, env: Environment) -> Rows:
        """What is known entry by entry."""
        shape = [range(self.integer(d, {})) for d in e.shape]
        if isinstance(e, sp.MatrixSymbol):
            return [[self.symbol(e, (i, j)) for j in shape[1]] for i in shape[0]]
        if isinstance(e, Gradient):
            body = self.scalar(e.args[0], env)
            return [[self._derivative(body, u) for u in row] for row in self.rows(e.args[1], env)]
        if isinstance(e, Jacobian):
            outputs, inputs = (self.rows(a, env) for a in e.args)
            return [[self._derivative(y, z) for (z,) in inputs] for (y,) in outputs]
        if isinstance(e, DiagMatrix):
            column = list(chain.from_iterable(self.rows(e.args[0], env)))
            return [[column[i] if i == j else sp.S.Zero for j in shape[1]] for i in shape[0]]
        if isinstance(e, sp.Identity | sp.OneMatrix | sp.ZeroMatrix):
            return [[sp.Integer(e[i, j]) for j in shape[1]] for i in shape[0]]
        raise NotExplicit(f"{type(e).__name__} is not written out")

    def _product(self, e: Any, env: Environment) -> Rows:
        scale = sp.Mul(*(self.scalar(a, env) for a in e.args if not is_matrix(a)))
        left, *rest = [self.rows(a, env) for a in e.args if is_matrix(a)]
        for right in rest:
            if len(left[0]) != len(right):
                raise NotExplicit("a product of matrices that does not conform")
            columns = list(zip(*right, strict=True))
            left = [[sp.Add(*map(sp.Mul, row, column)) for column in columns] for row in left]
        return [[scale * u for u in row] for row in left]


_FUNCTIONS: dict[Any, Any] = {
    sigmoid: lambda u: 1 / (1 + sp.exp(-u)),
    relu: lambda u: sp.Max(0, u),
    softplus: lambda u: sp.log(1 + sp.exp(u)),
}


def _name(target: Any) -> str:
    if isinstance(target, MatrixElement):
        return str(target.parent)
    return str(target.base if isinstance(target, sp.Indexed) else target)


# ---- for those who know no definitions


def unfolded(claim: ExplicitClaim) -> tuple[Any, Any]:
    """Both sides with every definition put in and every derivative taken by SymPy's own diff."""
    definitions = {g.target: g.value for g in claim.given if isinstance(g, Define)}
    memo: dict[Any, Any] = {}
    left, right = (_unfold(side, definitions, frozenset(), memo) for side in (claim.left, claim.right))
    equations = {g.lhs: g.rhs for g in claim.given if isinstance(g, sp.Eq)}
    positive = {g.lhs: sp.Symbol(g.lhs.name, positive=True) for g in claim.given if _says_positive(g)}
    left, right = (side.xreplace(equations).xreplace(positive) for side in (left, right))
    return left, right


def _says_positive(given: Any) -> bool:
    return isinstance(given, sp.StrictGreaterThan) and given.lhs.is_Symbol and given.rhs == 0


def _unfold(e: Any, definitions: Mapping[Any, Any], cut: frozenset[Any], memo: dict[Any, Any]) -> Any:
    key = (e, cut)
    if key not in memo:
        memo[key] = _unfold_anew(e, definitions, cut, memo)
    return memo[key]


def _unfold_anew(e: Any, definitions: Mapping[Any, Any], cut: frozenset[Any], memo: dict[Any, Any]) -> Any:
    if e.is_Symbol:
        return e if e in cut or e not in definitions else _unfold(definitions[e], definitions, cut, memo)
    if isinstance(e, Partial):
        body, variable = e.args
        slope = (
            _unfold(body, definitions, cut | {variable}, memo).diff(variable).replace(sp.Derivative, _at_its_argument)
        )
        return slope if variable in cut else slope.xreplace({variable: _unfold(variable, definitions, cut, memo)})
    if not e.args or isinstance(e, sp.Lambda):
        return e
    if isinstance(e, sp.Derivative):
        return _unfold(_at_its_argument(*e.args), definitions, cut, memo)
    if isinstance(e, sp.Subs):
        return sp.Subs(e.expr, e.variables, tuple(_unfold(point, definitions, cut, memo) for point in e.point))
    if isinstance(e, Cases):
        return sp.Piecewise(*(tuple(_unfold(part, definitions, cut, memo) for part in case) for case in e.args))
    return e.func(*(_unfold(a, definitions, cut, memo) for a in e.args))


def _at_its_argument(applied: Any, *variables: Any) -> Any:
    """f'(y) in the form that stays right when something is put in for y."""
    xi = sp.Dummy("xi", real=True)
    return sp.Subs(sp.Derivative(applied.func(xi), *((xi, count) for _, count in variables)), xi, applied.args[0])
