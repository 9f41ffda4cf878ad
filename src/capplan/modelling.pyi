"""What capplan uses of Pyomo, with types: Pyomo ships none."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, TypeAlias

from numpy import floating, integer

Number: TypeAlias = float | floating[Any] | integer[Any]
Operand: TypeAlias = "Linear | Number"

class Linear:
    """A linear expression: a variable, or sums and multiples of variables."""

    def __add__(self, other: Operand) -> Linear: ...
    def __radd__(self, other: Operand) -> Linear: ...
    def __sub__(self, other: Operand) -> Linear: ...
    def __rsub__(self, other: Operand) -> Linear: ...
    def __mul__(self, other: Number) -> Linear: ...
    def __rmul__(self, other: Number) -> Linear: ...
    def __truediv__(self, other: Number) -> Linear: ...
    def __neg__(self) -> Linear: ...
    def __le__(self, other: Operand) -> Relation: ...
    def __ge__(self, other: Operand) -> Relation: ...
    def __eq__(self, other: Operand) -> Relation: ...  # type: ignore[override]

class Relation:
    """A constraint that is not in a model yet: linear expressions and =, <= or >= between them."""

    args: tuple[Any, Any]
    def arg(self, side: int) -> Linear: ...

class Domain:
    """The numbers that a variable may take."""

    def get_interval(self) -> tuple[float | None, float | None, int]: ...

Binary: Domain
NonNegativeIntegers: Domain
NonNegativeReals: Domain
Reals: Domain
minimize: int

class Component:
    """Anything in a model that has a name."""

    name: str
    local_name: str
    doc: str | None
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __contains__(self, index: object) -> bool: ...
    def keys(self) -> Iterable[Any]: ...

class VarData(Linear):
    """One variable."""

    name: str
    value: float | None
    lb: float | None
    ub: float | None
    bounds: tuple[float | None, float | None]
    domain: Domain
    fixed: bool
    def setlb(self, value: Number | None) -> None: ...
    def setub(self, value: Number | None) -> None: ...
    def fix(self, value: Number) -> None: ...
    def unfix(self) -> None: ...
    def set_value(self, value: float | None, skip_validation: bool = ...) -> None: ...
    def index(self) -> Any: ...
    def parent_component(self) -> Var: ...

class Var(Component):
    """A variable over an index."""

    def __init__(
        self,
        index: Iterable[object] = ...,
        *,
        within: Domain = ...,
        bounds: tuple[float | None, float | None] = ...,
        initialize: float = ...,
    ) -> None: ...
    def __getitem__(self, index: object) -> VarData: ...
    def values(self) -> Iterable[VarData]: ...
    def items(self) -> Iterable[tuple[Any, VarData]]: ...

class ConstraintData:
    """One row."""

    name: str
    body: Linear
    expr: Relation
    lower: float | None
    def to_bounded_expression(
        self, evaluate_bounds: bool = ...
    ) -> tuple[float | None, Linear, float | None]: ...
    upper: float | None
    active: bool
    def index(self) -> Any: ...
    def parent_component(self) -> Constraint: ...

class Constraint(Component):
    """Rows over an index."""

    Skip: ClassVar[Relation]
    def __init__(
        self,
        index: Iterable[object] = ...,
        *,
        rule: Callable[..., Relation] = ...,
        expr: Relation = ...,
        doc: str = ...,
    ) -> None: ...
    def __getitem__(self, index: object) -> ConstraintData: ...
    def values(self) -> Iterable[ConstraintData]: ...
    def items(self) -> Iterable[tuple[Any, ConstraintData]]: ...

class Objective(Component):
    """What is made as small as can be."""

    expr: Linear
    sense: int
    def deactivate(self) -> None: ...
    def __init__(self, *, expr: Operand, sense: int = ...) -> None: ...

class Expression(Component): ...
class Param(Component): ...
class Set(Component): ...

class Suffix(Component):
    """Values kept beside components."""

    IMPORT: ClassVar[int]
    def __init__(self, *, direction: int = ...) -> None: ...
    def get(self, key: object, default: float | None = ...) -> float | None: ...

class Block(Component):
    """A part of a model."""

    def add_component(self, name: str, component: Component) -> None: ...
    def del_component(self, component: Component | str) -> None: ...
    def component(self, name: str) -> Any: ...
    def component_data_objects(
        self,
        ctype: type[Component] | Iterable[type[Component]],
        *,
        active: bool | None = ...,
        descend_into: bool = ...,
    ) -> Iterator[Any]: ...
    def component_objects(
        self, ctype: type[Component], *, active: bool | None = ..., descend_into: bool = ...
    ) -> Iterator[Any]: ...
    def collect_ctypes(
        self, *, active: bool | None = ..., descend_into: bool = ...
    ) -> set[type[Component]]: ...

class ConcreteModel(Block):
    """A model."""

    def __init__(self, name: str = ...) -> None: ...

class LinearExpression(Linear):
    """Terms added up in one go."""

    constant: float
    linear_coefs: list[float]
    linear_vars: list[VarData]
    args: list[Any]
    def __init__(self, args: Iterable[object] = ...) -> None: ...

class MonomialTermExpression(Linear):
    """A number times a variable."""

    args: tuple[float, VarData]
    def __init__(self, args: tuple[Number, VarData]) -> None: ...

class SumExpression(Linear):
    """A sum as it grew."""

    args: list[Any]

class NegationExpression(Linear):
    """An expression with its sign turned."""

    args: tuple[Any]

class EqualityExpression(Relation):
    """Both sides equal."""

class InequalityExpression(Relation):
    """The left side is at most the right."""

class LinearForm:
    """What Pyomo makes of a linear expression."""

    constant: float
    linear_coefs: tuple[float, ...]
    linear_vars: tuple[VarData, ...]
    def is_linear(self) -> bool: ...

def generate_standard_repn(
    expression: Linear, compute_values: bool = ..., quadratic: bool = ...
) -> LinearForm: ...
def value(expression: Operand) -> float: ...

native_numeric_types: set[type]
