from app.contours import contour

HIGH, LOW = 255, 0


def test_nothing_high_has_no_line():
    assert contour([[LOW] * 4] * 4, 127.5) == []


def test_one_high_point_has_a_closed_line_around_it():
    rows = [[LOW] * 5 for _ in range(5)]
    rows[2][3] = HIGH
    (line,) = contour(rows, 127.5)
    assert line[0] == line[-1]
    assert set(line) == {(3.0, 2.5), (4.0, 2.5), (3.5, 2.0), (3.5, 3.0)}


def test_two_places_have_two_lines():
    rows = [[LOW] * 9 for _ in range(3)]
    rows[1][1] = rows[1][7] = HIGH
    assert len(contour(rows, 127.5)) == 2


def test_places_that_touch_at_a_corner_are_told_apart_or_joined_but_closed():
    rows = [[LOW, HIGH], [HIGH, LOW]]
    assert all(line[0] == line[-1] for line in contour(rows, 127.5))


def test_the_line_runs_nearer_to_the_lower_value():
    rows = [[LOW] * 3, [LOW, HIGH, 100], [LOW] * 3]
    (line,) = contour(rows, 127.5)
    assert max(x for x, _ in line) > 2.2


def test_what_is_bright_at_the_border_is_closed_along_it():
    (line,) = contour([[HIGH] * 4] * 3, 127.5)
    assert line[0] == line[-1]
    assert min(x for x, _ in line) < 0.5
    assert max(y for _, y in line) > 2.5
