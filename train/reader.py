"""The reader: a short stack of the teacher's layers that reads a question and a window together.

It tells whether the window answers and where the answer begins and ends (Devlin et al., 2019). The
teacher's embeddings stay as they are, so that what it learns in Chinese holds for English too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertModel

from train.readings import Reading

LONGEST = 192
FROZEN = 2
_BEGIN, _PAD, _END = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on besides its data; `minutes` bounds it, the rate falls towards then."""

    layers: int = 8
    batch: int = 32
    rate: float = 1.5e-4
    warm: float = 0.06
    minutes: float = 55.0
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
        rows, tokens, width = x.shape
        split = self.mix(x).view(rows, tokens, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) / (width // self.heads) ** 0.5 + mask
        seen = (scores.softmax(-1) @ value).transpose(1, 2).reshape(rows, tokens, width)
        x = self.first(x + self.out(seen))
        return self.second(x + self.narrow(F.gelu(self.wide(x))))


class ReaderModel(nn.Module):
    """Gives a window's log-odds of answering, and each token's scores as begin and end."""

    def __init__(self, teacher: BertModel, layers: int) -> None:
        super().__init__()
        sizes = teacher.config
        self.words = teacher.embeddings.word_embeddings.float()
        self.places = teacher.embeddings.position_embeddings.float()
        self.kind = nn.Parameter(
            teacher.embeddings.token_type_embeddings.weight[0].float().detach()
        )
        self.norm = teacher.embeddings.LayerNorm.float()
        self.layers = nn.ModuleList(
            Layer(
                sizes.hidden_size,
                sizes.num_attention_heads,
                sizes.intermediate_size,
                sizes.layer_norm_eps,
            )
            for _ in range(layers)
        )
        for own, given in zip(self.layers, teacher.encoder.layer, strict=False):
            _take(own, given.float())
        self.answers = nn.Linear(sizes.hidden_size, 1)
        self.ends = nn.Linear(sizes.hidden_size, 2)
        for frozen in (self.words, self.places, self.norm, *self.layers[:FROZEN]):
            frozen.requires_grad_(False)
        self.kind.requires_grad_(False)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Take (texts, tokens), padded; return (texts,) and (texts, tokens, 2)."""
        mask = torch.zeros(tokens.shape, dtype=torch.float32).masked_fill(tokens == _PAD, -1e4)
        places = torch.arange(tokens.shape[1])
        x = self.norm(self.words(tokens) + self.places(places) + self.kind)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return self.answers(x[:, 0]).squeeze(-1), self.ends(x)


@torch.no_grad()
def _take(own: Layer, given: nn.Module) -> None:
    attention = given.attention.self
    parts = (attention.query, attention.key, attention.value)
    own.mix.weight.copy_(torch.cat([p.weight for p in parts]))
    own.mix.bias.copy_(torch.cat([p.bias for p in parts]))
    pairs = (
        (own.out, given.attention.output.dense),
        (own.first, given.attention.output.LayerNorm),
        (own.wide, given.intermediate.dense),
        (own.narrow, given.output.dense),
        (own.second, given.output.LayerNorm),
    )
    for mine, theirs in pairs:
        mine.load_state_dict(theirs.state_dict())


@dataclass(frozen=True, slots=True)
class Row:
    """A reading in tokens; `begin` and `end` are the answer's first and last token, -1 unknown."""

    tokens: list[int]
    answers: bool
    begin: int
    end: int


def tokenize(tokenizer: Tokenizer, readings: Sequence[Reading]) -> list[Row]:
    """Return the readings in tokens: question, then context and window, cut at LONGEST."""
    asked = tokenizer.encode_batch_fast([r.question for r in readings], add_special_tokens=False)
    context = tokenizer.encode_batch_fast(
        [f"{r.context}:" if r.context else "" for r in readings], add_special_tokens=False
    )
    told = tokenizer.encode_batch([r.window for r in readings], add_special_tokens=False)
    rows = []
    for reading, question, around, window in zip(readings, asked, context, told, strict=True):
        opening = [_BEGIN, *question.ids[:64], _END, _END, *around.ids[:48]]
        tokens = [*opening, *window.ids, _END][:LONGEST]
        begin = end = -1
        if reading.answer:
            inside = [
                n
                for n, (a, b) in enumerate(window.offsets)
                if a < reading.answer[1] and reading.answer[0] < b
            ]
            if inside and len(opening) + inside[-1] < LONGEST - 1:
                begin, end = len(opening) + inside[0], len(opening) + inside[-1]
        rows.append(Row(tokens, reading.answers, begin, end))
    return rows


def learn(
    model: ReaderModel,
    rows: Sequence[Row],
    settings: Settings,
    report: Callable[[str], None],
) -> None:
    """Train for at most `settings.minutes`; one pass over the rows, longest batches together."""
    torch.manual_seed(settings.seed)
    batches = _batches(rows, settings)
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=settings.rate, weight_decay=0.01, fused=True)
    started, losses = time.monotonic(), []
    model.train()
    for number, batch in enumerate(batches):
        spent = (time.monotonic() - started) / 60 / settings.minutes
        if spent >= 1:
            break
        done = max(spent, number / len(batches))
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * min(1, done / settings.warm, (1 - done) / 0.94 + 0.01)
        losses.append(_step(model, optimizer, learning, [rows[i] for i in batch]))
        if number % 50 == 49:
            report(
                f"{number + 1}/{len(batches)} {spent * settings.minutes:.1f} min "
                f"loss {np.mean(losses[-50:], axis=0).round(4)}"
            )
    model.eval()


def _step(
    model: ReaderModel,
    optimizer: torch.optim.Optimizer,
    learning: Sequence[nn.Parameter],
    rows: Sequence[Row],
) -> tuple[float, float]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answers, ends = model(pad(rows))
    there = torch.tensor([float(r.answers) for r in rows])
    decided = F.binary_cross_entropy_with_logits(answers.float(), there)
    marks = torch.tensor([[r.begin, r.end] for r in rows])
    known = marks[:, 0] >= 0
    placed = F.cross_entropy(ends[known].float(), marks[known]) if known.any() else torch.zeros(())
    optimizer.zero_grad()
    (decided + 0.5 * placed).backward()
    nn.utils.clip_grad_norm_(learning, 1.0)
    optimizer.step()
    return float(decided.detach()), float(placed.detach())


def pad(rows: Sequence[Row]) -> Tensor:
    """Return the rows' tokens as one table, padded at the right."""
    return nn.utils.rnn.pad_sequence(
        [torch.tensor(r.tokens) for r in rows], batch_first=True, padding_value=_PAD
    )


def _batches(rows: Sequence[Row], settings: Settings) -> list[NDArray[np.int64]]:
    chance = np.random.default_rng(settings.seed)
    order = np.argsort([len(r.tokens) + chance.random() * 8 for r in rows])
    batches = [order[i : i + settings.batch] for i in range(0, len(order), settings.batch)]
    return [batches[i] for i in chance.permutation(len(batches))]


@torch.inference_mode()
def judge(model: ReaderModel, rows: Sequence[Row], batch: int = 64) -> NDArray[np.float32]:
    """Return each row's log-odds of answering."""
    odds = np.zeros(len(rows), dtype=np.float32)
    order = np.argsort([len(r.tokens) for r in rows])
    for first in range(0, len(rows), batch):
        chosen = order[first : first + batch]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            odds[chosen] = model(pad([rows[i] for i in chosen]))[0].float().numpy()
    return odds
