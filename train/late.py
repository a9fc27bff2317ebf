"""Late interaction, learnt by contrast: a question's own window against the others of its batch.

After Khattab and Zaharia (2020), over states that stay as they are, so it takes minutes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from train.reader import FAR, Row, States

WIDTH = 128
Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on besides its data."""

    batch: int = 24
    rate: float = 1e-3
    warm: int = 100
    seed: int = 3


@dataclass(frozen=True, slots=True)
class Put:
    """A question with what answers it and what is near and does not, nearest first."""

    asked: Tokens
    right: tuple[Row, ...]
    wrong: tuple[Row, ...]


class LateInteraction(nn.Module):
    """Projects the states of questions and windows, and weighs the question's tokens."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.asks, self.tells = nn.Linear(width, WIDTH), nn.Linear(width, WIDTH)
        self.counts = nn.Linear(width, 1)
        self.sharp = nn.Parameter(torch.tensor(25.0))
        nn.init.orthogonal_(self.asks.weight)
        self.tells.load_state_dict(self.asks.state_dict())
        nn.init.zeros_(self.counts.weight)

    def forward(self, asked: Tensor, window: Tensor, hidden: tuple[Tensor, Tensor]) -> Tensor:
        """Take states of questions and of windows, and the additive masks of both.

        Return how near each window comes to each question, (questions, windows).
        """
        counts = (self.counts(asked).squeeze(-1) + hidden[0]).softmax(-1)
        asks = F.normalize(self.asks(asked), dim=-1)
        tells = F.normalize(self.tells(window), dim=-1)
        near = torch.einsum("qid,wjd->qwij", asks, tells) + hidden[1][None, :, None, :]
        return (near.amax(-1) * counts[:, None, :]).sum(-1)


def puts_of(rows: Iterable[Row]) -> list[Put]:
    """Gather the rows by question."""
    found: dict[Tokens, tuple[list[Row], list[Row]]] = {}
    for row in rows:
        found.setdefault(row.asked, ([], []))[0 if row.answers else 1].append(row)
    return [Put(asked, tuple(right), tuple(wrong)) for asked, (right, wrong) in found.items()]


def learn_late(
    model: LateInteraction,
    puts: Sequence[Put],
    states: States,
    settings: Settings,
    report: Callable[[str], None],
) -> None:
    """Train in one pass; a window of a batch stands against every question of it but its own.

    A question that nothing answers teaches nothing here.
    """
    torch.manual_seed(settings.seed)
    chance, started = random.Random(settings.seed), time.monotonic()
    answered = [put for put in puts if put.right]
    order = chance.sample(answered, len(answered))
    steps = len(order) // settings.batch
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=0.01)
    losses = []
    for step in range(steps):
        batch = order[step * settings.batch : (step + 1) * settings.batch]
        rate = settings.rate * min(1, step / settings.warm, 1 - step / steps + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = _loss(model, batch, states, chance)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % 200 == 199:
            spent = time.monotonic() - started
            report(f"late {step + 1}/{steps} {spent:.0f} s loss {np.mean(losses[-200:]):.3f}")


def _loss(
    model: LateInteraction, batch: Sequence[Put], states: States, chance: random.Random
) -> Tensor:
    windows = [chance.choice(put.right).window for put in batch]
    windows += [chance.choice(put.wrong).window for put in batch if put.wrong]
    asked, asked_mask = states[[put.asked for put in batch]]
    window, window_mask = states[windows]
    near = model(asked, window, (asked_mask[:, 0, 0], window_mask[:, 0, 0]))
    right = [{row.window for row in put.right} for put in batch]
    also = torch.tensor([[window in of for window in windows] for of in right])
    also[torch.arange(len(batch)), torch.arange(len(batch))] = False
    scores = (near * model.sharp).masked_fill(also, FAR)
    return F.cross_entropy(scores, torch.arange(len(batch)))


@torch.inference_mode()
def keep_hardest(
    model: LateInteraction, rows: Sequence[Row], states: States, most: int, seed: int
) -> list[Row]:
    """Return the rows with at most `most` that do not answer a question.

    Half of them are what the model puts nearest, the others any.
    """
    chance, kept = random.Random(seed), [row for row in rows if row.answers]
    for put in puts_of(rows):
        near = list(put.wrong)
        if len(near) > most:
            question, question_mask = states[[put.asked]]
            window, mask = states[[row.window for row in near]]
            scores = model(question, window, (question_mask[:, 0, 0], mask[:, 0, 0]))[0]
            order = [near[i] for i in scores.argsort(descending=True)]
            first = most // 2
            near = order[:first] + chance.sample(order[first:], most - first)
        kept += near
    return kept


def resume_late(model: LateInteraction, path: Path) -> None:
    """Fill `model` with what `write_late` wrote."""
    with np.load(path) as arrays, torch.no_grad():
        for name, layer in (("asks", model.asks), ("tells", model.tells), ("counts", model.counts)):
            table = torch.from_numpy(arrays[name]).reshape(-1, layer.out_features)
            layer.weight.copy_(table[:-1].T)
            layer.bias.copy_(table[-1])


def write_late(path: Path, model: LateInteraction) -> None:
    """Write the projections as `qa.late` reads them: weights over offsets."""
    np.savez(
        path,
        asks=_table(model.asks),
        tells=_table(model.tells),
        counts=_table(model.counts)[:, 0],
    )


def _table(layer: nn.Linear) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    table: np.ndarray[tuple[int, int], np.dtype[np.float32]] = (
        torch.cat([layer.weight.T, layer.bias[None]]).detach().numpy().astype(np.float32)
    )
    return table
