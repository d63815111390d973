"""Which skills are close to a request in meaning: exact, in memory, one matrix product."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

DEFAULT_THRESHOLD = 0.5
Matrix = npt.NDArray[np.float32]


class VectorIndex:
    """Unit vectors of a tenant's live skills. Exact search: right for any number of skills
    that a prompt is chosen from, and a few microseconds for hundreds of them."""

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self._ids = sorted(vectors)
        matrix = np.array([vectors[one] for one in self._ids], dtype=np.float32)
        self._matrix = _unit(matrix) if self._ids else matrix

    def nearest(
        self, query: Sequence[float], *, limit: int, threshold: float = DEFAULT_THRESHOLD
    ) -> list[tuple[str, float]]:
        """(version id, cosine) of the closest skills above the threshold, closest first."""
        vector = np.array(query, dtype=np.float32)
        if not self._ids or vector.shape[0] != self._matrix.shape[1]:
            # The endpoint's model changed and the skills' vectors are not made anew yet.
            return []
        cosines = self._matrix @ _unit(vector[np.newaxis, :])[0]
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self._ids[i], float(cosines[i])) for i in best if cosines[i] >= threshold]


def _unit(matrix: Matrix) -> Matrix:
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: Matrix = matrix / np.maximum(lengths, 1e-12)
    return unit
