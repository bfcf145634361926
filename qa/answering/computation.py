"""Tell what a question asks to be computed, whether an answer gives it, and compute formulas again."""

from collections.abc import Collection, Mapping

from embeddings.reader import default_question_reader
from qa.question.kinds import RESULTS
from qa.text.arithmetic import RISES, Derived, derive
from qa.text.changes import asks_by_how_much
from qa.text.figure_context import counted_alike, interchangeable, states_mean
from qa.text.figures import figure_of, figures, unit_kind
from qa.types import Answer, Figure, Query

UNITS = RESULTS | {"times more": RESULTS["multiple"]}  # of the results that operations give


def operation_of(question: str) -> str:
    """Return the operation that the question reader finds asked for, ``""`` if none; 增加了几倍 is not 是几倍."""
    found = default_question_reader().read(question).operation
    if found == "multiple" and asks_by_how_much(question):
        return "times more"
    return {"average": "ratio", "compare": "", "extreme": "", "none": ""}.get(found, found)


def operates(query: Query) -> bool:
    """Whether what is found has to be compared or computed with."""
    return query.kind in ("comparison", "computation")


def gives_result(query: Query, answer: Answer) -> bool:
    """Whether an answer has what is asked to be computed: as a formula, or printed (a mean, a share, one sum).

    So has every answer if nothing is to be computed.
    """
    operation = operation_of(query.standalone) if query.kind == "computation" else ""
    if answer.calculation or not operation:
        return True
    if operation == "rest":
        return False
    if operation == "ratio":
        return states_mean(answer.text)
    if not counted_alike(part.unit for part in query.parts if part.unit):
        return True  # nothing can be worked out of what is counted in other units
    figure = figure_of(answer.short or "")
    if operation in UNITS:
        return figure is not None and unit_kind(figure.unit) == UNITS[operation]
    return len(query.parts) == 1


def fits_units(figure: Figure, kinds: Collection[str]) -> int:
    """Return 3 if a figure is of one of some kinds of units, 2 if it counts the same (人次 for 人, 家 for 户), 1 if it may, else 0."""
    own = unit_kind(figure.unit)
    same = (own.rstrip("次") == each.rstrip("次") or counted_alike((own, each)) for each in kinds)
    return 3 * (own in kinds) or 2 * any(same) or any(interchangeable(own, each) for each in kinds)


def computed_again(formula: str, right: Mapping[str, str]) -> Derived | None:
    """Compute a formula of :func:`derive` from other operands; None if they do not fit, or their order changes.

    >>> again = computed_again("1.45万件 - 3943件 = 10557件，约1.06万件", {"1.45万件": "1.48万件"})
    >>> again.formula if again else ""
    '1.48万件 - 3943件 = 10857件，约1.09万件'
    """
    left, _, result = formula.partition(" = ")
    sign = next((sign for sign in (" + ", " - ", " × ", " / ") if sign in left), "")
    quotient = "share" if result.endswith("%") else "multiple" if result.endswith("倍") else "ratio"
    less = "rest" if left.count(sign) > 1 else "difference"
    operation = {" + ": "sum", " - ": less, " × ": "product"}.get(sign, quotient)
    operands = left.split(sign) if sign else []
    if left.startswith("("):  # (later - earlier) / earlier
        operation = "times more" if result.endswith("倍") else "growth"
        operands = left[1 : left.index(")")].split(sign)[::-1]
    known = [figure for text in operands for figure in figures(right.get(text, text))]
    made = derive(operation, known) if len(known) == len(operands) else None
    printed_first = right.get(operands[0], operands[0]) if operands else ""
    same_order = made is not None and made.formula.lstrip("(").startswith(printed_first)
    return made if same_order or operation in (*RISES, "sum") else None
