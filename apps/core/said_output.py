"""How a ``Said`` is answered with, beside its English."""

from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from apps.core.said import Said, Sentence, sentences_of


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


def unfit(said: str, *, field: str = "") -> serializers.ValidationError:
    """What a field of a request is refused with, or another one than where it is raised.

    DRF writes every complaint anew as it gathers them and keeps its code alone: the sentences go
    there.
    """
    return serializers.ValidationError({field: [said]} if field else said, code=said)


class PatternField(serializers.RegexField):
    """A text of a form; ``said`` to whoever writes it otherwise."""

    def __init__(self, regex: str, *, said: Said, **options: Any) -> None:
        super().__init__(regex, error_messages={"invalid": said}, **options)
        pattern = self.validators[-1]
        assert isinstance(pattern, RegexValidator)
        # As for ``unfit``.
        pattern.code = said


def complaints_said(complaints: Any) -> Any:
    """``fields`` of an error once more, with its sentences in the place of each text."""
    if isinstance(complaints, dict):
        return {name: complaints_said(inner) for name, inner in complaints.items()}
    if isinstance(complaints, list | tuple):
        return [complaints_said(inner) for inner in complaints]
    told = complaints.code if isinstance(complaints, ErrorDetail) else complaints
    return told.sentences if isinstance(told, Said) else ()
