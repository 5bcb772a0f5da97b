"""Slips in statements: left out, in another order, `=` for `+=`, return inside the loop."""

import ast
from collections import Counter

from nnlib.grading.checks.search.change import Change
from nnlib.grading.checks.search.program import compiled
from nnlib.grading.checks.search.words import place_of


def of_statements(program, names):
    """Changes of the program's statements, each with the code of a function."""
    for name, tree in program.trees.items():
        rounds = {id(node.body): _stored(node) for node in ast.walk(tree) if isinstance(node, ast.For)}
        for block in _blocks(tree):
            for number, statement in enumerate(block):
                edits = [*_of_statement(block, number, statement, names)]
                if id(block) in rounds and _is_stored_once(statement, tree, rounds[id(block)]):
                    edits += _of_round(block, number, statement, names)
                for words, cost, place, edit in edits:
                    before = list(block)
                    edit()
                    code = _compiled(tree)
                    block[:] = before
                    if code is not None:
                        yield Change(words, cost, place, code=(name, code))
        for loop in [node for node in ast.walk(tree) if isinstance(node, ast.For)]:
            for block in _blocks(tree):
                if loop in block:
                    yield from _returned_early(program, name, tree, block, loop)


def _blocks(tree):
    """The bodies of a function, of its loops and its conditions."""
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and not isinstance(node, ast.ClassDef):
                yield block


def _of_statement(block, number, statement, names):
    """(words, cost, place, edit) for one statement; an edit changes the block."""
    target = _target(statement)
    place = place_of(target, names)
    if isinstance(statement, ast.AugAssign):
        yield (
            "each value overwrites the one before: add them up (+=)",
            1,
            place,
            lambda: _set(block, number, ast.Assign([statement.target], statement.value)),
        )
    is_while = isinstance(statement, ast.While)
    if not isinstance(statement, (ast.Return, ast.FunctionDef)):
        if isinstance(statement, ast.AugAssign):
            words = f"nothing is added to {place}: that step is left out"
        elif isinstance(statement, ast.Assign):
            words = f"{place} is not computed anew: that step is left out"
        elif isinstance(statement, (ast.For, ast.While)):
            words = "the loop is left out"
        else:
            words = "a step is left out"
        if len(block) > 1:
            # The condition of a loop may also be turned round: that is rarer.
            yield words, 0.9 if is_while else 1.3, place, lambda: block.pop(number)
        if is_while:
            once = ast.If(statement.test, statement.body, [])
            yield (
                "the loop is run once at most: does `if` stand for `while`?",
                0.9,
                place,
                lambda: _set(block, number, once),
            )
    follows = block[number + 1] if number + 1 < len(block) else None
    if follows is not None and not isinstance(follows, ast.Return) and not isinstance(statement, ast.Return):
        later = place_of(_target(follows), names)
        if later and place and later != place:
            words = f"{later} is computed before {place}: the steps stand in the wrong order"
        else:
            words = "two steps stand in the wrong order"
        yield words, 1.3, place, lambda: _set(block, slice(number, number + 2), [follows, statement])
    if isinstance(statement, ast.If) and not statement.orelse:
        yield (
            "a step is done always, where it has a condition",
            1.5,
            place,
            lambda: _set(block, slice(number, number + 1), statement.body),
        )


def _stored(tree):
    """How often each name is given a value in a piece of the program."""
    return Counter(
        node.arg if isinstance(node, ast.arg) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) or isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )


def _is_stored_once(statement, tree, of_loop):
    """Whether a statement gives a value to a name that has none before its loop."""
    name = _target(statement)
    return isinstance(statement, ast.Assign) and _stored(tree)[name] == of_loop[name] == 1


def _of_round(block, number, statement, names):
    """(words, cost, place, edit) for a value that each round of a loop computes anew."""
    name, value = _target(statement), ast.unparse(statement.value)
    for cost, words, text in (
        (
            0.95,
            "it is computed in the first round alone: it belongs inside the loop",
            "OLD if {known} else NEW",
        ),
        (1.3, "the values of all rounds are added up, each has its own", "(OLD if {known} else 0) + NEW"),
    ):
        known = f"{name!r} in locals()"
        old = f"locals()[{name!r}]"
        new = text.format(known=known).replace("OLD", old).replace("NEW", f"({value})")
        changed = ast.parse(f"{name} = {new}").body[0]
        yield words, cost, place_of(name, names), lambda changed=changed: _set(block, number, changed)


def _returned_early(program, name, tree, block, loop):
    """The return after a loop stands inside of it, so that one round is run."""
    after = block[block.index(loop) + 1 :]
    if after and isinstance(after[-1], ast.Return):
        loop.body.extend(after)
        code = _compiled(tree)
        del loop.body[-len(after) :]
        yield Change(
            "only the first round of the loop counts: does return stand inside of it?", 1.5, code=(name, code)
        )


def _compiled(tree):
    """The code of a function whose statements have changed, None if they are no function any more."""
    try:
        return compiled(tree)
    except SyntaxError:
        return None


def _set(block, at, value):
    block[at] = value


def _target(statement):
    """The name that a statement gives a value, or ""."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    if isinstance(statement, ast.AugAssign):
        return ast.unparse(statement.target)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(getattr(statement.value.func, "value", statement.value.func))
    return ""
