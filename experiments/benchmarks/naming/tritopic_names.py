"""TriTopic's own names of given themes. Run by the interpreter of an environment that has the package `tritopic`.

Read from stdin: JSON of `texts` and `theme`; written to stdout: names by theme. Keywords and label are made as
`TriTopic.fit` and its labeller without a language model make them, with their defaults.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from tritopic.core.keywords import KeywordExtractor
from tritopic.core.model import TriTopicConfig
from tritopic.labeling.llm_labeler import SimpleLabeler

given = json.load(sys.stdin)
config = TriTopicConfig()
extractor = KeywordExtractor(method=config.keyword_method, n_keywords=config.n_keywords, language=config.language)
extracted = extractor.extract_all_topics(given["texts"], np.array(given["theme"]), n_keywords=config.n_keywords)
json.dump(
    {theme: SimpleLabeler().generate_label(keywords=words)[0] for theme, (words, _) in extracted.items()}, sys.stdout
)
