"""Words and meaning in one score.

A skill is as close as its vector is to the request's, less what the request shares with everyday
life, and more for what both say in the same words. Weights and thresholds were chosen on the
``dev`` part of the labelled set (``bench/retrieval``), never on its ``test`` part.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from apps.skills.meaning import Meaning
from apps.skills.vector_index import Matrix

Values = npt.NDArray[np.float64]

ORDINARY_WEIGHT: Final = 0.4
WORDS_WEIGHT: Final = 0.1
# The closeness at which a skill begins to fit, and how the score grows from there.
FITS_FROM: Final = 0.25
STEEPNESS: Final = 2.0
# A skill whose score is this much lower than the best one's is left out.
MARGIN: Final = 0.35


def scores(in_words: Values, cosines: Matrix, meaning: Meaning, *, least: float) -> Values:
    """0 to 1 for every skill; ``least`` is what a skill that just fits gets.

    A skill that has no vector yet is judged by its words alone.
    """
    close = meaning.scale.read(cosines) - ORDINARY_WEIGHT * meaning.ordinary
    close = close + WORDS_WEIGHT * in_words
    found = np.clip(least + STEEPNESS * (close - FITS_FROM), 0.0, 1.0)
    return np.where(np.isnan(cosines), in_words, found)
