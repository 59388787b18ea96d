"""Sentences end where a reader of the language says they end, whatever the language is."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.text.sentences import sentence_spans

CASE = Path(__file__).parents[1] / "data" / "cases" / "sentences-de-fr-hi-ar" / "in"


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("language", "count"), [("de", 6), ("fr", 5), ("hi", 3), ("ur", 3), ("ar", 3), ("el", 3), ("es", 4), ("ja", 3)]
)
def test_the_examples_have_as_many_sentences_as_a_reader_counts(language: str, count: int) -> None:
    assert len(sentences((CASE / f"{language}.txt").read_text("utf-8"))) == count


@pytest.mark.parametrize(
    "text",
    [
        "Die Sitzung ist am 14. März im Rathaus.| Sie dauert ca. 2 Stunden.| Danach gibt es Kaffee, Tee usw. für alle.",
        "Im 19. Jahrhundert gab es d. h. laut Hrsg. Meier nur Ruderboote.| Heute fahren drei Schiffe.",
        "Nach § 12 Abs. 3 Nr. 4 ist das Boot z. B. Eigentum der Stadt.| Das gilt seit dem 1. Januar.",
        "Sie kam auf Platz 3.| Der Rat gratulierte.| „Das ist gut!“ sagte er.| »Wirklich?« fragte sie.",
        "Mme. Petit habite à St. Malo.| Elle prend le bac, cf. art. 12 et p. 4.| « Pourquoi ? » dit M. Le Goff.| Rien.",
        "La Sra. Gil vive en la av. Mayor núm. 5.| ¿Qué dice el Excmo. Ayuntamiento?| ¡Nada!| Se espera al Dr. Ruiz.",
        "Il sig. Rossi e la dott.ssa Bianchi hanno letto l'art. 5.| Il porto è chiuso.| Perché?| Nessuno lo sa.",
        "O Sr. Silva e a Dra. Costa falaram na pág. 3.| A balsa custa mais.| Porquê?| Ninguém sabe.",
        "De heer drs. Jansen sprak o.a. Friezen toe.| Dat kost ca. 40 euro.| Waarom?| Niemand weet het.",
        "W pkt. 3 art. 5 pisze dr. Nowak, tzw. Kapitan.| Prom płynie o godz. 8.| Dlaczego?| Nikt nie wie.",
        "Например, т. е. в г. Москве на ул. Ленина, паром стоит.| Цена 3 тыс. рублей.| Почему?| Никто не знает.",
        "Doç. Dr. Yılmaz konuştu.| Vapur saat 8'de kalkar.| Neden?| Kimse bilmiyor.",
        "Podle § 5 odst. 2 písm. Z je to tzv. Přívoz.| Jede každý den.| Proč?| Nikdo neví.",
        "Ο δρ. Παππάς και η κ. Ελένη μίλησαν.| Γιατί ανέβηκε η τιμή;| Κανείς δεν ξέρει.",
        "هل ارتفع السعر؟| لا.| قال د. أحمد إن الوقود غال؛ والناس غاضبون.",
        "নৌকার ভাড়া বাড়বে।| মানুষ ক্ষুব্ধ।| কেন?| কেউ জানে না।",
        "Գինը կբարձրանա։| Մարդիկ դժգոհ են։",
        "ዋጋው ይጨምራል።| ሰዎች ተቆጥተዋል።",
        "ဈေးတက်မည်။| လူများ မကျေနပ်ပါ။",
        "ថ្លៃនឹងឡើង។| មនុស្សខឹង។",
        "料金が上がる。|「なぜだ？」と住民は聞いた。|理由は誰も知らない！",
        "요금이 오른다.| 주민들은 화가 났다.| 왜?| 아무도 모른다.",
        "Mr. Gray paid £3.50 to St. Mary's, e.g. for No. 5.| “Why?” he asked.| In 2020.| It rose to 5.| We left.",
    ],
)
def test_abbreviations_ordinals_quotes_and_marks_of_other_scripts(text: str) -> None:
    assert sentences(text.replace("|", "")) == [part.strip() for part in text.split("|")]
