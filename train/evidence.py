"""Train the ranker and the decider of `qa/judge.py`.

    python -m train.evidence DATA models/zaowen-evidence

Questions of the open reader data are asked of an index of their own paragraphs and of news; half
of the paragraphs are left out, so that half of the questions have no answer there.
"""

from __future__ import annotations

import json
import lzma
import random
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import jieba
import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from torch import nn

from index.encoder import Encoder, open_encoder
from index.passages import PassageSettings
from index.records import Source, Span, Transcript, Turn
from index.store import Index, build, expect
from qa.evidence import FEATURES, Candidate, weigh
from qa.judge import DECISION, Perceptron, decision_row, rank
from qa.question import Question, Understanding
from qa.retrieve import retrieve
from qa.sites import Sites

SEED = 20240825
HIDDEN = 24
PASSAGES = 10
READER = 6000
CLOZE = 1500
REWORDED = 0.5
_NEIGHBOURS = 6
WITHHELD = 0.5
_DEV_PER_CENT = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's candidates; `right` flags those that hold the answer, empty when withheld."""

    candidates: list[Candidate]
    right: NDArray[np.bool_]
    terms: int
    there: bool
    dev: bool


def main() -> None:
    """Read, ask, train, write."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    items = _items(data)
    with tempfile.TemporaryDirectory() as folder:
        asked = _ask_all(items, Path(folder))
    if len(sys.argv) > 3:
        __import__("pickle").dump(asked, open(sys.argv[3], "wb"))
    train, dev = [a for a in asked if not a.dev], [a for a in asked if a.dev]
    ranker = train_ranker([a for a in train if a.right.any()])
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "ranker.npz", ranker)
    top = [_first(ranker, a) for a in dev if a.there]
    print(f"ranker: right sentence first {np.mean(top):.3f} of {len(top)} held questions")
    decider = train_decider(ranker, train)
    _write(out / "decider.npz", decider)
    rows = np.stack([_row(ranker, a) for a in dev if a.candidates])
    there = [a.there for a in dev if a.candidates]
    print(
        f"decider: AUROC {roc_auc_score(there, decider(rows)):.3f} on {len(there)} held questions"
    )


def _items(data: Path) -> list[dict[str, object]]:
    with lzma.open(data / "reader.jsonl.xz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    with lzma.open(data / "cloze.jsonl.xz", "rt", encoding="utf-8") as lines:
        cloze = [json.loads(line) for line in lines]
    chosen = random.Random(SEED)
    return chosen.sample(items, READER) + chosen.sample(cloze, CLOZE)


def _ask_all(items: list[dict[str, object]], folder: Path) -> list[Asked]:
    contexts = sorted({str(i["context"]) for i in items})
    gone = set(random.Random(SEED).sample(contexts, round(WITHHELD * len(contexts))))
    kept = {c: str(n) for n, c in enumerate(contexts) if c not in gone}
    transcripts = [_transcript(name, text) for text, name in kept.items()]
    model = open_encoder(None)
    index = build(transcripts, model, folder, expect(model, {}, PassageSettings()))
    sites, understanding = Sites(index), Understanding(transcripts[:1], model)
    reword = _Synonyms(model)
    chance = random.Random(SEED)
    asked = []
    for item in items:
        text = str(item["question"])
        if chance.random() < REWORDED:
            text = reword(text, chance)
        question = understanding.read(text)
        if isinstance(question, Question):
            if len(asked) % 1000 == 0:
                print(f"{len(asked)}/{len(items)}", flush=True)
            one = _ask(index, sites, question, item, kept.get(str(item["context"])))
            asked += [one, _near_miss(one)] if one.right.any() else [one]
    return asked


class _Synonyms:
    """Says a question in other words: some of its words give way to near ones of the encoder."""

    def __init__(self, encoder: Encoder) -> None:
        jieba.initialize()
        common = sorted(jieba.dt.FREQ, key=lambda w: -jieba.dt.FREQ[w])
        self._words = [w for w in common if len(w) > 1 and not w.isascii()][:30_000]
        self._encoder = encoder
        self._rows = encoder.encode_passages(self._words)

    def __call__(self, text: str, chance: random.Random) -> str:
        said = []
        for word in jieba.cut(text):
            if len(word) > 1 and word in jieba.dt.FREQ and chance.random() < 0.6:
                near = self._rows @ self._encoder.encode_passages([word])[0]
                nearest = [self._words[i] for i in np.argsort(-near)[:_NEIGHBOURS]]
                word = chance.choice([w for w in nearest if w != word])
            said.append(word)
        return "".join(said)


def _near_miss(asked: Asked) -> Asked:
    """The same question with the sentences that answer it, and those beside them, taken away."""
    gone = [c.sentence for c, right in zip(asked.candidates, asked.right, strict=True) if right]
    homes = {c.document_id for c, right in zip(asked.candidates, asked.right, strict=True) if right}
    left = [
        c
        for c in asked.candidates
        if c.document_id not in homes
        or all(c.span.end < g.start - 1 or g.end + 1 < c.span.start for g in gone)
    ]
    return Asked(left, np.zeros(len(left), dtype=bool), asked.terms, False, asked.dev)


def _ask(
    index: Index, sites: Sites, question: Question, item: dict[str, object], home: str | None
) -> Asked:
    candidates = weigh(index, sites, question, retrieve(index, question.search, PASSAGES))
    start = int(str(item["start"]))
    answer = Span(start, start + len(str(item["answer"])))
    right = np.array(
        [c.document_id == home and c.span.contains(answer) for c in candidates], dtype=bool
    )
    digest = int(sha256(str(item["context"]).encode()).hexdigest()[:8], 16)
    return Asked(
        candidates, right, len(question.terms), home is not None, digest % 100 < _DEV_PER_CENT
    )


def _transcript(name: str, text: str) -> Transcript:
    turn = Turn(Span(0, len(text)), "statement", None)
    return Transcript(Source(name, name), text, text, (), (), (turn,))


def train_ranker(asked: list[Asked]) -> Perceptron:
    """Fit by listwise cross-entropy over each question's candidates (Cao et al., 2007)."""
    rows = np.concatenate([[c.features for c in a.candidates] for a in asked])
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    lists = [
        torch.tensor((np.stack([c.features for c in a.candidates]) - mean) / scale) for a in asked
    ]
    padded = nn.utils.rnn.pad_sequence(lists, batch_first=True).float()
    right = nn.utils.rnn.pad_sequence([torch.tensor(a.right) for a in asked], batch_first=True)
    mask = nn.utils.rnn.pad_sequence(
        [torch.ones(len(x), dtype=torch.bool) for x in lists], batch_first=True
    )
    network = _network(len(FEATURES))
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-3)
    for _ in range(25):
        for part in torch.randperm(len(lists)).split(256):
            scores = network(padded[part]).squeeze(-1).masked_fill(~mask[part], -1e9)
            spread = scores.log_softmax(1)
            loss = -spread.masked_fill(~right[part], -1e9).logsumexp(1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return _perceptron(network, mean, scale)


def train_decider(ranker: Perceptron, asked: list[Asked]) -> Perceptron:
    """Fit by logistic loss: the first candidate is right, or the answer was withheld."""
    known = [a for a in asked if a.candidates]
    rows = np.stack([_row(ranker, a) for a in known])
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    inputs = torch.tensor((rows - mean) / scale).float()
    targets = torch.tensor([float(a.there) for a in known])
    weights = torch.tensor([1.0 if not a.there or _first(ranker, a) else 0.4 for a in known])
    network = _network(len(DECISION))
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=1e-2)
    for _ in range(40):
        for part in torch.randperm(len(known)).split(512):
            signal = network(inputs[part]).squeeze(-1)
            loss = nn.functional.binary_cross_entropy_with_logits(
                signal, targets[part], weights[part]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return _perceptron(network, mean, scale)


def _network(size: int) -> nn.Sequential:
    torch.manual_seed(SEED)
    return nn.Sequential(nn.Linear(size, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, 1))


def _perceptron(
    network: nn.Sequential, mean: NDArray[np.float64], scale: NDArray[np.float64]
) -> Perceptron:
    first, _, last = network
    arrays = [
        p.detach().double().numpy() for p in (first.weight, first.bias, last.weight, last.bias)
    ]
    return Perceptron(mean, scale, arrays[0].T, arrays[1], arrays[2][0], float(arrays[3][0]))


def _ranked(ranker: Perceptron, asked: Asked) -> list[Candidate]:
    return rank(asked.candidates, ranker)


def _row(ranker: Perceptron, asked: Asked) -> NDArray[np.float64]:
    return decision_row(_ranked(ranker, asked), asked.terms)


def _first(ranker: Perceptron, asked: Asked) -> bool:
    if not asked.right.any():
        return False
    scores = ranker(np.stack([c.features for c in asked.candidates]))
    return bool(asked.right[int(scores.argmax())])


def _write(path: Path, model: Perceptron) -> None:
    np.savez(path, **{n: np.asarray(getattr(model, n)) for n in model.__dataclass_fields__})


if __name__ == "__main__":
    main()
