"""Why a request or an answer does not go from one API into the other."""


class Untranslatable(Exception):
    """A request holds something that the provider's API has no place for.

    ``field`` says where (``messages[2].content[0]``); the text is a sentence for the caller:
    what cannot be carried, and what to do instead.
    """

    def __init__(self, field: str, says: str) -> None:
        super().__init__(f"{field}: {says}" if field else says)
        self.field = field


class UnreadableAnswer(Untranslatable):
    """A provider answered 2xx with something that is no answer of its API."""
