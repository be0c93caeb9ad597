"""How to read from source that the engine touches nothing outside, and that importing is free."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Modules that reach the clock, the network, a database, the environment or chance.
OUTSIDE = (
    "asyncio",
    "ftplib",
    "http.client",
    "http.server",
    "multiprocessing",
    "psycopg",
    "random",
    "requests",
    "secrets",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "sqlite_utils",
    "ssl",
    "subprocess",
    "tempfile",
    "time",
    "urllib.request",
)

# Single doors in modules that are otherwise fine.
DOORS = (
    "builtins.input",
    "builtins.print",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "os.environ",
    "os.getcwd",
    "os.getenv",
    "os.popen",
    "os.system",
    "os.urandom",
    "pathlib.Path.cwd",
    "pathlib.Path.home",
    "uuid.uuid1",
    "uuid.uuid4",
)

# What would read a file or the environment, or start something, while a module is imported.
AT_IMPORT = (
    "basicConfig",
    "connect",
    "environ",
    "exists",
    "getenv",
    "glob",
    "is_dir",
    "is_file",
    "iterdir",
    "open",
    "read_bytes",
    "read_text",
    "rglob",
)


def outside(source: str) -> list[str]:
    """Each use of the outside world in a module of the engine, as `line: what`."""
    tree = ast.parse(source)
    names = _names(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            said = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            said = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            said = [_dotted(node, names)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            said = [f"builtins.{node.func.id}"]
        else:
            continue
        found += [
            f"{node.lineno}: {name}"
            for name in said
            if name in DOORS
            or (
                not isinstance(node, ast.Attribute)
                and any(name == module or name.startswith(f"{module}.") for module in OUTSIDE)
            )
        ]
    return found


def work_at_import(source: str) -> list[str]:
    """Each read of a file or the environment that happens when a module is imported."""
    return [
        f"{node.lineno}: {name}"
        for node in _run_at_import(ast.parse(source))
        for name in [_last(node)]
        if name in AT_IMPORT
    ]


def _names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `from datetime import datetime as dt` gives dt."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def _run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node outside the bodies of functions; defaults and decorators do run at import."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            early = [*node.decorator_list, *node.args.defaults, *node.args.kw_defaults]
            for part in (part for part in early if part is not None):
                yield part
                yield from _run_at_import(part)
        elif not isinstance(node, ast.Lambda) and not _is_main_guard(node):
            yield node
            yield from _run_at_import(node)


def _is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test)


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Attribute):
            return called.attr
        return called.id if isinstance(called, ast.Name) else ""
    return "environ" if isinstance(node, ast.Attribute) and node.attr == "environ" else ""
