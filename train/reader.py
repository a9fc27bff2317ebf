"""The reader: a question and a window, first each alone, then together.

Both go through the teacher's lower layers, which stay as they are: what is learnt in Chinese holds
for English too, and what a window is alone is computed once, whoever asks (MacAvaney et al., 2020).
Of the upper layers only the question's tokens go through, and look at the window's as they do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertModel

from qa.reader import Text, page, question_tokens
from train.readings import Reading

ALONE, SECOND = 8, 2
PAD = 1
FAR = -1e4
"""What is added to the score of what may not be seen."""
SHARES = (0.5, 1.0, 0.5, 0.3)
"""What counts how much: it answers, at first and again; where; which window is nearest."""
SHED = 0.1
"""How much of what each step adds is left out at random while learning."""
_SHELF = 12
Lot = TypeVar("Lot")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on besides its data; `minutes` bounds it, the rate falls towards then."""

    batch: int = 48
    rate: float = 2.5e-4
    warm: float = 0.05
    minutes: float = 45.0
    seed: int = 7


class Layer(nn.Module):
    """One layer of BERT, normalised after each step."""

    def __init__(self, width: int, heads: int, inner: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.mix = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.wide = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)
        self.first, self.second = nn.LayerNorm(width, eps=eps), nn.LayerNorm(width, eps=eps)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Take (texts, tokens, width) and an additive mask (texts, 1, 1, tokens)."""
        query, key, value = self._parts(self.mix(x), 3)
        return self._finish(x, query, key, value, mask)

    def _parts(self, mixed: Tensor, parts: int) -> tuple[Tensor, ...]:
        rows, tokens, width = mixed.shape
        split = mixed.view(rows, tokens, parts, self.heads, width // parts // self.heads)
        return tuple(split.permute(2, 0, 3, 1, 4).unbind())

    def _finish(self, x: Tensor, query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
        scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + mask
        seen = (scores.softmax(-1) @ value).transpose(1, 2).reshape(x.shape)
        x = self.first(x + self._shed(self.out(seen)))
        return self.second(x + self._shed(self.narrow(F.gelu(self.wide(x)))))

    def _shed(self, added: Tensor) -> Tensor:
        return F.dropout(added, SHED, self.training)


class Looking(Layer):
    """A layer whose tokens look at a window's as well as at each other."""

    def __init__(self, width: int, heads: int, inner: int, eps: float) -> None:
        super().__init__(width, heads, inner, eps)
        self.look = nn.Linear(width, 2 * width)

    def forward(self, x: Tensor, mask: Tensor, window: Tensor | None = None) -> Tensor:
        """Take as `Layer` does, with a window (texts, tokens, width); the mask is of both."""
        query, key, value = self._parts(self.mix(x), 3)
        keys, values = self._parts(self.look(window), 2)
        key, value = torch.cat([key, keys], 2), torch.cat([value, values], 2)
        return self._finish(x, query, key, value, mask)


@dataclass(frozen=True, slots=True)
class Masks:
    """What is padding in questions and windows: additive, (texts, 1, 1, tokens)."""

    asked: Tensor
    window: Tensor


class Alone(nn.Module):
    """The teacher's embeddings and lower layers, as they are."""

    def __init__(self, teacher: BertModel) -> None:
        super().__init__()
        given = teacher.embeddings
        self.words = given.word_embeddings.float()
        self.places = given.position_embeddings.float()
        self.kind = nn.Parameter(given.token_type_embeddings.weight[0].float().detach())
        self.norm = given.LayerNorm.float()
        self.layers = nn.ModuleList(_layer(Layer, teacher, n) for n in range(ALONE))
        self.requires_grad_(False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Take (texts, tokens), padded; return (texts, tokens, width)."""
        mask = mask_of(tokens)
        x = self.norm(self.words(tokens) + self.places(torch.arange(tokens.shape[1])) + self.kind)
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Meeting(nn.Module):
    """Sets beside each token of the question what the window has most like it.

    As in Parikh et al. (2016): what is aligned is compared. It begins as plain nearness of the
    teacher's states.
    """

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.asks, self.tells = nn.Linear(width, width), nn.Linear(width, width)
        for same in (self.asks, self.tells):
            nn.init.eye_(same.weight)
            nn.init.zeros_(same.bias)
        self.sharp = nn.Parameter(torch.tensor(20.0))
        self.compare = nn.Linear(2 * width + 1, width)
        self.norm = nn.LayerNorm(width, eps=eps)

    def nearness(self, asked: Tensor, window: Tensor) -> Tensor:
        """Return how near each token of the window comes to each of the question, -1 to 1."""
        asks, tells = F.normalize(self.asks(asked), dim=-1), F.normalize(self.tells(window), dim=-1)
        return asks @ tells.transpose(1, 2)

    def forward(self, asked: Tensor, window: Tensor, near: Tensor) -> Tensor:
        """Return the question's tokens, compared; `near` is masked."""
        aligned = (near * self.sharp).softmax(-1) @ window
        nearest = near.amax(-1, keepdim=True)
        compared = self.compare(torch.cat([aligned, asked * aligned, nearest], -1))
        return self.norm(asked + compared)


class Pointing(nn.Module):
    """Scores each token of the window as where the answer begins and ends.

    One layer over the window's tokens, each beside what the question has most like it
    (after Seo et al., 2017) and what is asked for. What the tokens are by then is read again.
    """

    def __init__(self, teacher: BertModel) -> None:
        super().__init__()
        width = teacher.config.hidden_size
        self.compare = nn.Linear(2 * width + 1, width)
        self.wants = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, eps=teacher.config.layer_norm_eps)
        self.layer = _layer(Layer, teacher, ALONE)
        self.ends = nn.Linear(width, 2)

    def forward(
        self, read: Tensor, window: Tensor, shares: Tensor, nearest: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Take the question's tokens as read, and how the window's tokens share in them.

        Return (texts, tokens, 2) and what the tokens are by then, (texts, tokens, width).
        """
        aligned = shares @ read
        compared = self.compare(torch.cat([aligned, window * aligned, nearest], -1))
        x = self.layer(self.norm(window + compared + self.wants(read[:, :1])), mask)
        return self.ends(x), x


class Verifying(nn.Module):
    """Reads again what was pointed at, and corrects the log-odds of answering.

    The question's tokens look at the window's as the pointing layer leaves them, each of which
    knows what is asked; a second look at a span tells better than the first (after Zhang, Yang
    and Zhao, 2021). It begins by changing nothing.
    """

    def __init__(self, teacher: BertModel) -> None:
        super().__init__()
        width, above = teacher.config.hidden_size, teacher.config.num_hidden_layers
        self.layers = nn.ModuleList(_looking(teacher, n) for n in range(above - SECOND, above))
        self.tells = nn.Sequential(nn.Linear(2 * width + 2, width), nn.GELU(), nn.Linear(width, 1))
        nn.init.zeros_(self.tells[2].weight)
        nn.init.zeros_(self.tells[2].bias)

    def forward(
        self, answers: Tensor, read: Tensor, pointed: Tensor, begins: Tensor, masks: Masks
    ) -> Tensor:
        """Take the log-odds, the question as read, the window as pointed at; return the log-odds.

        `begins` are the scores of the window's tokens, masked.
        """
        both, x = torch.cat([masks.asked, masks.window], 3), read
        for layer in self.layers:
            x = layer(x, both, pointed)
        chances = begins.softmax(-1)
        there = (chances[:, None] @ pointed)[:, 0]
        told = torch.stack([answers, chances.amax(-1)], -1)
        return answers + self.tells(torch.cat([x[:, 0], there, told], -1)).squeeze(-1)


class Together(nn.Module):
    """Gives a window's log-odds of answering, at first and again, and where the answer stands."""

    def __init__(self, teacher: BertModel) -> None:
        super().__init__()
        width, above = teacher.config.hidden_size, teacher.config.num_hidden_layers
        self.meet = Meeting(width, teacher.config.layer_norm_eps)
        self.layers = nn.ModuleList(_looking(teacher, n) for n in range(ALONE, above))
        self.answers = nn.Sequential(nn.Linear(width + 1, width), nn.GELU(), nn.Linear(width, 1))
        self.point = Pointing(teacher)
        self.verify = Verifying(teacher)

    def forward(self, asked: Tensor, window: Tensor, masks: Masks) -> tuple[Tensor, Tensor, Tensor]:
        """Take states (texts, tokens, width) of both.

        Return (texts,) at first and again, and (texts, window tokens, 2).
        """
        near = self.meet.nearness(asked, window)
        answers, read = self.decide(asked, window, near, masks)
        again, ends = self.locate(answers, read, window, near, masks)
        return answers, again, ends

    def decide(
        self, asked: Tensor, window: Tensor, near: Tensor, masks: Masks
    ) -> tuple[Tensor, Tensor]:
        """Return the log-odds (texts,) and the question's tokens as read."""
        near = near + masks.window[:, 0]
        x = self.meet(asked, window, near)
        both = torch.cat([masks.asked, masks.window], 3)
        for layer in self.layers:
            x = layer(x, both, window)
        here = (masks.asked[:, 0, 0, :, None] == 0).to(near.dtype)
        met = (near.amax(-1, keepdim=True) * here).sum(1) / here.sum(1)
        return self.answers(torch.cat([x[:, 0], met], -1)).squeeze(-1), x

    def locate(
        self, answers: Tensor, read: Tensor, window: Tensor, near: Tensor, masks: Masks
    ) -> tuple[Tensor, Tensor]:
        """Return the log-odds again, and the window's tokens' scores as begin and end.

        Padding is far below.
        """
        near = near.transpose(1, 2) + masks.asked[:, 0]
        shares, nearest = (near * self.meet.sharp).softmax(-1), near.amax(-1, keepdim=True)
        scores, pointed = self.point(read, window, shares, nearest, masks.window)
        ends = scores + masks.window[:, 0, 0, :, None]
        return self.verify(answers, read, pointed, ends[:, :, 0], masks), ends


class Deciding(nn.Module):
    """One question with one window, neither padded: the log-odds (1,), the question as read."""

    def __init__(self, together: Together) -> None:
        super().__init__()
        self.together = together

    def forward(self, asked: Tensor, window: Tensor) -> tuple[Tensor, Tensor]:
        """Take states (1, tokens, width) of both."""
        near = self.together.meet.nearness(asked, window)
        return self.together.decide(asked, window, near, _unmasked(asked, window))


class Locating(nn.Module):
    """Where in one window the answer begins, (1, tokens), and the log-odds again, (1,)."""

    def __init__(self, together: Together) -> None:
        super().__init__()
        self.together = together

    def forward(
        self, asked: Tensor, window: Tensor, read: Tensor, answers: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Take states (1, tokens, width) of both, and what `Deciding` returns."""
        near, masks = self.together.meet.nearness(asked, window), _unmasked(asked, window)
        again, ends = self.together.locate(answers, read, window, near, masks)
        return again, ends[:, :, 0]


def _unmasked(asked: Tensor, window: Tensor) -> Masks:
    return Masks(*(x.new_zeros(1, 1, 1, x.shape[1]) for x in (asked, window)))


def _layer(kind: type[Layer], teacher: BertModel, number: int) -> Layer:
    sizes = teacher.config
    own = kind(
        sizes.hidden_size, sizes.num_attention_heads, sizes.intermediate_size, sizes.layer_norm_eps
    )
    given = teacher.encoder.layer[number].float()
    attention = given.attention.self
    parts = (attention.query, attention.key, attention.value)
    pairs = (
        (own.out, given.attention.output.dense),
        (own.first, given.attention.output.LayerNorm),
        (own.wide, given.intermediate.dense),
        (own.narrow, given.output.dense),
        (own.second, given.output.LayerNorm),
    )
    with torch.no_grad():
        own.mix.weight.copy_(torch.cat([p.weight for p in parts]))
        own.mix.bias.copy_(torch.cat([p.bias for p in parts]))
        for mine, theirs in pairs:
            mine.load_state_dict(theirs.state_dict())
    return own


def _looking(teacher: BertModel, number: int) -> Looking:
    """Return a layer that looks at windows with what it looks at its own tokens with."""
    layer = _layer(Looking, teacher, number)
    with torch.no_grad():
        layer.look.weight.copy_(layer.mix.weight[layer.out.in_features :])
        layer.look.bias.copy_(layer.mix.bias[layer.out.in_features :])
    return layer


def mask_of(tokens: Tensor) -> Tensor:
    """Return the additive mask (texts, 1, 1, tokens) of padded tokens."""
    return (tokens == PAD).float()[:, None, None, :] * FAR


class States:
    """What texts are alone, each computed once: (tokens, width) in half precision."""

    def __init__(self, alone: Callable[[Tensor], Tensor], texts: Sequence[tuple[int, ...]]) -> None:
        self._states: dict[tuple[int, ...], Tensor] = {}
        order = sorted(dict.fromkeys(texts), key=len)
        started = time.monotonic()
        with torch.inference_mode():
            for first in range(0, len(order), 32):
                batch = order[first : first + 32]
                found = alone(pad([torch.tensor(t) for t in batch], PAD))
                for tokens, states in zip(batch, found, strict=True):
                    self._states[tokens] = states[: len(tokens)].half().clone()
        print(f"{len(order)} texts alone in {time.monotonic() - started:.0f} s", flush=True)

    def __getitem__(self, texts: Sequence[tuple[int, ...]]) -> tuple[Tensor, Tensor]:
        """Return padded states and their additive mask."""
        rows = [self._states[t].float() for t in texts]
        there = pad([torch.zeros(len(r)) for r in rows], FAR)
        return pad(rows, 0.0), there[:, None, None, :]


def pad(rows: Sequence[Tensor], value: float) -> Tensor:
    """Return rows of unequal length as one table."""
    return nn.utils.rnn.pad_sequence(list(rows), batch_first=True, padding_value=value)


@dataclass(frozen=True, slots=True)
class Row:
    """A reading in tokens; `begin` and `end` are the answer's first and last token, -1 unknown."""

    asked: tuple[int, ...]
    window: tuple[int, ...]
    answers: bool
    begin: int
    end: int


def tokenize(tokenizer: Tokenizer, readings: Sequence[Reading]) -> list[Row]:
    """Return the readings in tokens, cut where the serving reader cuts."""
    rows = []
    for reading in readings:
        told = page(tokenizer, Text(reading.context, (reading.window,)))
        begin = end = -1
        if reading.answer:
            inside = [
                n
                for n, (a, b) in enumerate(told.offsets)
                if a < reading.answer[1] and reading.answer[0] < b
            ]
            if inside:
                begin, end = told.opening + inside[0], told.opening + inside[-1]
        asked = question_tokens(tokenizer, reading.question)
        rows.append(Row(tuple(asked), tuple(told.tokens), reading.answers, begin, end))
    return rows


def learn(
    model: Together,
    rows: Sequence[Row],
    states: States,
    settings: Settings,
    report: Callable[[str], None],
) -> None:
    """Train for at most `settings.minutes`; one pass over the rows, longest batches together."""
    torch.manual_seed(settings.seed)
    batches = _batches(rows, settings)
    learning = list(model.parameters())
    optimizer = torch.optim.AdamW(learning, lr=settings.rate, weight_decay=0.01, fused=True)

    def step(batch: NDArray[np.int64], done: float) -> tuple[float, ...]:
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * min(1, done / settings.warm, (1 - done) / 0.94 + 0.01)
        chosen = [rows[i] for i in batch]
        asked, window, masks = _given(chosen, states)
        return descend(model, optimizer, losses_of(*model(asked, window, masks), chosen))

    model.train()
    run(batches, step, settings.minutes, report)
    model.eval()


def run(
    lots: Sequence[Lot],
    step: Callable[[Lot, float], tuple[float, ...]],
    minutes: float,
    report: Callable[[str], None],
) -> None:
    """Take a step with each lot, told what share of all is done, until the minutes are spent."""
    started, losses = time.monotonic(), []
    for number, lot in enumerate(lots):
        spent = (time.monotonic() - started) / 60 / minutes
        if spent >= 1:
            break
        losses.append(step(lot, max(spent, number / len(lots))))
        if number % 50 == 49:
            report(
                f"{number + 1}/{len(lots)} {spent * minutes:.1f} min "
                f"loss {np.mean(losses[-50:], axis=0).round(4)}"
            )


def descend(
    model: nn.Module, optimizer: torch.optim.Optimizer, losses: Sequence[Tensor]
) -> tuple[float, ...]:
    """Make the losses smaller, each by its share (a fourth is that of nearness); return them."""
    optimizer.zero_grad()
    torch.stack([s * loss for s, loss in zip(SHARES, losses, strict=False)]).sum().backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return tuple(float(loss.detach()) for loss in losses)


def losses_of(
    answers: Tensor, again: Tensor, ends: Tensor, rows: Sequence[Row], answering: float = 1.0
) -> tuple[Tensor, Tensor, Tensor]:
    """Return what is lost at first, again and in place; what answers weighs `answering`.

    Only windows whose answer is marked teach where answers stand.
    """
    there = torch.tensor([float(r.answers) for r in rows])
    weights = 1 + (answering - 1) * there
    decided = F.binary_cross_entropy_with_logits(answers, there, weights)
    verified = F.binary_cross_entropy_with_logits(again, there, weights)
    marks = torch.tensor([[r.begin, r.end] for r in rows])
    known = marks[:, 0] >= 0
    placed = F.cross_entropy(ends[known], marks[known]) if known.any() else torch.zeros(())
    return decided, verified, placed


def _given(rows: Sequence[Row], states: States) -> tuple[Tensor, Tensor, Masks]:
    asked, asked_mask = states[[r.asked for r in rows]]
    window, window_mask = states[[r.window for r in rows]]
    return asked, window, Masks(asked_mask, window_mask)


def _batches(rows: Sequence[Row], settings: Settings) -> list[NDArray[np.int64]]:
    """Return the rows' numbers in batches of questions, then windows, of like length."""
    chance = np.random.default_rng(settings.seed)
    shelf = settings.batch * _SHELF
    order = np.argsort([len(r.asked) + chance.random() for r in rows])
    windows = np.array([len(r.window) for r in rows])
    batches = []
    for first in range(0, len(order), shelf):
        shelved = order[first : first + shelf]
        alike = shelved[np.argsort(windows[shelved], kind="stable")]
        batches += [alike[i : i + settings.batch] for i in range(0, len(alike), settings.batch)]
    return [batches[i] for i in chance.permutation(len(batches))]


@torch.inference_mode()
def judge(
    model: Together, rows: Sequence[Row], states: States, batch: int = 64
) -> tuple[NDArray[np.float32], float]:
    """Return each row's log-odds of answering, and how often a marked answer begins where said."""
    odds, hits = np.zeros(len(rows), dtype=np.float32), []
    order = np.argsort([len(r.window) for r in rows])
    for first in range(0, len(rows), batch):
        chosen = order[first : first + batch]
        _, again, ends = model(*_given([rows[i] for i in chosen], states))
        odds[chosen] = again.numpy()
        best = ends[:, :, 0].argmax(1)
        hits += [
            rows[i].begin <= int(b) <= rows[i].end
            for i, b in zip(chosen, best, strict=True)
            if rows[i].begin >= 0
        ]
    return odds, float(np.mean(hits))
