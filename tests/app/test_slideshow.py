from app.slideshow import PAUSE_MS, Slideshow


def test_it_starts_and_stops(qtbot):
    show = Slideshow()
    with qtbot.waitSignal(show.changed) as signal:
        show.toggle()
    assert signal.args == [True]
    assert show.playing
    assert show.pause.interval() == PAUSE_MS == 4000
    assert show.stop()
    assert not show.pause.isActive()
    assert not show.stop()


def test_the_pause_counts_from_when_a_photo_is_seen(qtbot):
    show = Slideshow()
    show.seen()
    assert not show.pause.isActive()
    show.toggle()
    show.wait()
    assert show.playing
    assert not show.pause.isActive()
    show.seen()
    assert show.pause.isActive()


def test_it_asks_for_the_next_photo(qtbot):
    show = Slideshow()
    show.pause.setInterval(1)
    with qtbot.waitSignal(show.next_wanted):
        show.toggle()
