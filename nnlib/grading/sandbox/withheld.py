"""Which modules of nnlib a student's code cannot import while a unit is graded.

A notebook's metadata names what answers its questions: `"nnlib": {"withheld": ["backpropagation"]}`.
The rest follows from the imports: what imports a withheld module, directly or through others, gives the
same answers in another form. And machinery in a package that nothing but withheld modules import
computes them, as `nnlib.fast` does for training. A package's `__init__` only hands on what its modules
have: it stays, unless the package itself is named.
"""

import ast
from functools import cache
from pathlib import Path

import nnlib

NNLIB = Path(nnlib.__file__).parent


def closure(names, library=NNLIB):
    """The withheld modules for the modules and packages of a notebook's metadata, sorted: "training",
    "fast.epochs". Raises ValueError for a name that is neither."""
    imports = imports_of_modules(library)
    gone = set()
    for name in names:
        named = {module for module in imports if module == name or module.startswith(f"{name}.")}
        if not named:
            raise ValueError(
                f"The notebook withholds {name!r}, which is not a module of nnlib. Change its metadata."
            )
        gone |= named
    while True:
        importers = {
            module for module, of in imports.items() if of & gone and not _is_package(module, library)
        }
        behind = {
            module
            for module in imports
            if "." in module
            and (by := {other for other, of in imports.items() if module in of})
            and by <= gone
        }
        if importers | behind <= gone:
            return tuple(sorted(gone))
        gone |= importers | behind


def file_of(module, library=NNLIB):
    """The file of a module or package, by its name without "nnlib."."""
    path = Path(library, *module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _is_package(module, library):
    return file_of(module, library).name == "__init__.py"


@cache
def imports_of_modules(library):
    """Module or package -> the modules of nnlib that its source imports. Grading is left out."""
    modules = {}
    for path in sorted(Path(library).rglob("*.py")):
        inside = path.relative_to(library).with_suffix("")
        name = ".".join(inside.parent.parts if inside.name == "__init__" else inside.parts)
        if inside.parts[0] != "grading":
            modules[name] = path
    return {name: _imports(name, path, modules) for name, path in modules.items()}


@cache
def _tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(name, path, modules):
    """What one file imports, also inside of its functions. The package `nnlib` itself is the name ""."""
    imported = set()
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(_tree(path.resolve())):
        if isinstance(node, ast.Import):
            imported |= {_inside(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _inside(node.module or "") if not node.level else _above(package, node)
            if base is not None:
                imported |= {_origin(base, alias.name, modules) for alias in node.names}
    return (imported - {None, name}) & set(modules)


def _inside(module):
    """The name without "nnlib."; None for a module of another library."""
    return module.partition(".")[2] if module.partition(".")[0] == "nnlib" else None


def _above(package, node):
    """The module that a relative import starts from."""
    parts = package.split(".") if package else []
    parts = parts[: len(parts) - node.level + 1] + (node.module.split(".") if node.module else [])
    return ".".join(parts)


def _origin(base, name, modules):
    """The module that `from base import name` takes: what a package hands on is taken from where it is."""
    if (inner := f"{base}.{name}".lstrip(".")) in modules:
        return inner
    if modules.get(base, Path()).name == "__init__.py":
        for node in _tree(modules[base].resolve()).body:
            if isinstance(node, ast.ImportFrom) and name in {a.asname or a.name for a in node.names}:
                return _inside(node.module) if not node.level else _above(base, node)
    return base
