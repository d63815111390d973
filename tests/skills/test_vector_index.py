import numpy as np
import pytest

from apps.skills.vector_index import VectorIndex


def test_every_skill_gets_its_cosine_in_the_order_of_the_skills():
    index = VectorIndex([(1.0, 1.0), (2.0, 0.0), (0.0, 3.0)])

    assert index.cosines((1.0, 0.0)) == pytest.approx([0.5**0.5, 1.0, 0.0])


def test_a_skill_without_a_vector_has_no_cosine():
    found = VectorIndex([None, (2.0, 0.0)]).cosines((1.0, 0.0))

    assert found is not None
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(1.0)


@pytest.mark.parametrize("vectors", [[], [None], [(1.0, 0.0, 0.0)], [(1.0, 0.0), (1.0, 0.0, 0.0)]])
def test_vectors_of_another_model_are_not_compared(vectors):
    assert VectorIndex(vectors).cosines((1.0, 0.0)) is None


def test_a_vector_of_zeros_is_close_to_nothing():
    assert VectorIndex([(0.0, 0.0)]).cosines((1.0, 0.0)) == pytest.approx([0.0])
