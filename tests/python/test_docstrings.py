"""What is public is documented, its examples run, and the stub of the models says what the classes are."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path

import kundenwert as kw
import pytest

MODULES = [
    f"kundenwert.{module.name}"
    for module in pkgutil.iter_modules(kw.__path__)
    if not module.ispkg and module.name not in {"_core", "cli"}
]


def models():
    return [getattr(kw, name) for name in kw._models.__all__]


def run(name, documented):
    finder = doctest.DocTestFinder(recurse=False)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    report = []
    for test in finder.find(documented, name, globs={}):
        runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


@pytest.mark.parametrize("name", ["kundenwert", *MODULES])
def test_examples_of_modules(name):
    module = importlib.import_module(name)
    run(name, module)
    for key, value in vars(module).items():
        if inspect.getmodule(value) is not module or key.startswith("_"):
            continue
        run(f"{name}.{key}", value)
        if inspect.isclass(value) and name != "kundenwert._models":
            for member, method in vars(value).items():
                if inspect.isfunction(method) or isinstance(method, classmethod):
                    run(f"{name}.{key}.{member}", getattr(value, member))


@pytest.mark.parametrize("model", models(), ids=lambda m: m.__name__)
def test_examples_of_models(model):
    run(model.__name__, model)
    for name, method in vars(model).items():
        if inspect.isfunction(method):
            assert method.__doc__
            run(f"{model.__name__}.{name}", method)


def test_everything_public_has_a_docstring():
    for name in kw.__all__:
        value = getattr(kw, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, name
            for member, method in vars(value).items() if inspect.isclass(value) else ():
                if not member.startswith("_") and (callable(method) or isinstance(method, property)):
                    assert inspect.getdoc(getattr(value, member)), f"{name}.{member}"


def test_models_are_documented_from_the_table():
    assert {model._info.name for model in models()} == {info.name for info in kw.models()}
    for model in models():
        info = model._info
        assert info.source in model.__doc__
        for parameter in info.parameters:
            assert f"{parameter.name} : float" in model.__doc__
            assert parameter.name in inspect.signature(model).parameters


def test_the_stub_says_what_the_classes_are():
    stub = Path(kw.__file__).parent / "_models.pyi"
    classes = {c.name: c for c in ast.parse(stub.read_text(encoding="utf-8")).body if isinstance(c, ast.ClassDef)}
    assert set(classes) == set(kw._models.__all__)
    for name, described in classes.items():
        model = getattr(kw, name)
        assert [base.id for base in described.bases] == [base.__name__ for base in model.__bases__]
        functions = {f.name: f for f in described.body if isinstance(f, ast.FunctionDef)}
        assert set(functions) == {n for n, m in vars(model).items() if inspect.isfunction(m)}
        for method, function in functions.items():
            there = inspect.signature(getattr(model, method))
            positional = [a.arg for a in function.args.args]
            keywords = [a.arg for a in function.args.kwonlyargs]
            kinds = {p.name: p.kind for p in there.parameters.values()}
            assert list(kinds) == positional + keywords
            assert all(kinds[k] is inspect.Parameter.KEYWORD_ONLY for k in keywords)
            optional = {a.arg for a, d in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True) if d}
            required = {p.name for p in there.parameters.values() if p.default is inspect.Parameter.empty}
            # The overloads for reasons=True come last and have no default for it.
            assert required == set(kinds) - optional - {"reasons"}
