"""Trains a reader: hidden characters first, then which sentence answers, and where in it."""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import monotonic

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from embeddings.reader.base import CLS, MASK, SENTENCE, SEP, SPECIAL, Alphabet

from .examples import Asked
from .network import Network
from .rows import rows_of

WIDTH = 192  # positions of a row, longer than any
GROUP = 9  # sentences of a question
SPAN_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Stage:
    """How long and how fast is learned."""

    seconds: float  # no new step is begun after so long
    steps: int
    rows: int  # of a step: windows of text, or questions
    rate: float


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions as tensors on the device; N rows, Q questions.

    Args:
        ids: (N, WIDTH) with ``parts`` and ``runs``.
        rows: (Q, GROUP) numbers of rows, -1 where a question has fewer.
        right: (Q,) which of the group answers, GROUP for none.
        span: (Q, 2) first and last position of the answer in its row, -1 where none is named.
    """

    ids: Tensor
    parts: Tensor
    runs: Tensor
    rows: Tensor
    right: Tensor
    span: Tensor

    def __len__(self) -> int:
        return len(self.right)


def _packed(asked: Sequence[Asked], alphabet: Alphabet, group: int) -> tuple[np.ndarray, ...]:
    """The arrays of some questions; rows are numbered from 0."""
    total = sum(min(group, len(a.passages)) for a in asked)
    ids = np.zeros((total, WIDTH), dtype=np.int16)
    parts, runs = (np.zeros((total, WIDTH), dtype=np.int8) for _ in range(2))
    rows = np.full((len(asked), group), -1, dtype=np.int64)
    right, span = np.full(len(asked), group), np.full((len(asked), 2), -1)
    at = 0
    for number, one in enumerate(asked):
        made = rows_of(alphabet, one.question, one.passages[:group])
        count, width = made.ids.shape
        ids[at : at + count, :width] = made.ids
        parts[at : at + count, :width] = made.parts
        runs[at : at + count, :width] = made.runs
        rows[number, :count] = np.arange(at, at + count)
        if 0 <= one.right < count:
            right[number] = one.right
            if 0 <= one.span[0] < one.span[1] <= made.lengths[one.right]:
                span[number] = made.start[one.right] + np.array([one.span[0], one.span[1] - 1])
        at += count
    return ids, parts, runs, rows, right, span


def pack(
    asked: Sequence[Asked], alphabet: Alphabet, device: str, workers: int, group: int = GROUP
) -> Questions:
    """Questions as tensors, cut by several processes."""
    shares = [asked[i : i + 2000] for i in range(0, len(asked), 2000)]
    with ProcessPoolExecutor(workers) as pool:
        packed = list(pool.map(partial(_packed, alphabet=alphabet, group=group), shares))
    first = 0
    for share in packed:
        share[3][share[3] >= 0] += first
        first += len(share[0])
    arrays = [np.concatenate([p[i] for p in packed]) for i in range(6)]
    return Questions(*(torch.from_numpy(a).to(device) for a in arrays))


def learn_characters(
    network: Network, text: Tensor, stage: Stage, seed: int, say: Callable[[str], None]
) -> None:
    """Hides characters of windows of ``text`` and learns to put them back."""
    draw = torch.Generator(text.device).manual_seed(seed)
    length = 128
    place = torch.arange(length, device=text.device)
    for step, optimiser in _steps(network, stage):
        first = torch.randint(0, len(text) - length, (stage.rows, 1), device=text.device, generator=draw)
        ids = text[first + place].long()
        cut = torch.randint(8, length - 30, (stage.rows, 1), device=text.device, generator=draw)
        parts = (place > cut).long() * SENTENCE
        fixed = (place == 0) | (place == cut) | (ids < SPECIAL)
        ids = ids.masked_fill(place == 0, CLS).masked_fill(place == cut, SEP)
        chance = torch.rand(ids.shape, device=text.device, generator=draw)
        hide = chance < 0.065
        hide = (
            hide | (hide.roll(1, 1) & (chance < 0.8)) | (hide.roll(2, 1) & hide.roll(1, 1) & (chance < 0.4))
        )
        hide &= ~fixed
        how = torch.rand(ids.shape, device=text.device, generator=draw)
        other = torch.randint(
            SPECIAL, network.shape.characters, ids.shape, device=text.device, generator=draw
        )
        shown = torch.where(hide & (how < 0.8), MASK, torch.where(hide & (how < 0.9), other, ids))
        with torch.autocast(text.device.type, torch.bfloat16):
            guessed = network.hidden(shown, parts, torch.zeros_like(ids), hide)
            loss = functional.cross_entropy(guessed.float(), ids[hide])
        _step(network, optimiser, loss)
        if step % 500 == 0:
            say(f"characters, step {step}: loss {loss.item():.3f}")


def learn_questions(
    network: Network,
    sets: Sequence[tuple[Questions, float]],
    stage: Stage,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """Learns which sentence of a group answers, none among the choices, and where the answer stands in it."""
    device = sets[0][0].ids.device
    draw = torch.Generator(device).manual_seed(seed)
    shares = torch.tensor([share for _, share in sets])
    choose = torch.Generator().manual_seed(seed)
    for step, optimiser in _steps(network, stage):
        questions = sets[int(torch.multinomial(shares, 1, generator=choose))][0]
        chosen = torch.randint(0, len(questions), (stage.rows,), device=device, generator=draw)
        with torch.autocast(device.type, torch.bfloat16):
            loss = _loss(network, questions, chosen, draw)
        _step(network, optimiser, loss)
        if step % 200 == 0:
            say(f"questions, step {step}: loss {loss.item():.3f}")


def _loss(network: Network, questions: Questions, chosen: Tensor, draw: torch.Generator) -> Tensor:
    rows, right, span = questions.rows[chosen], questions.right[chosen], questions.span[chosen]
    real = rows >= 0
    numbers = rows[real]
    ids, parts, runs = (t[numbers].long() for t in (questions.ids, questions.parts, questions.runs))
    blind = torch.rand((len(numbers), 1), device=ids.device, generator=draw) < 0.15
    runs = runs.masked_fill(blind, 0)  # sometimes nothing tells which characters are shared
    relevance, marks = network(ids, parts, runs)
    scores = torch.full(rows.shape, -1e4, device=ids.device)
    scores[real] = relevance.float()
    padded = torch.cat([scores, torch.zeros((len(rows), 1), device=ids.device)], 1)
    loss = functional.cross_entropy(padded, right)
    known = (span[:, 0] >= 0) & (right < rows.shape[1])
    if known.any():
        order = torch.full(rows.shape, -1, device=ids.device)
        order[real] = torch.arange(len(numbers), device=ids.device)
        own = order[known, right[known]]
        logits = marks[own].float().masked_fill((parts[own] != SENTENCE).unsqueeze(-1), -1e4)
        begun = functional.cross_entropy(logits[..., 0], span[known, 0])
        ended = functional.cross_entropy(logits[..., 1], span[known, 1])
        loss = loss + SPAN_WEIGHT * (begun + ended) / 2
    return loss


def _steps(network: Network, stage: Stage) -> Iterator[tuple[int, torch.optim.Optimizer]]:
    """Steps with an optimiser whose rate rises, then falls with the time or the steps that are left."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=stage.rate, betas=(0.9, 0.98), weight_decay=0.01)
    network.train()
    begun = monotonic()
    for step in range(stage.steps):
        done = max(step / stage.steps, (monotonic() - begun) / stage.seconds)
        if done >= 1:
            break
        warm = min(1.0, 0.02 + done / 0.04)
        rate = stage.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        yield step, optimiser
    network.eval()


def _step(network: Network, optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()


@torch.no_grad()
def scores_of(network: Network, questions: Questions) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Relevance of every sentence of every question, (Q, GROUP), and the likeliest span of the best one."""
    network.eval()
    scores = np.full(tuple(questions.rows.shape), -np.inf)
    spans = []
    for share in torch.arange(len(questions), device=questions.ids.device).split(128):  # type: ignore[no-untyped-call]
        rows = questions.rows[share]
        real = rows >= 0
        numbers = rows[real]
        parts = questions.parts[numbers].long()
        relevance, marks = network(questions.ids[numbers].long(), parts, questions.runs[numbers].long())
        table = torch.full(rows.shape, -torch.inf, device=rows.device)
        table[real] = relevance.float()
        scores[share.cpu().numpy()] = table.cpu().numpy()
        order = torch.full(rows.shape, -1, device=rows.device)
        order[real] = torch.arange(len(numbers), device=rows.device)
        own = order.gather(1, table.argmax(1, keepdim=True)).squeeze(1)
        logits = marks[own].float().masked_fill((parts[own] != SENTENCE).unsqueeze(-1), -1e4)
        both = logits[..., 0].unsqueeze(2) + logits[..., 1].unsqueeze(1)
        both = both + torch.full_like(both, -torch.inf).tril(-1) + torch.full_like(both, -torch.inf).triu(30)
        flat = both.flatten(1).argmax(1).cpu().numpy()
        spans += [(int(f // both.shape[2]), int(f % both.shape[2])) for f in flat]
    return scores, spans


def stream(texts: Sequence[str], alphabet: Alphabet) -> np.ndarray:
    """All texts one after the other as ids, a line end between them."""
    return alphabet.ids("\n".join(texts)).astype(np.int16)
