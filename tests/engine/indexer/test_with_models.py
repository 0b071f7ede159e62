"""Indexing with a real model pack, from files to what a search reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.image import read_photo
from engine.indexer import Indexer
from engine.library import Library
from engine.models import Models
from tests.engine.pictures import write_pictures


def test_a_pack_fills_the_library_with_what_a_search_reads(
    library: Library, tmp_path: Path, tiny_models: Models
) -> None:
    paths = write_pictures(tmp_path / "p", 11)
    report = Indexer(library, tiny_models, workers=2).run([tmp_path / "p"])
    assert report.added == 11
    pack = tiny_models.pack
    photo_ids, content_ids, _ = library.gallery_rows(pack.pack_id)
    assert len(photo_ids) == 11
    ids, embeddings = library.embeddings(pack.pack_id)
    assert embeddings.shape == (11, pack.embed_dim)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-3)
    photo = library.find(paths[3])
    assert photo is not None
    content = content_ids[photo_ids.tolist().index(photo.id)]
    expected = pack.encode_images([pack.prepare(read_photo(paths[3]).image)])
    np.testing.assert_allclose(embeddings[ids.tolist().index(content)], expected.embeddings[0], atol=5e-3)
    codes = library.region_codes(photo_ids.tolist(), pack.pack_id)
    assert len(codes) == 11
    assert expected.regions is not None
    assert {len(code) for code in codes.values()} == {len(expected.regions[0])}
    again = Indexer(library, tiny_models, workers=2).run([tmp_path / "p"])
    assert again.unchanged == 11
