"""A text that a model cannot read is told by the model's own vocabulary, and nothing readable is mistaken for one."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from toolkit.embed import Lsa, MiniLM, cannot_read, embed
from toolkit.embed.unread import UNREAD_SHARE, unknown_shares

UNKNOWN_SCRIPTS = {
    "Amharic": "አውቶቡሱ በሰባት ሰዓት ያቆማል፤ በ2019 ዋጋው 45% ጨምሯል።",
    "Burmese": "လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် မွေးဖွားလာသူများ ဖြစ်သည်။",
    "Gujarati": "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો સમાન હોય છે.",
    "Khmer": "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព ឆ្នាំ 2019 (45%) ។",
    "Malayalam": "മനുഷ്യരെല്ലാവരും അന്തസ്സോടും സ്വാതന്ത്ര്യത്തോടുംകൂടി ജനിച്ചിട്ടുള്ളവരാണ്.",
    "Sinhala": "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත.",
    "Telugu": "మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును నగుదురు.",
    "Thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "Khmer with an English name": "មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងសមភាព ក្នុង COVID-19 vaccine",
    "emoji alone": "😀😀😀",
    "one word of 120 letters": "A" * 120,
    "no token at all": "\u200b\u200b",
}
READABLE = {
    "plain English": "The buses stop at seven, so I walk home.",
    "English with emoji": "Great!! 🎉🎉🎉🎉🎉🎉🎉🎉",
    "English with Chinese names": "We met 陈云霞 at Huawei 华为 in 深圳 last year.",
    "English with an Amharic word": "The buses of ኢትዮጵያ stop at seven.",
    "a link of 200 characters": "See this: https://example.org/" + "a1b2" * 40,
    "typography": "— “naïve” café … x ≥ ½",
    "numbers": "12,345 (67 %)",
    "Russian": "Все люди рождаются свободными и равными.",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι.",
    "Hebrew": "כל בני אדם נולדו בני חורין.",
    "Hindi": "सभी मनुष्यों को गौरव और अधिकारों में समानता प्राप्त है।",
    "Arabic": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق.",
}


@pytest.mark.parametrize("name", UNKNOWN_SCRIPTS)
def test_the_packaged_model_says_that_it_cannot_read(name: str) -> None:
    assert MiniLM().fit([]).unknown([UNKNOWN_SCRIPTS[name]])[0] > UNREAD_SHARE


@pytest.mark.parametrize("name", READABLE)
def test_the_packaged_model_reads(name: str) -> None:
    assert MiniLM().fit([]).unknown([READABLE[name]])[0] <= 0.4


def test_check_tells_the_same_texts_as_the_embedding() -> None:
    texts = [*UNKNOWN_SCRIPTS.values(), *READABLE.values()]
    made = embed(MiniLM(), texts)
    assert made.unread.tolist() == [True] * len(UNKNOWN_SCRIPTS) + [False] * len(READABLE)
    assert cannot_read(MiniLM(), texts).tolist() == made.unread.tolist()
    assert any(
        f"{len(UNKNOWN_SCRIPTS)} of {len(texts)}" in note and "embed.unread_above" in note for note in made.notes
    )


def test_the_bound_of_the_config_decides() -> None:
    texts = ["The buses of ኢትዮጵያ stop at seven.", UNKNOWN_SCRIPTS["Amharic"]]
    assert cannot_read(MiniLM(unread_above=0.05), texts).tolist() == [True, True]
    assert cannot_read(MiniLM(unread_above=1.0), texts).tolist() == [False, False]


def test_a_share_is_of_letters_and_digits() -> None:
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "known": 1, "!": 2}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    shares = unknown_shares(tokenizer, ["known other !!!!!!!!", "known", "other", "!"])
    np.testing.assert_allclose(shares, [0.5, 0, 1, 0])


def test_a_vocabulary_that_knows_every_byte_cannot_tell() -> None:
    assert np.isnan(unknown_shares(Tokenizer(models.BPE()), ["any text"])).all()


def test_the_unknown_piece_of_a_unigram_model_is_counted() -> None:
    tokenizer = Tokenizer(models.Unigram([("<unk>", 0.0), ("a", -1.0), ("b", -1.0)], 0, False))
    np.testing.assert_allclose(unknown_shares(tokenizer, ["abab", "abqq", "qqqq"]), [0, 0.5, 1])


def test_lsa_cannot_place_a_text_without_a_fitted_word() -> None:
    shared = [f"bus fare evening {n}" for n in range(110)]
    texts = [*shared, "?!", "zweisam einsam", "bus"]
    made = embed(Lsa(), texts)
    assert np.flatnonzero(made.unread).tolist() == [110, 111]
    assert cannot_read(Lsa(), texts).tolist() == made.unread.tolist()
    assert any("no word of the vocabulary" in note for note in made.notes)


@pytest.mark.parametrize("texts", [["?!", "...", "—"], ["bus"], ["bus"] * 5, []])
def test_lsa_embeds_whatever_it_is_given(texts: list[str]) -> None:
    made = embed(Lsa(), texts)
    np.testing.assert_allclose(np.linalg.norm(made.vectors, axis=1), 1, atol=1e-6)
    assert made.unread.tolist() == [not text.isalpha() for text in texts]
