"""Fit a network that chooses among candidates, or none of them, from examples of which candidates are right."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.utils.rnn import pad_sequence

from embeddings.fitted import Network

UNITS, DROPPED = 16, 0.2  # of the network, and the share of them that is left out while learning
EPOCHS, QUESTIONS, RATE, DECAY = 40, 64, 9e-3, 0.01  # passes, questions a step, highest rate, of AdamW


def fitted(features: Sequence[npt.NDArray[np.floating]], right: Sequence[Sequence[bool]]) -> Network:
    """Return the network whose softmax over the candidates of a question, and none, gives the right ones the most.

    ``features``, (candidates, features) for each question; ``right`` says which of them are: if none is, none is to be chosen.
    """
    torch.manual_seed(0)
    rows = [torch.tensor(own, dtype=torch.float32) for own in features]
    wrong = [~torch.tensor([*own, not any(own)]) for own in right]
    direct, inner = torch.nn.Linear(rows[0].shape[1], 1), torch.nn.Linear(rows[0].shape[1], UNITS)
    outer, some = torch.nn.Linear(UNITS, 1, bias=False), torch.nn.Dropout(DROPPED)
    torch.nn.init.zeros_(outer.weight)
    weights = torch.nn.ModuleList((direct, inner, outer)).parameters()
    learner = torch.optim.AdamW(weights, lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(rows) // QUESTIONS)
    schedule = torch.optim.lr_scheduler.OneCycleLR(learner, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for own in torch.split(torch.randperm(len(rows)), QUESTIONS):
            every = torch.cat([rows[at] for at in own])
            scores = (direct(every) + outer(some(torch.tanh(inner(every))))).squeeze(1)
            parts = torch.split(scores, [len(rows[at]) for at in own])
            each = [torch.cat((part, part.new_zeros(1))) for part in parts]
            good = [part.masked_fill(wrong[at], -torch.inf) for part, at in zip(each, own, strict=True)]
            padded = (
                pad_sequence(some_of, batch_first=True, padding_value=-torch.inf) for some_of in (each, good)
            )
            all_of, right_of = padded
            loss = (all_of.logsumexp(1) - right_of.logsumexp(1)).mean()
            learner.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            learner.step()
            schedule.step()
    sums, units = (np.hstack([own.weight.detach(), own.bias.detach()[:, None]]) for own in (direct, inner))
    return Network(sums[0], units, outer.weight.detach().numpy()[0])
