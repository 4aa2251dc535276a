from hypothesis import given
from hypothesis import strategies as st

from dip.definitions.rules import shapes

places = st.tuples(st.floats(3.4, 7.2), st.floats(50.7, 53.5))


def polygon(*points):
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


@given(st.lists(places, min_size=3, max_size=12), st.sampled_from([60, 250]))
def test_an_area_never_goes_whole_and_lies_within_half_a_step(points, step):
    found = shapes.on_grid(polygon(*points), step)
    assert found
    for ring in found[0]:
        assert len(ring) >= 3
        assert len(set(ring)) > 2
    assert shapes.from_json(shapes.to_json(found)) == found
    if len(found[0][0]) > 4:
        near = {(round(x / step), round(y / step)) for x, y in (shapes.project(*p) for p in points)}
        assert set(found[0][0]) <= near


def test_points_on_a_straight_line_go():
    found = shapes.on_grid(polygon((5.0, 52.0), (5.1, 52.0), (5.2, 52.0), (5.2, 52.1), (5.0, 52.1)), 250)
    assert len(found[0][0]) == 4


def test_neighbours_share_their_border():
    left = shapes.on_grid(polygon((5.0, 52.0), (5.1234, 52.01), (5.1177, 52.1), (5.0, 52.1)), 250)[0][0]
    right = shapes.on_grid(polygon((5.1234, 52.01), (5.3, 52.0), (5.3, 52.1), (5.1177, 52.1)), 250)[0][0]
    assert len(set(left) & set(right)) == 2


def test_the_scale_is_true_enough():
    east, north = shapes.project(4.9, 52.37)
    to_east, to_north = shapes.project(5.69, 50.85)
    assert abs(((east - to_east) ** 2 + (north - to_north) ** 2) ** 0.5 - 177_500) < 2_500


def test_an_island_smaller_than_a_step_is_a_square():
    tiny = polygon((5.0, 52.0), (5.0001, 52.0), (5.0001, 52.0001))
    assert shapes.doubled_area(shapes.on_grid(tiny, 250)[0][0]) == 2
