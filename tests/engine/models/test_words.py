"""Any words at all: with the bundled pack, every query means something."""

from __future__ import annotations

import string
import unicodedata

import numpy as np
import pytest
from tokenizers import Tokenizer

from engine.errors import QueryError
from engine.models import Models, load_models
from engine.models.encoder import TOKENIZER
from engine.models.packs import MANIFEST, read_pack
from engine.places import bundled_packs
from engine.query import parse_query
from engine.types import FloatArray

pytestmark = pytest.mark.skipif(
    not (bundled_packs() / "sgraffito" / MANIFEST).exists(), reason="the bundled pack is not here"
)

# Each with a misspelling and an inflected form.
WORDS = {
    "penguin": ("pengiun", "penguins"),
    "pizza": ("piza", "pizzas"),
    "guitar": ("guitr", "guitars"),
    "elephant": ("elephnat", "elephants"),
    "bicycle": ("bycicle", "bicycles"),
    "mountain": ("mountian", "mountains"),
    "beach": ("baech", "beaches"),
    "umbrella": ("umbrela", "umbrellas"),
    "flower": ("flowre", "flowers"),
    "camera": ("camrea", "cameras"),
    "horse": ("hores", "horses"),
    "airplane": ("airplne", "airplanes"),
    "kitchen": ("kitchn", "kitchens"),
    "bridge": ("brigde", "bridges"),
    "football": ("fotball", "footballs"),
    "tractor": ("tracotr", "tractors"),
    "giraffe": ("girafe", "giraffes"),
    "butterfly": ("buterfly", "butterflies"),
    "church": ("chruch", "churches"),
    "sandwich": ("sandwhich", "sandwiches"),
    "castle": ("caslte", "castles"),
    "skateboard": ("skatebord", "skateboards"),
    "tiger": ("tigre", "tigers"),
    "violin": ("voilin", "violins"),
    "balloon": ("baloon", "balloons"),
    "strawberry": ("strawbery", "strawberries"),
    "helmet": ("hlemet", "helmets"),
    "candle": ("canlde", "candles"),
    "window": ("widnow", "windows"),
    "dolphin": ("dolhpin", "dolphins"),
    "child": ("chidl", "children"),
    "woman": ("womna", "women"),
    "running": ("runing", "runs"),
    "swimming": ("swiming", "swims"),
    "snowboard": ("snowbaord", "snowboards"),
    "motorcycle": ("motorcyle", "motorcycles"),
    "waterfall": ("watrefall", "waterfalls"),
    "basketball": ("baskteball", "basketballs"),
    "restaurant": ("restuarant", "restaurants"),
    "dog": ("dgo", "dogs"),
}
OTHER_TONGUES = (
    *("Zürich", "naïve café", "smörgåsbord", "São Paulo", "Kraków", "Łódź", "İstanbul", "straße", "œuvre"),
    *("ærø", "þorn", "mañana", "Việt Nam", "háček", "dvořák", "ﬁsh", "Ｄｏｇ", "ＡＢＣ", "Ångström"),
)
UNDERSTOOD = (
    *(
        "狗 dog",
        "dog🐶cat",
        "a 犬 in the snow",
        "🏖️ beach",
        "½ ², ①",
        "<b>dog</b>",
        "a;b,c",
        "don't",
        "o'clock",
    ),
    *(
        "#dog @cat",
        "%s {}",
        "\x00dog\x00",
        "dog\tcat\nbird\r\n",
        "\x1b[31mdog",
        "\ufeffdog",
        "d\u200bo\u200bg",
    ),
    *("\u202egod", "a" * 10_000, "dog " * 2_500, "dogcatbird" * 1_000, "x" * 101, "é" * 10_000, "##ing"),
)
REFUSED = (
    *(
        "狗在海滩上",
        "犬",
        "собака",
        "كلب",
        "कुत्ता",
        "개",
        "สุนัข",
        "σκύλος",
        "כלב",
        "ძაღლი",
        "🐶",
        "👨‍👩‍👧‍👦",
        "🇨🇭🏔️",
    ),
    *("", " ", "!?", "...", "-", "'", '"', "\\", "##", "\x00", "\ud800", "♥♥♥", "(╯°□°)╯︵ ┻━┻"),
    *("!" * 10_000, "🐶" * 10_000),
)
# The text backbone's vocabulary lacks these: a Sámi letter, and one of old Greenlandic.
NEVER_LEARNT = frozenset("Ŧŧĸ")


def ascii_id(query: str) -> str:
    """Return a short name of a query that any terminal can print."""
    return ascii(query[:20])


def rare_words() -> list[str]:
    """Return two hundred strings of letters and digits that are no words."""
    rng = np.random.default_rng(0)
    letters = np.array(list(string.ascii_letters + string.digits))
    return ["".join(rng.choice(letters, size=int(rng.integers(1, 60)))) for _ in range(200)]


LATIN = (
    *(form for word, forms in WORDS.items() for form in (word, *forms)),
    *OTHER_TONGUES,
    *rare_words(),
    *(
        "supercalifragilisticexpialidocious",
        "Donaudampfschifffahrtsgesellschaft",
        "qzxjkvw",
        "zzz",
        "x",
        "4x4",
    ),
    *("COVID-19", "iPhone", "WALL-E", "1234567890", "3rd", "GoPro", "selfie", "quidditch", "pho", "yurt"),
)
QUERIES = (*LATIN, *UNDERSTOOD, *REFUSED, "[UNK]", "[PAD]", "[CLS] dog [SEP]", "[MASK]")


@pytest.fixture(scope="module")
def bundled() -> Models:
    return load_models(device="cpu")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(read_pack().file(TOKENIZER)))


def test_every_text_has_words_and_finite_unit_vectors(bundled: Models) -> None:
    assert len(QUERIES) > 300
    # The tokenizer refuses lone surrogates, which the query parser takes out before.
    texts = [query.encode("utf-8", "replace").decode() for query in QUERIES]
    features = bundled.pack.encode_text(texts)
    assert features.words is not None
    assert np.isfinite(features.embeddings).all()
    np.testing.assert_allclose(np.linalg.norm(features.embeddings, axis=1), 1, rtol=1e-4)
    for text, words in zip(texts, features.words, strict=True):
        assert len(words.texts) == len(words.vectors) >= 1, text[:40]
        assert np.isfinite(words.vectors).all(), text[:40]
        np.testing.assert_allclose(np.linalg.norm(words.vectors, axis=1), 1, rtol=1e-4)


def unknown_words(tokenizer: Tokenizer, query: str) -> list[str]:
    """Return the words of a query that the text backbone would see as one and the same unknown word."""
    caption = parse_query(query).caption
    encoding = tokenizer.encode(caption)
    pieces = zip(encoding.tokens, encoding.offsets, strict=True)
    return [caption[start:end] for piece, (start, end) in pieces if piece == "[UNK]"]


@pytest.mark.parametrize("query", [*LATIN, *UNDERSTOOD], ids=ascii_id)
def test_latin_words_are_read_letter_by_letter_if_need_be(tokenizer: Tokenizer, query: str) -> None:
    assert not unknown_words(tokenizer, query)


@pytest.mark.parametrize("query", REFUSED, ids=ascii_id)
def test_what_holds_no_latin_word_is_refused_with_a_hint(query: str) -> None:
    with pytest.raises(QueryError) as refusal:
        parse_query(query)
    assert refusal.value.hint


def test_letters_of_european_languages_are_known(tokenizer: Tokenizer) -> None:
    letters = {
        chr(code)
        for code in range(0x20, 0x180)
        if chr(code).isalpha() and unicodedata.name(chr(code)).startswith("LATIN")
    }
    alone = {letter for letter in letters if unknown_words(tokenizer, letter)}
    inside = {letter for letter in letters if unknown_words(tokenizer, f"do{letter}g")}
    assert alone | inside <= NEVER_LEARNT


def others_nearer(bundled: Models, forms: list[str]) -> FloatArray:
    """Return, for a form of each word, the share of the other words that are nearer to it than its own."""
    own = bundled.pack.encode_text(list(WORDS)).embeddings
    similarities = bundled.pack.encode_text(forms).embeddings @ own.T
    nearer = similarities > np.diag(similarities)[:, None]
    share: FloatArray = nearer.sum(axis=1) / (len(WORDS) - 1)
    return share


def test_inflected_words_are_nearest_to_their_own(bundled: Models) -> None:
    share = others_nearer(bundled, [inflected for _, inflected in WORDS.values()])
    assert np.mean(share == 0) >= 0.9


def test_misspelt_words_are_nearer_to_their_own_than_to_most_others(bundled: Models) -> None:
    share = others_nearer(bundled, [misspelt for misspelt, _ in WORDS.values()])
    assert np.mean(share < 0.5) >= 0.8
