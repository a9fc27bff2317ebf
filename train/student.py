"""One vector a token, taught by a large model's sentence vectors and by questions and replies."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from train.ragged import Ragged


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run of `learn` depends on besides its data."""

    epochs: int = 6
    batch: int = 1024
    rate: float = 3e-3
    scale: float = 20.0
    sharpness: float = 40.0
    contrast: float = 1.0
    imitate: float = 1.0
    agree: float = 1.0
    drop: float = 0.15
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Lessons:
    """Row i of `questions` is answered by row i of `windows`; `taught_*` are the teacher's rows.

    `place` numbers the passage that a window comes from; `texts` with `taught_texts` are further
    sentences.
    """

    questions: Ragged
    windows: Ragged
    place: NDArray[np.int64]
    taught_questions: NDArray[np.float32]
    taught_windows: NDArray[np.float32]
    texts: Ragged
    taught_texts: NDArray[np.float32]


class Projection:
    """The teacher's space, centred for each kind of text and turned onto its main directions."""

    def __init__(self, rows: NDArray[np.float32], dimension: int) -> None:
        centred = rows - rows.mean(0)
        _, _, directions = np.linalg.svd(centred.T @ centred / len(rows))
        self.directions = directions[:dimension].T.astype(np.float32)

    def __call__(self, rows: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return unit rows of the lower dimension."""
        turned = (rows - mean) @ self.directions
        return (turned / np.linalg.norm(turned, axis=1, keepdims=True).clip(1e-9)).astype(
            np.float32
        )


def learn(
    initial: NDArray[np.float32],
    lessons: Lessons,
    settings: Settings,
    report: Callable[[str], None],
) -> NDArray[np.float32]:
    """Return the trained table, shape (tokens, dimension).

    The loss sums three: in-batch contrast of questions and replies (InfoNCE), the cosine to the
    teacher's vector of every text, and agreement with the teacher's order of the batch (KL).
    """
    random = np.random.default_rng(settings.seed)
    table = nn.EmbeddingBag.from_pretrained(
        torch.from_numpy(initial.copy()), freeze=False, mode="sum"
    )
    optimizer = torch.optim.Adam(table.parameters(), lr=settings.rate)
    batches = [
        b
        for _ in range(settings.epochs)
        for b in _batches(len(lessons.questions), settings, random)
    ]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=len(batches) + 1, pct_start=0.05
    )
    began = time.monotonic()
    for step, batch in enumerate(batches):
        more = random.choice(
            len(lessons.texts), min(len(lessons.texts), settings.batch // 2), replace=False
        )
        asked = _encode(table, lessons.questions, batch, settings.drop, random)
        told = _encode(table, lessons.windows, batch, settings.drop, random)
        other = _encode(table, lessons.texts, more, settings.drop, random)
        taught_q = torch.from_numpy(lessons.taught_questions[batch])
        taught_w = torch.from_numpy(lessons.taught_windows[batch])
        taught_t = torch.from_numpy(lessons.taught_texts[more])
        place = torch.from_numpy(lessons.place[batch])
        loss = (
            settings.contrast * _contrast(asked, told, place, settings.scale)
            + settings.imitate
            * 5
            * _distance((asked, taught_q), (told, taught_w), (other, taught_t))
            + settings.agree * _agreement(asked @ told.T, taught_q @ taught_w.T, settings)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            report(f"{step}/{len(batches)} loss {loss.item():.3f} {time.monotonic() - began:.0f}s")
    rows = table.weight.detach().numpy()
    rows[0] = 0
    return rows


def _contrast(asked: Tensor, told: Tensor, place: Tensor, scale: float) -> Tensor:
    same = place[:, None] == place[None, :]
    same.fill_diagonal_(False)
    scores = (scale * asked @ told.T).masked_fill(same, -1e4)
    target = torch.arange(len(asked))
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


def _distance(*pairs: tuple[Tensor, Tensor]) -> Tensor:
    return torch.stack([1 - (own * taught).sum(1).mean() for own, taught in pairs]).sum()


def _agreement(own: Tensor, taught: Tensor, settings: Settings) -> Tensor:
    aim = (settings.sharpness / 2 * taught).softmax(1)
    return F.kl_div((settings.scale * own).log_softmax(1), aim, reduction="batchmean")


def _batches(
    count: int, settings: Settings, random: np.random.Generator
) -> list[NDArray[np.int64]]:
    order = random.permutation(count)
    return [
        order[i : i + settings.batch] for i in range(0, count - settings.batch + 1, settings.batch)
    ]


def _encode(
    table: nn.EmbeddingBag,
    texts: Ragged,
    rows: NDArray[np.int64],
    drop: float,
    random: np.random.Generator,
) -> Tensor:
    """Return unit vectors of the texts, some of their tokens left out."""
    kept = []
    for row in rows:
        tokens = texts[row]
        stays = tokens[random.random(len(tokens)) >= drop]
        kept.append(stays if len(stays) else tokens)
    flat = torch.from_numpy(np.concatenate(kept).astype(np.int64))
    starts = torch.tensor([0, *np.cumsum([len(k) for k in kept])[:-1]])
    return F.normalize(table(flat, starts), dim=1)
