from __future__ import annotations

from importlib.util import find_spec

import pytest
import torch
from tokenizers import Tokenizer

from engine.models.text_backbone import WordReader
from engine.training.__main__ import STAGES, main
from engine.training.sources import (
    CONFIG,
    IMAGE_PACKAGE,
    SECOND_PACKAGE,
    TEXT_PACKAGE,
    Pretrained,
    _package,
)

pretrained = pytest.mark.skipif(
    not all(map(find_spec, (TEXT_PACKAGE, IMAGE_PACKAGE, SECOND_PACKAGE))),
    reason="needs the extra “train”: pip install --editable '.[train]'",
)


def test_the_command_explains_its_stages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(stage in said for stage in STAGES)


@pytest.mark.parametrize("arguments", [["bake", "--data", "x"], ["coarse"], []])
def test_a_mistyped_line_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_package_that_is_missing_is_named_with_the_line_that_installs_it() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"no_such_package.*sgraffito\[train\]"):
        _package("no_such_package")


@pretrained
def test_the_text_backbone_is_minilm() -> None:
    """Its sentence embeddings order meanings as the original does."""
    sources = Pretrained()
    reader = WordReader(
        Tokenizer.from_file(str(sources.tokenizer)), sources.text(), max_words=CONFIG.max_words
    )
    states = reader.read(["a dog runs", "a puppy is running", "a red car"])
    sentences = (states.vectors * states.mask[..., None]).sum(1) / states.mask.sum(1, keepdim=True)
    dog, puppy, car = torch.nn.functional.normalize(sentences, dim=-1)
    assert dog @ puppy > 0.6 > 0.4 > dog @ car


@pretrained
def test_the_image_backbone_knows_its_concepts_by_name() -> None:
    backbone = Pretrained().image()
    names = backbone.concept_names
    assert names.shape == (CONFIG.concepts, CONFIG.text_dim)
    torch.testing.assert_close(names.norm(dim=-1), torch.ones(CONFIG.concepts))
    tabby, tiger_cat, fire_engine = names[281], names[282], names[555]
    assert tabby @ tiger_cat > tabby @ fire_engine


@pretrained
def test_the_second_image_backbone_gives_cells_as_the_first_one_does() -> None:
    side = CONFIG.second_size
    cells, concepts = Pretrained().second()(torch.zeros(1, side, side, 3, dtype=torch.uint8))
    assert cells.shape == (1, CONFIG.regions, CONFIG.cell_dim)
    assert concepts.shape == (1, CONFIG.regions, CONFIG.text_dim)
