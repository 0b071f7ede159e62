from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import nn

from engine.models import precision
from engine.models.heads import AttentionPool, ImageHeads
from engine.models.image_backbone import ImageBackbone
from engine.models.text_backbone import TextBackbone, WordReader
from tests.packs import TINY, tiny_tokenizer


def _reader(seed: int = 0) -> WordReader:
    torch.manual_seed(seed)
    backbone = TextBackbone(
        vocab=TINY.text_vocab, dim=16, layers=1, heads=2, hidden=32, positions=TINY.text_positions
    )
    return WordReader(tiny_tokenizer(), backbone.eval(), max_words=TINY.max_words)


def test_a_word_is_the_mean_of_its_pieces() -> None:
    reader = _reader()
    pieces = tiny_tokenizer().encode("ab c")
    with torch.inference_mode():
        states = reader._backbone(
            torch.tensor([pieces.ids]), torch.ones(1, len(pieces.ids), dtype=torch.bool)
        )
    read = reader.read(["ab c"])
    torch.testing.assert_close(read.vectors[0, 0], states[0, 1:3].mean(0))
    torch.testing.assert_close(read.vectors[0, 1], states[0, 3])
    assert read.texts == (("ab", "c"),)


def test_short_captions_are_padded_with_zeros_and_masked() -> None:
    read = _reader().read(["a b c", "a"])
    assert read.mask.tolist() == [[True, True, True], [True, False, False]]
    assert not read.vectors[1, 1:].any()


def test_no_more_positions_are_asked_for_than_there_are() -> None:
    reader, long = _reader(), "a " * TINY.text_positions
    uneven = TINY.text_positions - 5
    torch.testing.assert_close(
        reader.states([long], multiple=uneven).vectors[:, : TINY.max_words], reader.read([long]).vectors
    )


def test_concepts_are_a_mixture_of_the_class_names() -> None:
    torch.manual_seed(0)
    backbone = ImageBackbone(TINY.backbone, classes=3, concept_dim=2).eval()
    backbone.concept_names.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    with torch.inference_mode():
        cells, concepts = backbone(torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8))
        classes = backbone.network.classifier(cells).softmax(-1)
    assert cells.shape == (2, 4, TINY.cell_dim)
    torch.testing.assert_close(concepts, classes @ backbone.concept_names)


def test_cells_follow_the_grid_rows_first() -> None:
    """A bright patch in the top right corner changes the second cell most."""
    torch.manual_seed(0)
    backbone = ImageBackbone(TINY.backbone, classes=3, concept_dim=2).eval()
    photo = torch.full((1, 64, 64, 3), 100, dtype=torch.uint8)
    marked = photo.clone()
    marked[:, :12, 52:] = 255
    with torch.inference_mode():
        change = (backbone(marked)[0] - backbone(photo)[0]).norm(dim=-1)[0]
    assert change.argmax() == 1


def test_masked_positions_do_not_enter_the_pool() -> None:
    torch.manual_seed(0)
    pool = AttentionPool(8, 6, 2, 5).eval()
    vectors = torch.randn(1, 3, 8)
    padded = torch.cat([vectors, torch.randn(1, 4, 8) * 100], dim=1)
    mask = torch.tensor([[True] * 3 + [False] * 4])
    torch.testing.assert_close(pool(padded, mask), pool(vectors))


def test_region_vectors_have_length_one_and_know_their_place() -> None:
    heads = small_heads(towers=1)
    torch.nn.init.normal_(heads.region_position)
    same = torch.randn(1, 1, 1, 10).expand(1, 1, 4, 10)
    regions = heads.regions(same)
    torch.testing.assert_close(regions.norm(dim=-1), torch.ones(1, 4))
    assert (regions[0, 0] - regions[0, 1]).abs().max() > 0.01


@pytest.mark.parametrize("towers", [1, 2])
def test_a_region_is_made_of_what_its_towers_see_in_its_cell(towers: int) -> None:
    heads, seen = small_heads(towers), torch.randn(1, 2, 4, 10)
    before = heads.regions(seen)
    for tower in range(2):
        changed = seen.clone()
        changed[0, tower, 2] += torch.randn(10)
        moved = (heads.regions(changed) - before).abs().amax(-1)[0] > 1e-4
        assert moved.tolist() == [False, False, tower < towers, False]


def small_heads(towers: int) -> ImageHeads:
    torch.manual_seed(0)
    sizes = {"cell_dim": 6, "concept_dim": 4, "regions": 4, "head_dim": 8, "queries": 1, "embed_dim": 5}
    return ImageHeads(**sizes, joint_dim=7, query_bank=3, towers=towers).eval()


def test_measuring_the_precision_leaves_the_network_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "_chosen", {})  # else another test has measured
    backbone = ImageBackbone(TINY.backbone, classes=3, concept_dim=2).eval()
    before = backbone.network.classifier.weight.clone()
    dtype = precision.fastest_dtype(backbone, torch.zeros(1, 64, 64, 3, dtype=torch.uint8))
    assert dtype in (torch.float32, torch.bfloat16)
    assert backbone.network.classifier.weight.dtype == torch.float32
    assert torch.equal(backbone.network.classifier.weight, before)


class Timed(nn.Module):
    """A network whose passes take seconds of a clock of their own, three times as many while it is busy."""

    now, passes = 0.0, 0

    def __init__(self, half: float, busy: range) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.half, self.busy = half, busy

    def forward(self, photos: torch.Tensor) -> torch.Tensor:
        seconds = self.half if self.weight.dtype == torch.bfloat16 else 1.0
        Timed.now += seconds * (3 if Timed.passes in self.busy else 1)
        Timed.passes += 1
        return photos


@pytest.mark.parametrize("busy", [range(0), range(4), range(4, 99)], ids=["never", "first", "later"])
@pytest.mark.parametrize(
    ("half", "fastest"), [(0.5, torch.bfloat16), (0.95, torch.float32), (1.5, torch.float32)]
)
def test_the_faster_format_is_found_whenever_the_machine_is_busy(
    half: float, fastest: torch.dtype, busy: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "_chosen", {})
    monkeypatch.setattr(Timed, "now", 0.0)
    monkeypatch.setattr(Timed, "passes", 0)
    monkeypatch.setattr("time.perf_counter", lambda: Timed.now)
    assert precision.fastest_dtype(Timed(half, busy), torch.zeros(1)) == fastest
    assert Timed.passes < 16


def test_open_clip_and_timm_import_beside_this_torch() -> None:
    code = (
        "from engine.models.torchvision_compat import import_torchvision as go; go(); go();"
        "import open_clip, timm; print('ok')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ok"
