"""A reader to learn on from reads as the one that is served."""

from __future__ import annotations

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from qa.reader import FOLDER, Text, page, question_tokens, reader
from train.reader import Alone, Deciding, Together
from train.resume import resume

ASKED, TOLD = "大会在哪里举办？", ("大会将于8月25日在枣庄市举办。", "欢迎各位。")


def _untaught() -> BertModel:
    """Return a model of the reader's shape that knows nothing."""
    sizes = {"hidden_size": 384, "num_attention_heads": 12, "intermediate_size": 1536}
    return BertModel(BertConfig(vocab_size=8, **sizes), add_pooling_layer=False)


@torch.no_grad()
def test_what_is_resumed_reads_as_what_is_served() -> None:
    tokenizer, untaught = Tokenizer.from_file(str(FOLDER / "tokenizer.json")), _untaught()
    alone, together = Alone(untaught).eval(), Together(untaught).eval()
    alone.words = nn.Embedding(tokenizer.get_vocab_size(), 384)
    resume(alone, FOLDER, "alone.onnx")
    resume(together, FOLDER, "decide.onnx", "locate.onnx")
    text = Text("大会 翟军", TOLD)
    asked, known = reader().ask(ASKED), reader().know(text)
    states = alone(torch.tensor([page(tokenizer, text).tokens]))
    assert np.corrcoef(states[0].numpy().ravel(), known.states.ravel())[0, 1] > 0.99
    question = alone(torch.tensor([question_tokens(tokenizer, ASKED)]))
    odds = float(Deciding(together)(question, states)[0])
    assert abs(odds - reader().judge(asked, known).answers) < 1
