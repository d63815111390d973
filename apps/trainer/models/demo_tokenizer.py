"""The demo model's tokenizer: bytes, a few common words, and the marks of a conversation."""

from tokenizers import AddedToken, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from apps.trainer.models.demo_template import CHAT_TEMPLATE

VOCABULARY = 512
END, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
PAD = END
_SPECIAL = (END, TURN_START, TURN_END)
# Byte-level BPE writes a leading space as this letter.
_SPACE = "Ġ"
_WORDS = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "it",
    "you",
    "that",
    "for",
    "on",
    "are",
    "with",
    "as",
    "be",
    "this",
    "have",
    "from",
    "or",
    "one",
    "had",
    "by",
    "word",
    "but",
    "not",
    "what",
    "all",
    "were",
    "we",
    "when",
    "your",
    "can",
    "said",
    "there",
    "use",
    "an",
    "each",
    "which",
    "she",
    "do",
    "how",
    "their",
    "if",
    "will",
    "up",
    "other",
    "about",
    "out",
    "many",
    "then",
    "them",
    "these",
    "so",
    "some",
    "her",
    "would",
    "make",
    "like",
    "him",
    "into",
    "time",
    "has",
    "look",
    "two",
    "more",
    "write",
    "go",
    "see",
    "number",
    "no",
    "way",
    "could",
    "people",
    "my",
    "than",
    "first",
    "been",
    "call",
    "who",
    "its",
    "now",
    "find",
    "long",
    "down",
    "day",
    "did",
    "get",
    "come",
    "made",
    "may",
    "part",
    "system",
    "user",
    "assistant",
    "tool",
    "name",
    "content",
    "role",
    "hello",
    "answer",
    "question",
    "please",
    "yes",
    "step",
    "error",
    "file",
]


def demo_tokenizer() -> PreTrainedTokenizerFast:
    """The same tokenizer every time, trained on nothing."""
    vocabulary, merges = _vocabulary()
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(mark, normalized=False) for mark in _SPECIAL])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=TURN_END,
        pad_token=PAD,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )


def _vocabulary() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Every byte, then words grown letter by letter until the vocabulary is full."""
    vocabulary = {letter: i for i, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    merges: list[tuple[str, str]] = []
    room = VOCABULARY - len(_SPECIAL)
    for word in _WORDS:
        grown = _SPACE
        for letter in word:
            longer = grown + letter
            if longer not in vocabulary and len(vocabulary) < room:
                merges.append((grown, letter))
                vocabulary[longer] = len(vocabulary)
            grown = longer
    return vocabulary, merges
