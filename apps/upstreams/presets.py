"""Providers as data: where they are, what they speak, how they want to know their caller.

A preset saves typing; every field of a connection can still be its own. ``openai`` and
``anthropic`` also stand for any provider that is compatible with theirs.
"""

from dataclasses import dataclass
from typing import Literal

from apps.core.said import say

Auth = Literal["bearer", "x-api-key", "api-key", "none"]
Paths = Literal["plain", "azure"]
# policy: asked through the policy process, which notes what was sampled in tokens.
Through = Literal["", "policy"]
# max_tokens: knows the limit of an answer under its old name alone, and ignores the new one.
Quirk = Literal["max_tokens"]


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of provider. ``base_url`` is empty or holds ``<…>`` where it has to be given."""

    kind: str
    title: str
    base_url: str
    dialects: tuple[str, ...] = ("openai",)
    auth: Auth = "bearer"
    paths: Paths = "plain"
    # Usually on the operator's own network: reachable only where that is allowed.
    is_private: bool = False
    hint: str = ""
    # What requests that we write ourselves (translated ones) have to heed.
    quirks: tuple[Quirk, ...] = ()
    through: Through = ""
    # Where its OpenAI-compatible API is, beneath the base URL.
    beneath: str = ""
    # Whether a workspace's first connection answers everything that no route leads elsewhere. A
    # trainer knows its own models alone: they are reached by the routes that checkpoints have.
    answers_all: bool = True


PRESETS = (
    Preset("openai", "OpenAI, or compatible with it", "https://api.openai.com/v1"),
    Preset(
        "anthropic",
        "Anthropic, or compatible with it",
        "https://api.anthropic.com",
        ("anthropic",),
        "x-api-key",
    ),
    Preset(
        "kimi",
        "Kimi (Moonshot)",
        "https://api.moonshot.ai/v1",
        hint=say("preset_kimi", "Accounts of platform.moonshot.cn: https://api.moonshot.cn/v1."),
    ),
    Preset(
        "qwen",
        "Qwen (DashScope)",
        "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        hint=say(
            "preset_qwen", "Accounts in China: https://dashscope.aliyuncs.com/compatible-mode/v1."
        ),
    ),
    Preset(
        "minimax",
        "MiniMax",
        "https://api.minimax.io/v1",
        hint=say("preset_minimax", "Accounts in China: https://api.minimaxi.com/v1."),
    ),
    Preset("gemini", "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    Preset("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
    Preset(
        "azure-openai",
        "Azure OpenAI",
        "https://<resource>.openai.azure.com?api-version=2024-10-21",
        auth="api-key",
        paths="azure",
        hint=say(
            "preset_azure",
            "The model's name is the name of the deployment. An address that ends in /openai/v1"
            " is Azure's newer API, without deployments in its paths.",
        ),
    ),
    Preset(
        "bedrock",
        "Amazon Bedrock (OpenAI-compatible)",
        "https://bedrock-runtime.<region>.amazonaws.com/openai/v1",
        hint=say(
            "preset_bedrock",
            "The key is a Bedrock API key. The newer endpoint is https://bedrock-mantle.<region>.api.aws/v1.",
        ),
    ),
    # Both take by themselves the ports that the console and the gateway have.
    Preset(
        "vllm",
        "vLLM",
        "http://127.0.0.1:<port>/v1",
        is_private=True,
        hint=say(
            "preset_vllm",
            "vLLM listens on 8000 unless told otherwise; beside this console give it another.",
        ),
    ),
    Preset(
        "sglang",
        "SGLang",
        "http://127.0.0.1:<port>/v1",
        is_private=True,
        hint=say(
            "preset_sglang",
            "SGLang listens on 30000 unless told otherwise; beside this gateway give it another.",
        ),
    ),
    # https://github.com/ollama/ollama/issues/7125
    Preset(
        "ollama",
        "Ollama",
        "http://127.0.0.1:11434/v1",
        is_private=True,
        hint=say("preset_ollama", "Needs no key."),
        quirks=("max_tokens",),
    ),
    Preset(
        "tinker",
        "Tinker",
        "https://tinker.thinkingmachines.dev/services/tinker-prod/oai/api/v1",
        hint=say("preset_tinker", "The model's name is the path of a checkpoint."),
        answers_all=False,
    ),
    Preset(
        "tinker-policy",
        "Tinker policy (tokens recorded)",
        "https://tinker.thinkingmachines.dev/services/tinker-prod",
        hint=say(
            "preset_policy",
            "For models that learn: every answer is kept with its tokens. The model's name is a"
            " base model or the path of a checkpoint. The local trainer: http://127.0.0.1:30003.",
        ),
        through="policy",
        beneath="/oai/api/v1",
        answers_all=False,
    ),
    # Wired by the installation; nobody sets one up.
    Preset("practice", "Practice model (simulated)", "", ("openai", "anthropic")),
)
BY_KIND = {preset.kind: preset for preset in PRESETS}
KINDS = [preset.kind for preset in PRESETS if preset.kind != "practice"]
DIALECTS = ("openai", "anthropic", "responses")
# OpenAI itself also has the API that came after chat completions.
_WITH_RESPONSES = frozenset({"https://api.openai.com"})


def dialects_of(kind: str, origin: str) -> tuple[str, ...]:
    """What a provider of this kind at this origin speaks, unless its connection says so."""
    spoken = BY_KIND[kind].dialects
    return (*spoken, "responses") if origin in _WITH_RESPONSES else spoken
