"""The model classes, made from the core's table; ``_models.pyi`` says the same to type checkers."""

import inspect
from typing import Any

from kundenwert.modeling import ContractModel, Model, SpendModel, TransactionModel
from kundenwert.tables import ModelInfo, ParameterInfo, QuantityInfo, models, quantities

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
_POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD


def _argument(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, kind, default=default)


# Of a quantity: what stands in the signature, what the docstring says, and an example. Positional ones come first.
_ARGUMENTS: dict[str, tuple[list[inspect.Parameter], str, str]] = {
    "horizon": (
        [_argument("horizon", _POSITIONAL)],
        """
    horizon : float
        Time units of the model, >= 0; finite.""",
        "52",
    ),
    "annual_discount_rate": (
        [_argument("annual_discount_rate", _KEYWORD), _argument("units_per_year", _KEYWORD, None)],
        """
    annual_discount_rate : float
        Effective, >= 0: 0.10 is ten percent a year; above 0 for an infinite horizon.
    units_per_year : float, optional
        Above 0; None: from 365.25 days. Published weekly tables use 52.""",
        "annual_discount_rate=0.10",
    ),
    "count": (
        [_argument("count", _POSITIONAL)],
        """
    count : int
        Purchases, >= 0.""",
        "2",
    ),
    "level": (
        [_argument("level", _KEYWORD)],
        """
    level : float
        Probability in (0, 1).""",
        "level=0.9",
    ),
}


def _method_name(quantity: QuantityInfo) -> str:
    # A fitted model has a log_likelihood already.
    return f"{quantity.name}_of" if quantity.name == "log_likelihood" else quantity.name


def _class_name(model: ModelInfo) -> str:
    return "".join(part.capitalize() for part in model.name.split("_"))


def _made_with(function: Any, name: str, owner: str, arguments: list[inspect.Parameter], doc: str) -> Any:
    function.__name__ = name
    function.__qualname__ = f"{owner}.{name}"
    function.__module__ = __name__
    function.__signature__ = inspect.Signature(arguments)
    function.__doc__ = doc
    return function


def _base(model: ModelInfo) -> type[Model]:
    return SpendModel if model.is_spend else ContractModel if model.is_contractual else TransactionModel


def _takes_covariates(model: ModelInfo) -> bool:
    return any(p.takes_covariates for p in model.parameters)


def _constructor(model: ModelInfo, owner: str) -> Any:
    arguments = [
        _argument("self", _POSITIONAL),
        *[_argument(p.name, _KEYWORD) for p in model.parameters],
        _argument("unit", _KEYWORD),
    ]
    if _takes_covariates(model):
        arguments += [_argument("effects", _KEYWORD, None), _argument("coefficients", _KEYWORD, None)]
    signature = inspect.Signature(arguments)

    def construct(self: Any, *args: Any, **keywords: Any) -> None:
        bound = signature.bind(self, *args, **keywords)
        Model.__init__(self, **{name: value for name, value in bound.arguments.items() if name != "self"})

    return _made_with(construct, "__init__", owner, arguments, "From known parameters; see the class.")


# Two customers, by what is read of them.
_ROWS = {
    ("frequency", "recency", "T"): '{"frequency": [2.0, 0.0], "recency": [30.0, 0.0], "T": [38.0, 38.0]}',
    ("tenure", "ended"): '{"tenure": [2.0, 0.0], "ended": [0.0, 1.0]}',
    ("frequency", "monetary_value"): '{"frequency": [2.0, 0.0], "monetary_value": [22.35, float("nan")]}',
    ("frequency", "revenue"): '{"frequency": [2.0, 0.0], "revenue": [67.05, 20.0]}',
}


def _known(model: ModelInfo, owner: str) -> str:
    return f'kw.{owner}({", ".join(f"{p.name}=2.0" for p in model.parameters)}, unit="week")'


def _example(model: ModelInfo, owner: str, call: str, result: str = "(2,)") -> str:
    return f"""Examples
    --------
    >>> import kundenwert as kw
    >>> model = {_known(model, owner)}
    >>> customers = {_ROWS[model.columns]}
    >>> {call}
    {result}
    """


def _horizons(model: ModelInfo, described: str, is_infinite: bool) -> str:
    if model.is_discrete:
        described = described.replace("Time units of the model, >= 0", "Periods, a whole number >= 0")
    return described.replace("; finite.", "; may be infinite.") if is_infinite else described


def _quantity(model: ModelInfo, quantity: QuantityInfo, owner: str) -> Any:
    name = _method_name(quantity)
    arguments = [_argument("self", _POSITIONAL), _argument("customers", _POSITIONAL)]
    example = "customers"
    described = ""
    for argument in quantity.arguments:
        parameters, text, value = _ARGUMENTS[argument]
        arguments += parameters
        example += f", {value}"
        described += text
    described = _horizons(model, described, "annual_discount_rate" in quantity.arguments)
    arguments += [
        _argument("columns", _KEYWORD, None),
        *([_argument("covariates", _KEYWORD, None)] if _takes_covariates(model) else []),
        _argument("reasons", _KEYWORD, False),
        _argument("threads", _KEYWORD, None),
        _argument("progress", _KEYWORD, None),
    ]
    signature = inspect.Signature(arguments)
    needed = f"{', '.join(model.columns[:-1])} and {model.columns[-1]}"
    if "T" in model.columns:
        needed += " in the model's unit"
    if model.reads_intervals and quantity.name == "log_likelihood":
        needed += "; and log_interval_sum, without which there is no value for k > 1"
    beside = """
    covariates : mapping of arrays or frame, optional
        Those of the model, where they are no columns of the customers' own table; as in :meth:`fit`."""

    def method(self: Any, *args: Any, **keywords: Any) -> Any:
        bound = signature.bind(self, *args, **keywords).arguments
        del bound["self"]
        return self._predict(quantity.name, bound.pop("customers"), **bound)

    doc = f"""{quantity.meaning[0].upper()}{quantity.meaning[1:]}.

    Parameters
    ----------
    customers : Summary, mapping of arrays, or frame
        With {needed}.{described}
    columns : mapping, optional
        Names of plain columns where they differ, such as ``{{"{model.columns[0]}": "x"}}``.{
        beside if _takes_covariates(model) else ""
    }
    reasons : bool
        Also return why a row has no value.
    threads : int, optional
        None: as many as there are cores. The result does not depend on it.
    progress : callable, optional
        Is told the share that is done, in [0, 1]; what it raises ends the call.

    Returns
    -------
    numpy.ndarray of float64, one per row
        nan where there is no value. With ``reasons=True`` a pair with the masks of reasons (uint32; see
        ``codes.reason_names``).

    Raises
    ------
    KundenwertError
        unit_mismatch for a Summary in another unit; length_mismatch, missing, non_finite, sign, not_integer,
        recency_order, domain, wrong_type, column_missing with column and row{
        "; divergent for an infinite horizon without discounting"
        if "annual_discount_rate" in quantity.arguments
        else ""
    }.

    {_example(model, owner, f"model.{name}({example}).shape")}"""
    return _made_with(method, name, owner, arguments, doc)


def _quantity_of_new(model: ModelInfo, quantity: QuantityInfo, owner: str) -> Any:
    name = f"{_method_name(quantity)}_new"
    arguments = [_argument("self", _POSITIONAL)]
    for argument in quantity.arguments:
        arguments += _ARGUMENTS[argument][0]
    example = ", ".join(_ARGUMENTS[argument][2] for argument in quantity.arguments)
    own = ""
    if _takes_covariates(model):
        arguments.append(_argument("covariates", _KEYWORD, None))
        own = " ``covariates`` is a mapping from names to his numbers."
    who = "contract, which has just begun" if model.is_contractual else "customer, who has just made the first purchase"
    signature = inspect.Signature(arguments)

    def method(self: Any, *args: Any, **keywords: Any) -> Any:
        bound = signature.bind(self, *args, **keywords).arguments
        del bound["self"]
        return self._predict_new(quantity.name, **bound)

    doc = f"""The same of a new {who}.

    Arguments as in :meth:`{_method_name(quantity)}`; the result is a float, nan where there is no value.{own}

    {_example(model, owner, f"type(model.{name}({example})).__name__", "'float'")}"""
    return _made_with(method, name, owner, arguments, doc)


def _domain(model: ModelInfo, parameter: ParameterInfo) -> str:
    unit = "currency" if model.is_spend else "time unit"
    if parameter.largest_whole:
        return f"a whole number from 1 to {parameter.largest_whole}."
    measure = {0: "", 1: f"in units of {unit}, ", -1: f"per {unit}, "}[parameter.unit_power]
    effect = "; covariates can change it" if parameter.takes_covariates else ""
    return f"{measure}above 0{effect}."


def _class_doc(model: ModelInfo, owner: str) -> str:
    parameters = "\n".join(
        f"    {p.name} : float\n        {p.meaning[0].upper()}{p.meaning[1:]}; {_domain(model, p)}"
        for p in model.parameters
    )
    if _takes_covariates(model):
        covariates = """
    effects : mapping or iterable of Effect, optional
        Which covariates change which parameters, as in :meth:`fit`.
    coefficients : mapping, optional
        Their coefficients by name, such as ``{"alpha.gender": 0.3}``."""
    else:
        covariates = ""
    methods = "\n".join(f"    - ``{_method_name(q)}``: {q.meaning}" for q in quantities() if q.name in model.quantities)
    subject = (
        "Spend per purchase day."
        if model.is_spend
        else "How long contracts run."
        if model.is_contractual
        else "When customers buy, and until when."
    )
    unit = (
        "Kept for the record."
        if model.is_spend
        else "Of the periods and horizons."
        if model.is_contractual
        else "Of recency, T and horizons."
    )
    return f"""{model.title}. {subject}

    Estimated by :meth:`fit`, or made from known parameters. Reads {", ".join(model.columns)}.

    Parameters
    ----------
{parameters}
    unit : {{"day", "week", "month", "year"}}
        {unit}{covariates}

    Raises
    ------
    KundenwertError
        sign, missing or non_finite of a parameter; unknown_code of the unit.

    Notes
    -----
    What can be asked:

{methods}

    References
    ----------
    {model.source}

    Examples
    --------
    >>> import kundenwert as kw
    >>> {_known(model, owner)}.name
    '{model.name}'
    """


def _made(model: ModelInfo) -> type:
    owner = _class_name(model)
    members: dict[str, Any] = {
        "__slots__": (),
        "__module__": __name__,
        "__doc__": _class_doc(model, owner),
        "__init__": _constructor(model, owner),
        "_info": model,
    }
    for quantity in quantities():
        if quantity.name not in model.quantities:
            continue
        members[_method_name(quantity)] = _quantity(model, quantity, owner)
        if quantity.arguments:
            members[f"{_method_name(quantity)}_new"] = _quantity_of_new(model, quantity, owner)
    return type(owner, (_base(model),), members)


__all__ = sorted(_class_name(model) for model in models())
globals().update({_class_name(model): _made(model) for model in models()})
