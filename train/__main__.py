"""Train the bundled static encoder: `python -m train --data DIR --out models/zaowen-static`.

`DIR` holds `pairs.jsonl.xz` (question, passage) and `reader.jsonl.xz` (question, context).
A Unigram vocabulary is learned on the passages; then one vector a token is trained so that a
question lies near its passage and far from the others of its batch (InfoNCE, both directions).
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor, nn

from index.words import fold

SEED = 20240813
VOCABULARY = 16_000
DIMENSION = 256
BATCH = 1024
EPOCHS = 3
RATE = 0.01
TEMPERATURE = 0.05
LONGEST = 400


def read_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield folded (question, passage) pairs, passages cut to LONGEST characters."""
    for name, passage in (("pairs.jsonl.xz", "passage"), ("reader.jsonl.xz", "context")):
        with lzma.open(folder / name, "rt", encoding="utf-8") as file:
            for line in file:
                item = json.loads(line)
                yield fold(item["question"][:120]), fold(item[passage][:LONGEST])


def learn_tokenizer(texts: list[str]) -> Tokenizer:
    """Learn a Unigram vocabulary; digits stand alone, punctuation splits."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Whitespace(),
            pre_tokenizers.Punctuation("isolated"),
            pre_tokenizers.Digits(individual_digits=False),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["[PAD]", "[UNK]"],
        unk_token="[UNK]",
        max_piece_length=4,
        shrinking_factor=0.7,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def main() -> None:
    """Read, train, save; prints the loss as it goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    random.seed(SEED)
    torch.manual_seed(SEED)
    pairs = list(read_pairs(options.data))
    print(f"{len(pairs)} pairs", flush=True)
    tokenizer = learn_tokenizer([p for _, p in random.sample(pairs, min(40_000, len(pairs)))])
    print(f"vocabulary {tokenizer.get_vocab_size()}", flush=True)
    questions = [e.ids for e in tokenizer.encode_batch([q for q, _ in pairs])]
    passages = [e.ids for e in tokenizer.encode_batch([p for _, p in pairs])]
    bag = train(questions, passages, tokenizer.get_vocab_size())
    static = StaticEmbedding(tokenizer, embedding_weights=bag.weight.detach().numpy())
    SentenceTransformer(modules=[static], device="cpu").save(str(options.out))


def train(questions: list[list[int]], passages: list[list[int]], size: int) -> nn.EmbeddingBag:
    """Return the trained table; prints the mean loss every 50 batches."""
    bag = nn.EmbeddingBag(size, DIMENSION, mode="mean")
    nn.init.normal_(bag.weight, std=0.1)
    order = [i for i in range(len(questions)) if questions[i] and passages[i]]
    optimizer = torch.optim.Adam(bag.parameters(), lr=RATE)
    steps = EPOCHS * (len(order) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    started, losses = time.monotonic(), []
    for _ in range(EPOCHS):
        random.shuffle(order)
        for at in range(0, len(order) - BATCH, BATCH):
            batch = order[at : at + BATCH]
            loss = contrast(
                embed(bag, [questions[i] for i in batch]), embed(bag, [passages[i] for i in batch])
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if len(losses) % 50 == 0:
                mean = sum(losses[-50:]) / 50
                print(
                    f"{len(losses)}/{steps} {mean:.4f} {time.monotonic() - started:.0f}s",
                    flush=True,
                )
    return bag


def embed(bag: nn.EmbeddingBag, rows: list[list[int]]) -> Tensor:
    """Return unit rows, one for each list of token numbers."""
    flat = torch.tensor([t for row in rows for t in row])
    starts = torch.tensor([0, *(len(row) for row in rows[:-1])]).cumsum(0)
    return nn.functional.normalize(bag(flat, starts), dim=-1)


def contrast(questions: Tensor, passages: Tensor) -> Tensor:
    """Return InfoNCE over the batch, mean of both directions (van den Oord et al., 2018)."""
    scores = questions @ passages.T / TEMPERATURE
    target = torch.arange(len(scores))
    return (
        nn.functional.cross_entropy(scores, target) + nn.functional.cross_entropy(scores.T, target)
    ) / 2


if __name__ == "__main__":
    main()
