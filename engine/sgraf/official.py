"""The paper's evaluation on the authors' own files: checkpoints, region features, vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from engine.errors import KnownError, PackError
from engine.recall import RankedQueries, Recall, image_to_text_ranks, measure_recall, text_to_image_ranks
from engine.sgraf.checkpoints import OfficialModel, read_checkpoint
from engine.sgraf.precomp import CAPTIONS_PER_IMAGE, PrecompSplit, read_split
from engine.sgraf.text import Vocabulary
from engine.types import FloatArray
from engine.wording import counted

FOLDS = 5
_CAPTION_BLOCK = 2000  # word vectors kept at a time: about 100 MB at official sizes
_CAPTION_CHUNK = 4  # with the images below: what the caches hold
_IMAGE_CHUNK = 32


@dataclass(frozen=True, slots=True)
class OfficialReport:
    """What the paper's tables show.

    Attributes:
        images: Images searched.
        captions: Captions searched, five per image.
        text_to_image: Image retrieval.
        image_to_text: Caption retrieval.
    """

    images: int
    captions: int
    text_to_image: Recall
    image_to_text: Recall

    @property
    def rsum(self) -> float:
        """The sum of the six recalls."""
        return self.text_to_image.total + self.image_to_text.total

    def to_json(self) -> dict[str, object]:
        """Return the report as a JSON object."""
        return {
            "images": self.images,
            "captions": self.captions,
            "text_to_image": self.text_to_image.to_json(),
            "image_to_text": self.image_to_text.to_json(),
            "rsum": self.rsum,
        }


def evaluate_official(
    checkpoints: Sequence[Path],
    features: Path,
    vocab: Path,
    split: str,
    *,
    fold5: bool = False,
    progress: Callable[[int, int], None] | None = None,
    device: str = "cpu",
) -> OfficialReport:
    """Evaluate checkpoints as the authors do; several are averaged (SGR and SAF make SGRAF).

    Args:
        checkpoints: One or more of the authors' checkpoints.
        features: Folder of `{split}_caps.txt` and `{split}_ims.npy`.
        vocab: The vocabulary JSON that the checkpoints were trained with.
        split: "test", "testall" or "dev".
        fold5: Give the mean over five equal folds (COCO "1K").
        progress: Called with the pairs scored so far and in all.
        device: Where to compute.

    Raises:
        KnownError: A file is missing, damaged, or doesn't fit the others.
    """
    if not checkpoints:
        raise KnownError("no checkpoint was given.", hint="Give one checkpoint, or two to average them.")
    vocabulary = Vocabulary.read(vocab)
    models = [read_checkpoint(path).to(device) for path in checkpoints]
    gallery = read_split(features, split)
    for model in models:
        _check_fit(model, vocabulary, gallery)
    folds = _folds(len(gallery.regions), FOLDS if fold5 else 1, gallery.path)
    counter = _Counter(progress, len(models) * sum(_pairs(fold) for fold in folds))
    results = [_evaluate_fold(models, gallery, fold, vocabulary, counter) for fold in folds]
    text_to_image, image_to_text = map(measure_recall, zip(*results, strict=True))
    return OfficialReport(len(gallery.regions), len(gallery.captions), text_to_image, image_to_text)


@torch.inference_mode()
def score_all(
    model: OfficialModel,
    regions: NDArray[np.floating],
    tokens: Sequence[Sequence[int]],
    count: Callable[[int], None] = lambda pairs: None,
) -> FloatArray:
    """Return the similarity (I, C) of all images with all captions.

    Captions are taken in order of length, so that little is padded. Word vectors are
    kept for a block of captions only and images are projected anew for each block:
    that is cheap beside the scoring, and memory doesn't grow with the split.

    Args:
        model: Where its weights are is where it is computed.
        regions: (I, R, img_dim).
        tokens: Ids of the C captions.
        count: Called with the number of pairs just scored.
    """
    scores = np.empty((len(regions), len(tokens)), dtype=np.float32)
    order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
    for block in _chunks(order, _CAPTION_BLOCK):
        batches = [_CaptionBatch.of(model, tokens, chunk) for chunk in _chunks(block, _CAPTION_CHUNK)]
        for images in _slices(len(regions), _IMAGE_CHUNK):
            vectors = model.regions(_tensor(regions[images]).to(model.device))
            globals_ = model.similarity.region_globals(vectors)
            for batch in batches:
                scores[images, batch.columns] = batch.score(model, vectors, globals_).cpu().numpy()
            count(len(vectors) * len(block))
    return scores


@dataclass(frozen=True, eq=False)
class _CaptionBatch:
    """Encoded captions of similar length.

    Attributes:
        columns: Their places among all captions.
        words: (C, L, D) padded.
        lengths: (C,).
        globals_: (C, D).
    """

    columns: list[int]
    words: Tensor
    lengths: Tensor
    globals_: Tensor

    @classmethod
    def of(cls, model: OfficialModel, tokens: Sequence[Sequence[int]], columns: list[int]) -> _CaptionBatch:
        """Encode the captions at `columns`."""
        rows = [torch.tensor(tokens[column]) for column in columns]
        lengths = torch.tensor([len(row) for row in rows]).to(model.device)
        words = model.words(pad_sequence(rows, batch_first=True).to(model.device), lengths)
        return cls(columns, words, lengths, model.similarity.word_globals(words, lengths))

    def score(self, model: OfficialModel, vectors: Tensor, globals_: Tensor) -> Tensor:
        """Return the similarities (P, C) with images of these region and global vectors."""
        similarity: Tensor = model.similarity(
            vectors, self.words, self.lengths, region_globals=globals_, word_globals=self.globals_
        )
        return similarity


class _Counter:
    """Adds up what has been done, and says so."""

    def __init__(self, progress: Callable[[int, int], None] | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def __call__(self, pairs: int) -> None:
        self._done += pairs
        if self._progress is not None:
            self._progress(self._done, self._total)


def _evaluate_fold(
    models: Sequence[OfficialModel],
    gallery: PrecompSplit,
    fold: slice,
    vocabulary: Vocabulary,
    counter: _Counter,
) -> tuple[RankedQueries, RankedQueries]:
    """Return the captions and the images, each ranked as queries within one fold of the images."""
    captions = gallery.captions[fold.start * CAPTIONS_PER_IMAGE : fold.stop * CAPTIONS_PER_IMAGE]
    tokens = [vocabulary.encode(caption) for caption in captions]
    similarity = np.zeros((fold.stop - fold.start, len(captions)), dtype=np.float32)
    for model in models:
        similarity += score_all(model, gallery.regions[fold], tokens, counter) / len(models)
    images = np.arange(len(similarity))
    return (
        RankedQueries(text_to_image_ranks(similarity), images.repeat(CAPTIONS_PER_IMAGE)),
        RankedQueries(image_to_text_ranks(similarity), images),
    )


def _check_fit(model: OfficialModel, vocabulary: Vocabulary, gallery: PrecompSplit) -> None:
    if model.words.embed.num_embeddings != len(vocabulary):
        raise PackError(
            f"the vocabulary has {len(vocabulary)} words, "
            f"but the checkpoint {model.path.name} was trained with {model.words.embed.num_embeddings}.",
            path=vocabulary.path,
            hint="Choose the vocabulary of the checkpoint's data set.",
        )
    expected = (model.similarity.config.regions, model.regions.linear.in_features)
    if gallery.regions.shape[1:] != expected:
        found = "{} regions of {} dimensions".format(*gallery.regions.shape[1:])
        raise KnownError(
            f"{found} per image, but the checkpoint {model.path.name} takes {expected[0]} of {expected[1]}.",
            path=gallery.path,
            hint="Choose the features that the checkpoint was trained with.",
        )


def _folds(images: int, count: int, path: Path) -> list[slice]:
    if images % count:
        raise KnownError(
            f"{counted(images, 'image')} can't be split into {count} equal folds.",
            path=path,
            hint="Leave out --fold5; it is meant for COCO's testall.",
        )
    return list(_slices(images, images // count))


def _pairs(fold: slice) -> int:
    images: int = fold.stop - fold.start
    return images * images * CAPTIONS_PER_IMAGE


def _slices(total: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, total)) for start in range(0, total, size))


def _chunks(order: list[int], size: int) -> Iterator[list[int]]:
    return (order[chunk] for chunk in _slices(len(order), size))


def _tensor(rows: NDArray[np.floating]) -> Tensor:
    return torch.from_numpy(np.array(rows, dtype=np.float32))
