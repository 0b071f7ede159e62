"""The report's folder, page and figures."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from engine.errors import KnownError
from engine.evaluation import examine, prepare_report_folder, write_report
from tests.album import draw


class Page(HTMLParser):
    """Collects the elements of a page, and fails where they aren't closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def attributes(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def written(tmp_path_factory, evaluation, tiny_models):
    return write_report(tmp_path_factory.mktemp("report"), evaluation, tiny_models)


def test_the_figures_are_all_there(written, evaluation):
    document = json.loads((written.parent / "report.json").read_text())
    assert document.items() >= evaluation.report().to_json().items()
    curve = document["curves"]["text_to_image"]
    assert [point["candidates"] for point in curve] == [1, 6]
    assert [point["candidates"] for point in document["curves"]["image_to_text"]] == [1, 10, 13]
    assert curve[0]["r1"] == document["coarse"]["text_to_image"]["r1"]
    assert curve[-1]["r1"] == document["fused"]["text_to_image"]["r1"]
    assert [point["candidates"] for point in document["latency"]] == [1, 6]
    assert all(0 < point["milliseconds"] < 10_000 for point in document["latency"])
    assert len(document["best"]) == len(document["worst"]) == 10
    assert sum(group["captions"] for group in document["lengths"]) == 13


def test_the_page_stands_alone_and_links_the_photos(written, captioned):
    text = written.read_text(encoding="utf-8")
    page = Page(text)
    assert {"script", "link", "a", "iframe"}.isdisjoint(name for name, _ in page.elements)
    assert not re.search(r"https?:|@import|url\(", text)
    assert "prefers-color-scheme: dark" in text
    assert len(page.attributes("svg")) >= 4
    for image in page.attributes("img"):
        address = urlparse(image["src"])
        assert address.scheme == "file"
        assert Path(unquote(address.path)).parent.samefile(captioned / "images")
    assert {path.name for path in written.parent.iterdir()} == {"index.html", "report.json"}


def test_every_query_marks_its_own_photo_once(written):
    sections = re.findall(r"<section>.*?</section>", written.read_text(encoding="utf-8"), re.DOTALL)
    assert len(sections) == 20
    for section in sections:
        assert section.count("class=own") == section.count("· own photo") == 1


def test_captions_and_names_are_text_not_markup(tmp_path, tiny_models):
    name = os.fsdecode(b"a <b> & \xff.jpg") if os.name == "posix" else "a & b.jpg"
    draw(tmp_path / "images" / name, 1)
    row = os.fsencode(f'image,caption\n{name},"a <script> & a ""dog"""\n')
    (tmp_path / "captions.csv").write_bytes(row)
    evaluation = examine(tiny_models, tmp_path / "images", tmp_path / "captions.csv")
    page = write_report(tmp_path, evaluation, tiny_models)
    elements = Page(page.read_text(encoding="utf-8"))
    assert not elements.attributes("script")
    assert not elements.attributes("b")
    assert 'a <script> & a "dog"' in unescape(page.read_text(encoding="utf-8"))
    address = urlparse(elements.attributes("img")[0]["src"])
    assert Path(unquote(address.path, errors="surrogateescape")).samefile(tmp_path / "images" / name)
    assert json.loads((tmp_path / "report.json").read_text())["best"][0]["photo"].endswith(name)


def test_a_new_folder_is_made_and_an_old_one_left_as_it_is(tmp_path):
    prepare_report_folder(tmp_path / "a" / "b", tmp_path / "photos")
    assert list((tmp_path / "a" / "b").iterdir()) == []
    (tmp_path / "a" / "b" / "kept").touch()
    prepare_report_folder(tmp_path / "a" / "b", tmp_path / "photos")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["kept"]


def test_an_earlier_report_is_written_over(written, tmp_path):
    prepare_report_folder(written.parent, tmp_path / "photos")
    assert {path.name for path in written.parent.iterdir()} == {"index.html", "report.json"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("index.html", b"<html><title>My site</title></html>"),
        ("index.html", b"\xff\xfe"),
        ("report.json", b'{"best": [], "mine": 1}'),
        ("report.json", b'["curves", "latency"]'),
        ("report.json", b"no JSON"),
        ("report.json", b"[" * 100_000),
        ("report.json", None),
    ],
)
def test_what_is_no_report_is_not_written_over(tmp_path, name, content):
    if content is None:
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(KnownError, match=re.escape(str(tmp_path / name)) + ": .*Choose another folder"):
        prepare_report_folder(tmp_path, tmp_path / "photos")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert content is None or (tmp_path / name).read_bytes() == content


@pytest.mark.parametrize("below", [(), ("folder",)])
def test_a_file_in_the_way_is_named(tmp_path, below):
    (tmp_path / "report").write_text("a file")
    folder = (tmp_path / "report").joinpath(*below)
    with pytest.raises(KnownError, match=re.escape(str(folder)) + ": .*(Name|Choose) a") as caught:
        prepare_report_folder(folder, tmp_path / "photos")
    assert caught.value.hint
    assert (tmp_path / "report").read_text() == "a file"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    (tmp_path / "report").mkdir(mode=0o555)
    with pytest.raises(KnownError, match="can't be written here"):
        prepare_report_folder(tmp_path / "report", tmp_path / "photos")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder where even root can't write")
def test_a_place_where_nobody_can_write_is_named(tmp_path):
    with pytest.raises(KnownError, match=r"/proc/self/fdinfo: the report can't be written here"):
        prepare_report_folder(Path("/proc/self/fdinfo"), tmp_path)


@pytest.mark.parametrize("inside", ["", "holiday/report", "../photos/report"])
def test_nothing_is_written_among_the_photos(tmp_path, inside):
    (tmp_path / "photos").mkdir()
    with pytest.raises(KnownError, match="among the photos"):
        prepare_report_folder(tmp_path / "photos" / inside, tmp_path / "photos")
    assert list((tmp_path / "photos").iterdir()) == []
