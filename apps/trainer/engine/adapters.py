"""Adapters in memory: the ones used last. The others wait on disk."""

from collections import OrderedDict
from collections.abc import Callable

from apps.trainer.training.adapter import Adapter


class AdapterMemory:
    """A cache that makes what it lacks, and forgets what was not asked for longest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, Adapter] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str, make: Callable[[], Adapter]) -> Adapter:
        if key not in self._kept:
            self.put(key, make())
        self._kept.move_to_end(key)
        return self._kept[key]

    def put(self, key: str, adapter: Adapter) -> None:
        self._kept[key] = adapter
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)
