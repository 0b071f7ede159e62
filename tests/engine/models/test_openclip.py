from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import PackError
from engine.models import load_models
from engine.models.openclip import OpenClipEncoder
from engine.models.torchvision_compat import import_torchvision

TINY_CLIP: dict[str, Any] = {
    "embed_dim": 20,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}


@pytest.fixture(scope="module")
def open_clip() -> Any:
    import_torchvision()
    import open_clip

    return open_clip


@pytest.fixture(scope="module")
def checkpoint(open_clip: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny open_clip model of random weights, registered under a name of its own."""
    folder = tmp_path_factory.mktemp("clip")
    (folder / "sgraffito-tiny.json").write_text(json.dumps(TINY_CLIP))
    open_clip.add_model_config(folder)
    torch.manual_seed(0)
    model = open_clip.create_model("sgraffito-tiny")
    torch.save(model.state_dict(), folder / "tiny.pt")
    return Path(folder / "tiny.pt")


@pytest.fixture(scope="module")
def local_folder(open_clip: Any, checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local")
    config = {"model_cfg": TINY_CLIP, "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    torch.save(torch.load(checkpoint, weights_only=True), folder / "open_clip_pytorch_model.bin")
    return folder


def _encode(source: str) -> tuple[OpenClipEncoder, np.ndarray]:
    encoder = OpenClipEncoder(source)
    prepared = [encoder.prepare(Image.new("RGB", (64, 48), c)) for c in ("red", "blue")]
    return encoder, encoder.encode_images(prepared).embeddings


def test_a_name_and_checkpoint_encode_photos_and_captions(checkpoint: Path) -> None:
    encoder, photos = _encode(f"sgraffito-tiny={checkpoint}")
    captions = encoder.encode_text(["a red photo", "something else"])
    assert photos.shape == captions.embeddings.shape == (2, 20)
    np.testing.assert_allclose(np.linalg.norm(photos, axis=1), 1, rtol=1e-5)
    assert captions.words is None
    assert encoder.embed_dim == 20


def test_embeddings_are_open_clips_own(open_clip: Any, checkpoint: Path) -> None:
    encoder, photos = _encode(f"sgraffito-tiny={checkpoint}")
    model, _, transform = open_clip.create_model_and_transforms("sgraffito-tiny", pretrained=str(checkpoint))
    with torch.inference_mode():
        pixels = torch.stack([transform(Image.new("RGB", (64, 48), c)) for c in ("red", "blue")])
        expected = torch.nn.functional.normalize(model.eval().encode_image(pixels), dim=-1)
    np.testing.assert_allclose(photos, expected.numpy(), atol=1e-5)
    assert encoder.encode_images([]).regions is None


def test_a_local_folder_works_too(local_folder: Path) -> None:
    encoder, photos = _encode(f"local-dir:{local_folder}")
    assert photos.shape == (2, 20)
    assert encoder.encode_text([]).embeddings.shape == (0, 20)


@pytest.mark.skipif(sys.platform == "win32", reason="the home folder is not in HOME there")
@pytest.mark.parametrize("source", ["sgraffito-tiny=~/tiny.pt", "local-dir:~/local"])
def test_the_home_folder_may_be_written_as_a_tilde(
    source: str, checkpoint: Path, local_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "tiny.pt").symlink_to(checkpoint)
    (tmp_path / "local").symlink_to(local_folder)
    assert OpenClipEncoder(source).embed_dim == 20


def test_the_model_is_loaded_once_whichever_threads_ask(
    open_clip: Any, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []
    load = open_clip.create_model_and_transforms

    def counted(*arguments: Any, **options: Any) -> Any:
        loaded.append(arguments)
        return load(*arguments, **options)

    monkeypatch.setattr(open_clip, "create_model_and_transforms", counted)
    encoder = OpenClipEncoder(f"sgraffito-tiny={checkpoint}")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(encoder.prepare, [Image.new("RGB", (64, 48))] * 8))
    assert len(loaded) == 1


def test_identity_follows_the_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pt"
    other.write_bytes(checkpoint.read_bytes() + b"x")
    first = OpenClipEncoder(f"sgraffito-tiny={checkpoint}").pack_id
    assert first.startswith("openclip-sgraffito-tiny-")
    assert OpenClipEncoder(f"sgraffito-tiny={other}").pack_id != first


@pytest.mark.parametrize(
    "source", ["", "ViT-B-32", "=file", "ViT-B-32=", "ViT-B-32=/no/such.pt", "local-dir:/no/such"]
)
def test_a_malformed_or_missing_source_is_refused_with_a_hint(source: str) -> None:
    with pytest.raises(PackError, match="local-dir:FOLDER"):
        OpenClipEncoder(source)


def test_an_unknown_name_or_a_broken_checkpoint_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no checkpoint")
    for source in (f"NoSuchModel={checkpoint}", f"sgraffito-tiny={broken}"):
        with pytest.raises(PackError, match="open_clip can't load"):
            OpenClipEncoder(source).encode_text(["a"])


def test_models_use_it_for_the_coarse_filter_and_keep_the_packs_regions(
    checkpoint: Path, tiny_pack_folder: Path
) -> None:
    models = load_models(tiny_pack_folder, coarse=f"sgraffito-tiny={checkpoint}", device="cpu")
    assert models.encoders == (models.coarse, models.pack)
    assert models.coarse.pack_id != models.pack.pack_id
    models.warm_up()
    assert models.reranker.codec.nbytes > 0


def test_a_place_on_the_net_is_refused(checkpoint: Path) -> None:
    """open_clip would leave the checkpoint for what it finds there."""
    with pytest.raises(PackError, match="doesn't name an open_clip model"):
        OpenClipEncoder(f"hf-hub:org/model={checkpoint}")


def test_a_checkpoint_may_be_called_as_weights_on_the_net_are(
    open_clip: Any, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"openai": {"url": "https://weights.invalid/tiny.pt"}}
    monkeypatch.setitem(open_clip.pretrained._PRETRAINED, "sgraffito-tiny", known)
    monkeypatch.chdir(tmp_path)
    Path("openai").write_bytes(checkpoint.read_bytes())
    assert OpenClipEncoder("sgraffito-tiny=openai").embed_dim == 20


_LOADING = """
import socket, sys
from pathlib import Path
import numpy as np
asked = set()
def refuse(host, *_):
    asked.add(host)
    raise OSError("no net here")
socket.getaddrinfo = refuse
from engine.errors import PackError
from engine.models import load_models
pack, coarse, names = sys.argv[1:]
models = load_models(Path(pack), coarse=coarse, device="cpu")
models.pack.encode_images([np.zeros((64, 64, 3), np.uint8)])
import open_clip
open_clip.add_model_config(Path(names))
try:
    models.coarse.warm_up()
except PackError as error:
    print(error)
print("asked:", *asked)
"""


def _load_in_a_process_of_its_own(pack: Path, coarse: str, folder: Path, *, typed: str = "") -> str:
    """Load the image tower of a pack, then open_clip's model, and return what is said.

    Args:
        pack: The model pack.
        coarse: The open_clip model.
        folder: Where it may keep files; configurations that are here have a name.
        typed: What is typed on the terminal.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    return subprocess.run(
        [sys.executable, "-c", _LOADING, str(pack), coarse, str(folder)],
        env=kept | {"HF_HOME": str(folder / "cache")},
        input=typed,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_tokenizer_that_is_not_there_is_not_fetched(
    tiny_pack_folder: Path, checkpoint: Path, tmp_path: Path
) -> None:
    """Nor is it where the pack's image tower has imported timm before."""
    words = {**TINY_CLIP["text_cfg"], "hf_tokenizer_name": "timm/ViT-B-16-SigLIP"}
    (tmp_path / "far-words.json").write_text(json.dumps({**TINY_CLIP, "text_cfg": words}))
    said = _load_in_a_process_of_its_own(tiny_pack_folder, f"far-words={checkpoint}", tmp_path)
    assert "a tokenizer of its own" in said
    assert said.endswith("asked:\n")


@pytest.mark.parametrize(
    ("tower", "name"),
    [
        ("vision_cfg", {"timm_model_name": "hf-hub:timm/resnet18.a1_in1k"}),
        ("text_cfg", {"hf_model_name": "FacebookAI/roberta-base"}),
    ],
)
def test_a_folder_that_names_a_tower_on_the_net_is_refused(
    tiny_pack_folder: Path, local_folder: Path, tmp_path: Path, tower: str, name: dict[str, str]
) -> None:
    folder = _configured(local_folder, tmp_path, {**TINY_CLIP, tower: {**TINY_CLIP[tower], **name}})
    said = _load_in_a_process_of_its_own(tiny_pack_folder, f"local-dir:{folder}", tmp_path)
    assert "open_clip can't load" in said
    assert said.endswith("asked:\n")


def _configured(local_folder: Path, tmp_path: Path, config: dict[str, Any]) -> Path:
    """Return a copy of a model's folder with another configuration of the model."""
    folder = Path(shutil.copytree(local_folder, tmp_path / "local"))
    preprocessing = {"mean": [0.5] * 3, "std": [0.5] * 3}
    (folder / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": config, "preprocess_cfg": preprocessing})
    )
    return folder


def _with_code(local_folder: Path, tmp_path: Path, options: dict[str, Any]) -> Path:
    """Return a copy of a model's folder with a tokenizer whose code leaves a file called “ran”."""
    words = {**TINY_CLIP["text_cfg"], "hf_tokenizer_name": "own", "tokenizer_kwargs": options}
    folder = _configured(local_folder, tmp_path, {**TINY_CLIP, "text_cfg": words})
    own = {"auto_map": {"AutoConfig": "own.Own", "AutoTokenizer": ["own.Own", None]}}
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "Own", **own}))
    (folder / "config.json").write_text(json.dumps({"model_type": "own", **own}))
    (folder / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\nclass Own: pass\n")
    return folder


@pytest.mark.parametrize(
    "options",
    [{"trust_remote_code": True}, {"more": [{"trust_remote_code": "yes"}]}],
    ids=["plain", "nested"],
)
def test_a_folder_that_lets_its_code_run_is_refused(
    local_folder: Path, tmp_path: Path, options: dict[str, Any]
) -> None:
    folder = _with_code(local_folder, tmp_path, options)
    with pytest.raises(PackError, match=r"open_clip_config\.json: this model wants to run code"):
        OpenClipEncoder(f"local-dir:{folder}").warm_up()
    assert not (tmp_path / "ran").exists()


def test_nobody_is_asked_whether_a_folders_code_may_run(
    tiny_pack_folder: Path, local_folder: Path, tmp_path: Path
) -> None:
    folder = _with_code(local_folder, tmp_path, {})
    coarse = f"local-dir:{folder}"
    said = _load_in_a_process_of_its_own(tiny_pack_folder, coarse, tmp_path, typed="y\ny\n")
    assert "open_clip can't load" in said
    assert "[y/N]" not in said
    assert not (tmp_path / "ran").exists()
