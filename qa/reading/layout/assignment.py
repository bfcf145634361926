"""Find the best pairing of tails with heads, each used at most once.

Shortest augmenting paths, as in Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse
linear assignment problems", 1987. Connected components are solved one by one, so that long files stay fast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

Edges = Mapping[tuple[int, int], float]
LARGEST = 160  # nodes on a side; beyond it the strongest edges go first


def assign(weights: Edges) -> dict[int, int]:
    """Return tail → head with the largest sum of weights; edges at or below zero are never taken."""
    good = {edge: weight for edge, weight in weights.items() if weight > 0}
    result: dict[int, int] = {}
    for component in _components(good):
        tails = sorted({t for t, _ in component})
        heads = sorted({h for _, h in component})
        if len(component) == 1:
            result[tails[0]] = heads[0]
        elif max(len(tails), len(heads)) > LARGEST:
            result.update(_greedy(component))
        else:
            result.update(_solve(component, tails, heads))
    return result


def _components(weights: Edges) -> list[dict[tuple[int, int], float]]:
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for tail, head in weights:
        parent[root(("t", tail))] = root(("h", head))
    groups: defaultdict[tuple[str, int], dict[tuple[int, int], float]] = defaultdict(dict)
    for (tail, head), weight in weights.items():
        groups[root(("t", tail))][tail, head] = weight
    return list(groups.values())


def _greedy(weights: Edges) -> dict[int, int]:
    taken: dict[int, int] = {}
    used: set[int] = set()
    for (tail, head), _ in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if tail not in taken and head not in used:
            taken[tail] = head
            used.add(head)
    return taken


def _solve(weights: Edges, tails: list[int], heads: list[int]) -> dict[int, int]:
    """Solve one component: rows are tails, columns are heads plus one "nothing" of weight zero for each tail."""
    rows, width = len(tails), len(heads) + len(tails)
    nothing = [0.0] * rows
    cost = [[*(-weights.get((tail, head), -1e6) for head in heads), *nothing] for tail in tails]
    infinity = float("inf")
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)  # row assigned to the column, from 1
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, came = [infinity] * (width + 1), [0] * (width + 1)
        done = [False] * (width + 1)
        while True:
            done[column] = True
            current, delta, following = owner[column], infinity, 0
            costs, price = cost[current - 1], row_price[current]
            for c in range(1, width + 1):
                if not done[c]:
                    reduced = costs[c - 1] - price - column_price[c]
                    if reduced < least[c]:
                        least[c], came[c] = reduced, column
                    if least[c] < delta:
                        delta, following = least[c], c
            for c in range(width + 1):
                if done[c]:
                    row_price[owner[c]] += delta
                    column_price[c] -= delta
                else:
                    least[c] -= delta
            column = following
            if owner[column] == 0:
                break
        while column:
            owner[column] = owner[came[column]]
            column = came[column]
    pairs = {owner[c]: c for c in range(1, len(heads) + 1) if owner[c]}
    matched = {tails[r - 1]: heads[c - 1] for r, c in pairs.items()}
    return {t: h for t, h in matched.items() if weights.get((t, h), 0.0) > 0}
