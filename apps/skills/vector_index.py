"""How close skills are to a request in meaning: exact, in memory, one matrix product."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


class VectorIndex:
    """Unit vectors of a library's skills, in the order of the skills; some may have none.

    Exact search: right for any number of skills that a prompt is chosen from, and a few
    microseconds for hundreds of them.
    """

    def __init__(self, vectors: Sequence[Sequence[float] | None]) -> None:
        given = [(number, vector) for number, vector in enumerate(vectors) if vector is not None]
        if len({len(vector) for _, vector in given}) > 1:
            # Vectors of two models at once: nothing is compared until all are of one.
            given = []
        self._count = len(vectors)
        self._rows = np.array([number for number, _ in given], dtype=np.int64)
        matrix = np.array([vector for _, vector in given], dtype=np.float32)
        self._matrix = unit(matrix) if given else matrix.reshape(0, 0)

    def cosines(self, query: Sequence[float]) -> Matrix | None:
        """The cosine of each skill, NaN for one without a vector.

        None where there is nothing to compare with: no vectors, or those of another model.
        """
        vector = np.array(query, dtype=np.float32)
        if not len(self._rows) or vector.shape[0] != self._matrix.shape[1]:
            return None
        found = np.full(self._count, np.nan, dtype=np.float32)
        found[self._rows] = self._matrix @ unit(vector[np.newaxis, :])[0]
        return found


def unit(matrix: Matrix) -> Matrix:
    """The rows at length one; a row of zeros stays as it is."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    found: Matrix = matrix / np.maximum(lengths, 1e-12)
    return found
