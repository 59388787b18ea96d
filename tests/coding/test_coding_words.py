"""Words of texts and codebooks: stems as Porter published them, short forms, rarity, what is mined from a codebook."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from math import exp, log

import numpy as np
import pytest

from toolkit.codebook.codebook import Code, Codebook
from toolkit.coding.code_terms import against, clauses, content, facets, sharing, wanted
from toolkit.coding.related_words import relatedness
from toolkit.coding.stems import stem
from toolkit.coding.tokens import empty_stems, general_rarity, holders, rarity, tokens

PORTER = """
caresses caress, ponies poni, ties ti, caress caress, cats cat, feed feed, agreed agre, plastered plaster, bled bled,
motoring motor, sing sing, conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall,
hissing hiss, fizzed fizz, failing fail, filing file, happy happi, sky sky, relational relat, conditional condit,
rational ration, valenci valenc, hesitanci hesit, digitizer digit, conformabli conform, radicalli radic,
differentli differ, vileli vile, analogousli analog, vietnamization vietnam, predication predic, operator oper,
feudalism feudal, decisiveness decis, hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit,
sensibiliti sensibl, triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr,
hopeful hope, goodness good, revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop,
adjustable adjust, defensible defens, irritant irrit, replacement replac, adjustment adjust, dependent depend,
adoption adopt, homologou homolog, communism commun, activate activ, angulariti angular, homologous homolog,
effective effect, bowdlerize bowdler, probate probat, rate rate, cease ceas, controll control, roll roll,
snowing snow, boxing box, playing plai, played plai, say sai, cry cry, syzygy syzygi, toy toi, enjoyment enjoy,
matting mat, egging eg, sees see, bed bed, red red, ring ring, king king, need need, geologi geologi,
dying dy, eyeing ey, oaring oar, ooze ooz, generalizations gener, oscillators oscil, opinion opinion, union union,
hit hit, hits hit, ebb ebb, ebbing eb, wheeling wheel, rolling roll, buzzing buzz, kissed kiss, egos ego, eels eel,
replied repli, yes ye, yen yen, byline bylin, lying ly, add add, adding ad, abatement abat, tying ty, agree agre,
freed freed, speed speed, exceed exce, succeeded succeed, grayed grai, staying stai, tree tree, lie lie,
ease eas, ago ago
"""


@pytest.mark.parametrize(("word", "expected"), [pair.split() for pair in PORTER.replace("\n", " ").split(",")])
def test_words_are_stemmed_as_porter_published(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_both_spellings_of_ise_meet_and_short_words_keep_theirs() -> None:
    pairs = {"organisation": "organization", "organising": "organizing", "organised": "organized"}
    pairs |= {"organises": "organizes", "organise": "organize", "realise": "realize", "advises": "advizes"}
    for british, american in pairs.items():
        assert stem(british) == stem(american), british
    assert stem("raised") == "rais" and stem("arises") == "aris" and stem("premise") == stem("premize")


def test_what_is_no_english_word_stays_as_it_is() -> None:
    for word in ("is", "as", "5g", "gas2s", "ärmeres", "水利", "covid19s"):
        assert stem(word) == word
    assert stem("was") == "wa"  # three letters are a word


def test_short_forms_are_read_as_what_they_stand_for_except_in_capitals_throughout() -> None:
    assert tokens("U.S. and US") == tokens("america and america") and tokens("tell us") == ["tell", "us"]
    assert tokens("R&D at SOEs") == tokens("research development at state-owned enterprises")
    assert tokens("GIVE US TIME") == ["give", "us", "time"]
    assert tokens("USB, aUS, US&A") == ["usb", "au", "us"]


def test_single_letters_say_nothing_and_single_digits_do() -> None:
    assert tokens("a plan B of 5 parts_x") == ["plan", "of", "5", "part"]
    assert tokens("naïve é") == ["naïve", "é"]


def test_chinese_runs_become_overlapping_pairs() -> None:
    assert tokens("水利部门 水") == ["水利", "利部", "部门", "水"]


def ranked() -> list[str]:
    text = files("toolkit.coding").joinpath("english.txt").read_text(encoding="utf-8")
    return " ".join(line for line in text.split("\n") if not line.startswith("#")).split()


def test_the_hundred_and_twenty_commonest_words_are_empty_and_the_next_are_not() -> None:
    words, empty = ranked(), empty_stems()
    assert all(stem(word) in empty for word in words[:120])
    common = {stem(word) for word in words[:120]}
    beyond = [word for word in words[120:160] if stem(word) not in common]
    talk = {stem(word) for word in ("name", "use", "say", "without", "name", "include")}
    assert [word for word in beyond if stem(word) in empty and stem(word) not in talk] == []
    assert words[120] in beyond  # the next word is told
    assert {"paragraph", "code", "theme", stem("mentioned")} <= empty and "harbour" not in empty


def test_general_rarity_is_minus_log_of_the_chance_in_eighty_words_by_zipf() -> None:
    words = ranked()
    for word in ("government", "harbour", "treasury"):
        share = sum(0.1 / (rank + 2.7) for rank, other in enumerate(words, 1) if stem(other) == stem(word))
        assert general_rarity(stem(word)) == pytest.approx(-log(1 - exp(-80 * share)), abs=1e-12)
    assert general_rarity("the") == pytest.approx(-log(1 - exp(-80 * 0.1 / 3.7)), abs=1e-12)
    assert general_rarity("quillwort") == 8.0  # at most 8: 3 in a million would give 8.3


def test_rarity_is_the_mean_of_general_english_and_of_the_corpus() -> None:
    texts = [["well", "well", "road"], ["road"]]
    assert holders(texts) == Counter({"road": 2, "well": 1})
    rarities = rarity(["road", "well"], {"road": 3}, 20)
    assert rarities["road"] == pytest.approx(0.5 * general_rarity("road") + 0.5 * -log(4 / 22))
    assert rarities["well"] == pytest.approx(0.5 * general_rarity("well") + 0.5 * -log(1 / 22))
    assert rarity(["road"], {"road": 3}, 19) == {"road": pytest.approx(general_rarity("road"))}  # too few texts to tell
    assert rarity(["the"], {}, 10**6)["the"] == pytest.approx(0.5 * general_rarity("the") + 4.0)


def test_rules_are_cut_into_clauses() -> None:
    assert clauses("Wells; pipes. Dams, weirs; . ") == ["Wells", "pipes", "Dams, weirs"]
    assert clauses("v1.2 of it.") == ["v1.2 of it"]


BOOK = Codebook(
    (
        Code(
            "a", "Water supply", "Weirs, clean drinking water or the reservoir for a barn.",
            include=("Dry weirs; leaking pipes",), exclude=("Flood walls (see b); rain.", "()"),
            keywords=("quillwort pump",), examples=("The pump broke in May.",), counterexamples=("A flood came.",),
        ),
        Code("b", "Floods", "Too much water."),
    )
)  # fmt: skip


def test_a_code_is_looked_for_by_its_words_weighed_by_where_they_stand() -> None:
    terms = wanted(BOOK.themes[0])
    assert {word: terms.words[word] for word in ("water", "suppli", "quillwort", "pump")} == dict.fromkeys(
        ("water", "suppli", "quillwort", "pump"), 1.0
    )
    assert terms.words["weir"] == terms.words["pipe"] == 0.9  # in a rule; the definition's .7 does not count down
    assert terms.words["reservoir"] == terms.words[stem("drinking")] == 0.7
    assert terms.words[stem("broke")] == 0.3
    assert "the" not in terms.words and "of" not in terms.words
    assert terms.phrases[("water", "suppli")] == 1.0 and terms.phrases[("quillwort", "pump")] == 1.0
    assert terms.phrases[(stem("leaking"), "pipe")] == 0.9
    assert terms.phrases[(stem("clean"), stem("drinking"), "water")] == 0.7
    assert terms.phrases[("reservoir", "for", "barn")] == 0.7
    assert terms.refused == ("A flood came.",)


def test_phrases_have_two_content_words_at_least_and_six_words_at_most() -> None:
    def of(text: str) -> set[tuple[str, ...]]:
        return set(wanted(Code("x", text, "d")).phrases)

    assert of("the water") == set() and of("water pump") == {("water", "pump")}
    assert of("the water pump of") == {("water", "pump")}
    six = "pump road wall dam weir barn"
    assert of(six) == {tuple(six.split())} and of(six + " pipe") == set()
    assert of("water pump such as dam wall, and “fish ladder pump”") >= {("dam", "wall"), ("fish", "ladder", "pump")}
    assert of("water pump water pump") == {("water", "pump", "water", "pump")}
    assert of("5 pumps") == set()  # a bare number is no content


def test_facets_are_the_definition_the_clauses_the_keywords_and_the_examples() -> None:
    assert facets(BOOK.themes[0]) == (
        "Water supply. Weirs, clean drinking water or the reservoir for a barn.",
        "Dry weirs",
        "leaking pipes",
        "quillwort pump",
        "The pump broke in May.",
    )
    assert facets(BOOK.themes[1]) == ("Floods. Too much water.",)
    assert against(BOOK.themes[0]) == ("Flood walls", "rain")


def test_a_word_that_several_codes_want_counts_one_by_the_root_of_their_number() -> None:
    weights = sharing(BOOK, [wanted(code) for code in BOOK.themes])
    assert weights["water"] == pytest.approx(2**-0.5) and weights["quillwort"] == 1.0


def test_content_leaves_out_numbers_and_empty_words() -> None:
    assert content(["the", "weir", "2024", "theme", "5g"]) == ["weir", "5g"]


def test_kinship_is_the_cosine_above_its_floor() -> None:
    folder = files("toolkit.coding")
    names = folder.joinpath("lexicon.txt").read_text(encoding="utf-8").split()
    with folder.joinpath("lexicon.npy").open("rb") as file:
        rows = np.load(file, allow_pickle=False).astype(float)
    words, others = names[100:2100:50], names[3000:9000:60]
    one, two = (np.array([rows[names.index(word)] for word in part]) for part in (words, others))
    cosine = (one @ two.T) / np.linalg.norm(one, axis=1)[:, None] / np.linalg.norm(two, axis=1)
    plain = np.maximum((cosine - 0.45) / 0.55, 0)
    related = relatedness(words, others)
    raised = related > plain + 1e-9  # by the thesaurus alone
    assert (related[raised] == 0.5).all() and raised.mean() < 0.01
    assert related[~raised] == pytest.approx(plain[~raised], abs=1e-9) and (plain > 0).sum() >= 5


def test_words_on_one_line_of_the_thesaurus_are_kin_and_the_same_word_is_itself() -> None:
    levy, vat, unknown = stem("levy"), stem("vat"), "quillwort"
    related = relatedness([levy, unknown, vat], [vat, unknown, "zzz"])
    assert related[0, 0] >= 0.5 and related[2, 0] == related[1, 1] == 1.0
    assert related[1, 0] == related[0, 1] == 0.0 and not related[:, 2].any()
    assert relatedness([unknown], ["zzz"]).tolist() == [[0.0]] and relatedness([], ["a"]).shape == (0, 1)


def test_the_thesaurus_never_lowers_what_is_nearer() -> None:
    assert relatedness([stem("tax")], [stem("taxation")])[0, 0] > 0.5
