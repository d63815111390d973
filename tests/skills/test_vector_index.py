import pytest

from apps.skills.vector_index import VectorIndex


def test_the_closest_skills_come_first_and_far_ones_not_at_all():
    index = VectorIndex({"near": (1.0, 0.2), "nearer": (2.0, 0.0), "far": (0.0, 3.0)})

    found = index.nearest((1.0, 0.0), limit=3)

    assert [one for one, _ in found] == ["nearer", "near"]
    assert found[0][1] == pytest.approx(1.0)


def test_only_as_many_as_asked_for_are_answered():
    index = VectorIndex({str(n): (1.0, n / 10) for n in range(5)})

    assert len(index.nearest((1.0, 0.0), limit=2)) == 2


@pytest.mark.parametrize("vectors", [{}, {"other-model": (1.0, 0.0, 0.0)}])
def test_vectors_of_another_model_are_no_neighbours(vectors):
    assert VectorIndex(vectors).nearest((1.0, 0.0), limit=3) == []


def test_a_vector_of_zeros_is_close_to_nothing():
    assert VectorIndex({"zero": (0.0, 0.0)}).nearest((1.0, 0.0), limit=3) == []
