"""What is learned from packed rows: how a follow-up is completed, and which forms are what was meant."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from .network import CompleterNetwork

Inputs = tuple[Tensor, ...]  # ids, parts, runs, (B, T) each
Labels = Mapping[
    str, Tensor
]  # as :mod:`embeddings.completer.train.packing` names them; -1 where nothing is learned
COMPLETED = (1.0, 0.5, 0.3, 0.1, 0.3)  # weights of what follows, what stays, glue, years, whole
LISTED = 0.3  # weight of the loss over all forms of an example beside that of each form


def completed(network: CompleterNetwork, rows: Inputs, labels: Labels) -> Tensor:
    """Which position follows which, which stay, what is written between, how years move, whether anything is missing."""
    following, stays, glue, years, whole = network.completed(*rows)
    either = functional.binary_cross_entropy_with_logits
    known = labels["stays"] >= 0
    told = (
        _chosen(following, labels["following"]),
        either(stays[known], labels["stays"][known].float()),
        _chosen(glue, labels["glue"]),
        _chosen(years, labels["years"]),
        either(whole, labels["whole"].float()),
    )
    return sum(
        (weight * loss for weight, loss in zip(COMPLETED, told, strict=True)), start=whole.new_zeros(())
    )


def judged(network: CompleterNetwork, rows: Inputs, labels: Labels) -> Tensor:
    """How right each form is, and which of a conversation's forms is the right one."""
    verdicts, right = network.judged(*rows), labels["right"].float()
    loss = functional.binary_cross_entropy_with_logits(verdicts, right)
    _, own, counts = torch.unique_consecutive(labels["group"], return_inverse=True, return_counts=True)
    size = len(counts)
    highest = verdicts.new_full((size,), -1e4).scatter_reduce(0, own, verdicts, "amax")
    normal = verdicts.new_zeros(size).scatter_add(0, own, (verdicts - highest[own]).exp()).log() + highest
    total = verdicts.new_zeros(size).scatter_add(0, own, right)
    share = right / total.clamp(min=1e-6)[own]
    listed = verdicts.new_zeros(size).scatter_add(0, own, -share * (verdicts - normal[own]))
    known = (total > 0) & (counts > 1)
    added: Tensor = LISTED * (listed * known).sum() / known.sum().clamp(min=1)
    return loss + added


def _chosen(chances: Tensor, labels: Tensor) -> Tensor:
    """The mean negative log-probability of the labels; 0 where there are none."""
    known = labels >= 0
    own = chances.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    mean: Tensor = -(own * known).sum() / known.sum().clamp(min=1)
    return mean
