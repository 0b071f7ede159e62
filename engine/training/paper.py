"""The paper's own SGRAF, trained by us: the baseline that the model card sets ours against.

What makes up the paper's model and its training (its sections 3.1 to 3.5 and 4.1) is as
the paper has it: one linear layer over region features, a vocabulary of the training
captions with a bidirectional GRU, a triplet loss, SGR and SAF trained apart. What differs:

- The regions are the cached cells that our own reranker sees, 64 of a grid and not 36
  detected objects, so that the figures compare networks and trainings, not detectors.
- Sizes and epochs fit two cores and some twelve minutes. At the paper's 1024 and 256 a
  pair costs 34 MFLOP for both modules (64 regions, 15 tokens) and a batch 0.55 TFLOP
  before any gradient; the paper took over 30,000 for Flickr30K. At 256 and 64 a pair
  costs 3.7 MFLOP, and about 500 batches for each module fit.
- An epoch shows each photo once, with one of its captions; five of ours are the paper's.
- Negatives are random ones. Against the hardest of a batch of 128, all similarities become
  equal first (a loss of twice the margin), which the paper's many batches overcome and our
  few hundred don't: from the start, or after two or five epochs of random ones, at rates of
  1e-3, 2e-4 and 1e-4, that is where it ended. `warm_up=0` is the paper's way.
- The rate is five times the paper's, for the same want of batches.

Letters in shapes: B pairs of a batch, R regions, C channels of a region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from engine.models.heads import ImageHeads, joined
from engine.sgraf import SimilarityConfig, SimilarityEncoder
from engine.sgraf.checkpoints import OfficialModel
from engine.sgraf.regions import RegionProjection
from engine.sgraf.text import Vocabulary, WordEncoder
from engine.training.batches import FeatureStore, shuffled
from engine.training.loop import Journal
from engine.training.losses import hardest_triplet
from engine.training.paper_step import PaperBatch, networks, telling_similarities

Module = Literal["SGR", "SAF"]
Tokens = Sequence[Sequence[int]]
MODULES: tuple[Module, Module] = ("SGR", "SAF")


@dataclass(frozen=True, slots=True)
class PaperRecipe:
    """Settings of the baseline; the paper's, except sizes, epochs and warm-up.

    Attributes:
        embed_size: D, dimensions of the joint space (paper: 1024).
        sim_dim: Dimensions of a similarity vector (paper: 256).
        word_dim: Dimensions of a word embedding.
        graph_steps: Steps of graph reasoning.
        max_tokens: Where captions are cut; a few of ours are whole stories.
        epochs: How often each photo is seen (paper: 40 times five on Flickr30K).
        batch: B, pairs of a batch.
        rate: Learning rate of Adam (paper: 2e-4).
        decay_after: Epochs after which the rate is a tenth (paper: 20 to 30).
        warm_up: First epochs, in which negatives are random (paper: 0); here all of them.
        margin: Of the triplet loss.
        clip: Greatest norm of a step's gradient.
        seed: Decides weights and batches.
    """

    embed_size: int = 256
    sim_dim: int = 64
    word_dim: int = 300
    graph_steps: int = 3
    max_tokens: int = 64
    epochs: int = 6
    batch: int = 128
    rate: float = 1e-3
    decay_after: int = 4
    warm_up: int = 6
    margin: float = 0.2
    clip: float = 2.0
    seed: int = 3

    def rate_in(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0."""
        return self.rate * (0.1 if epoch >= self.decay_after else 1.0)


def caption_tokens(vocabulary: Vocabulary, captions: Sequence[str], recipe: PaperRecipe) -> list[list[int]]:
    """Return the token ids of captions, cut after `max_tokens`."""
    return [vocabulary.encode(caption)[: recipe.max_tokens] for caption in captions]


def paper_model(
    store: FeatureStore, vocabulary: int, module: Module, recipe: PaperRecipe, path: Path = Path()
) -> OfficialModel:
    """Return an untrained model, started as the authors start theirs.

    Args:
        store: Says how many regions of how many channels a photo has.
        vocabulary: Words in the vocabulary.
        module: "SGR" or "SAF".
        recipe: Sizes and seed.
        path: The file that its weights are meant for.
    """
    torch.manual_seed(recipe.seed)
    towers, regions, cell_dim = store.features.cells.shape[-3:]
    width = towers * (cell_dim + store.features.concepts.shape[-1])
    projection = RegionProjection(width, recipe.embed_size)
    nn.init.xavier_uniform_(projection.linear.weight)
    nn.init.zeros_(projection.linear.bias)
    words = WordEncoder(vocabulary, recipe.word_dim, recipe.embed_size)
    nn.init.uniform_(words.embed.weight, -0.1, 0.1)
    config = SimilarityConfig(recipe.embed_size, recipe.sim_dim, regions, module, recipe.graph_steps)
    return OfficialModel(path, projection, words, SimilarityEncoder(config))


def train_paper(
    store: FeatureStore,
    photos: Sequence[int],
    tokens: Tokens,
    model: OfficialModel,
    recipe: PaperRecipe,
    journal: Journal,
) -> None:
    """Train one module in place on `photos`.

    The last epoch's weights stay; the authors keep the best epoch of the dev photos,
    which would make the dev photos' figures too good.

    Args:
        store: The cached features.
        photos: The photos to train on.
        tokens: Ids of every caption in the store, by caption number.
        model: From `paper_model`.
        recipe: The settings.
        journal: Where the losses of each epoch go.
    """
    trained = nn.ModuleDict(networks(model)).to(store.device)
    optimiser = torch.optim.Adam(trained.parameters(), lr=recipe.rate)
    for epoch in range(recipe.epochs):
        random = np.random.default_rng([recipe.seed, epoch])
        torch.manual_seed(recipe.seed * 1000 + epoch)
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate_in(epoch)
        trained.train()
        losses = []
        for chosen in shuffled(photos, recipe.batch, random):
            batch = draw_pairs(store, chosen, tokens, random)
            similarity = telling_similarities(model, batch, hardest=epoch >= recipe.warm_up)
            loss = hardest_triplet(similarity, recipe.margin)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(trained.parameters(), recipe.clip)
            optimiser.step()
            losses.append(loss.item() / len(chosen))
        journal.write(epoch + 1, recipe.epochs, {"loss": float(np.mean(losses))})
    trained.eval()


def draw_pairs(
    store: FeatureStore, photos: Sequence[int], tokens: Tokens, random: np.random.Generator
) -> PaperBatch:
    """Return a random view and caption of each photo.

    A caption that says left or right gets the whole photo, which is never mirrored.
    """
    features = store.features
    captions = np.array([random.choice(store.captions_of(photo)) for photo in photos])
    order = np.argsort([len(tokens[caption]) for caption in captions], kind="stable")
    captions, rows = captions[order], np.asarray(photos)[order]
    views = random.integers(features.looks, features.cells.shape[1], size=len(rows))
    views[features.mirrored[rows, views] & features.sided[captions]] = features.looks
    cells, concepts = (
        torch.from_numpy(channel[rows, views]).float() for channel in (features.cells, features.concepts)
    )
    texts = [torch.tensor(tokens[caption]) for caption in captions]
    lengths = torch.tensor([len(text) for text in texts])
    regions = joined(ImageHeads.combine(cells, concepts))
    return PaperBatch(regions, pad_sequence(texts, batch_first=True), lengths)
