"""The largest magnitude of each channel before the layers that int8 rounds, measured on fixed texts at load.

The texts were written for this purpose: news, law, mail, code, sport, surveys, notices, several languages. They stay
as they are, since the vectors of int8 depend on them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.embed.onnx_graph import Encoder, Weights
from toolkit.embed.onnx_int8 import Magnitudes
from toolkit.embed.onnx_session import open_session

TEXTS = (
    "The county council voted nine to four on Tuesday to buy the old cannery, and officials said the roof"
    " would be repaired before the first frost. Residents of the harbour streets, who had waited six "
    "years for a decision, filled the gallery.",
    "Shares in the shipbuilder fell 7.2% to $41.80 after it cut its forecast for 2024; analysts at two "
    'banks had expected revenue of about €1.3bn. "We are not happy with the margin," the chief executive,'
    " Ms. Okafor, told reporters.",
    "Why does my printer keep dropping off the network after every update?",
    "Dredging licence renewed",
    "Hi all, thanks for the quick replies. I've tried both drivers (v2.1 and v2.3-beta), rebooted twice, "
    "and it STILL hangs at boot!!! Any ideas? Email me at tom.b@example.org or see "
    "http://example.org/faq#drivers -- cheers, Tom",
    "The method estimates a latent variable by maximising a penalised likelihood; standard errors are "
    "obtained from 1,000 bootstrap samples, and coefficients with p < 0.05 are marked. Table 3 reports "
    "means, medians and interquartile ranges.",
    "Article 12. The ministry shall, within thirty days of receipt of an application, grant or refuse the"
    " licence and state its reasons in writing; where no decision is made within that time, the licence "
    "is deemed to be granted.",
    "I grew up on a hill farm, and my grandmother made cheese in the winter. She said the milk was thin "
    "in a dry year, but nobody believed her. Last night I dreamt of the goats, the blue door, and the "
    "smell of wet wool.",
    "for (int i = 0; i < n; i++) { total += prices[i] * 0.85; } // TypeError: cannot read property "
    "'length' of undefined",
    "The striker scored twice in eleven minutes as City came from behind to win 3-2, their first victory "
    "at Oakfield since March 1998. The goalkeeper, booked for arguing, saved a penalty in stoppage time.",
    "Symptoms include fever, a dry cough and loss of smell; children under five and pregnant women are at"
    " greater risk. The vaccine was 94.1 per cent effective in a trial of 12,400 adults.",
    "Officials in Beijing, Brussels and Washington disagree over export controls on lithography, quantum "
    "sensors and AI chips. A white paper calls for self-reliance in science and technology, a whole-of-"
    "nation effort, and cheaper loans to small firms.",
    "Question 7 of 9: On a scale of 1 (never) to 5 (always), how often do you feel tired at work? - "
    "Sometimes. Nurse, night shift, 14 years.",
    "GOVERNMENT OF THE NORTHERN TERRITORY: NOTICE OF PUBLIC HEARING, ROOM B-114, 10:30 A.M.",
    "Le conseil municipal a voté hier le budget; la piscine restera fermée jusqu'en mai. Die Fähre nach "
    "Norden fährt heute nicht. El puerto cerró por la tormenta. Цены на хлеб снова выросли. "
    "中国的产业政策正在改变，地方政府提供贷款。",
    "Critics praised the cellist's second album, a slow, strange set of songs about rivers; the film that"
    " borrows its title opens in cinemas on Friday, with an 18 certificate.",
    "God, reason and doubt: if a claim cannot be tested, said the old priest, it may still be true, but "
    "it is not evidence. The atheist on the panel laughed, and the audience, mostly students, clapped for"
    " both.",
    "Car for sale: 1989 estate, 140,000 miles, new clutch and brakes, some rust, $950 or best offer. Also"
    " two hockey tickets (Section 114, row G), a 486 board with 8 MB RAM, and a mountain bike.",
)


def measured(weights: Weights, config: dict[str, Any], tokenizer: Any, limit: int | None) -> Magnitudes:
    """The magnitudes over all tokens of the texts, in float32; a text is read up to the limit of tokens."""
    encoder = Encoder(weights, config, measured=True)
    session = open_session(encoder.drawn())
    names = list(encoder.maxima)
    calls = [
        session.run(names, {"input_ids": np.array([encoded.ids[:limit]])}) for encoded in tokenizer.encode_batch(TEXTS)
    ]
    return {name: np.max([call[at] for call in calls], axis=0) for at, name in enumerate(names)}
