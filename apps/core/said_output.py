"""How a ``Said`` is answered with, beside its English."""

from typing import Any

from rest_framework import serializers

from apps.core.said import Sentence, sentences_of


class SentenceOutput(serializers.Serializer[Any]):
    """``values`` fill the places that a console's words for the code have."""

    code = serializers.CharField()
    values = serializers.DictField()

    class Meta:
        ref_name = "Sentence"


class SaidOutput(serializers.ListField):
    """The sentences of the text in ``source``: for readers of other languages than English."""

    child = SentenceOutput()

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, data: str) -> list[Sentence]:  # type: ignore[override]  # text in
        return list(sentences_of(data))
