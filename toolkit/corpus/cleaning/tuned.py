"""The tuned numbers of cleaning, from `tuned.toml`, which says for each what it was tuned on.

A name ends in its unit: WORDS, CHARACTERS and BLOCKS are counts, a SHARE is from 0 to 1, SCORE and WORDING are log odds
(`boilerplate_score.Evidence`), POINTS are those of the title score. MOST and LEAST are still allowed.
"""

from __future__ import annotations

from toolkit.files.tuned import tuned

TUNED = tuned("toolkit.corpus.cleaning")

_LINKS = TUNED.by_name("links")  # used throughout
LINKED_SHARE = _LINKS["linked_share"]
FEW_LINKS_SHARE = _LINKS["few_links_share"]

_SECTIONS = TUNED.by_name("sections")  # blocks by themselves, and sections that a heading opens (clean)
RULE_MOST_WORDS = int(_SECTIONS["rule_most_words"])
CAPTION_MOST_WORDS = int(_SECTIONS["caption_most_words"])
SHORT_LINE_MOST_WORDS = int(_SECTIONS["short_line_most_words"])
NAVIGATION_HEADING_MOST_WORDS = int(_SECTIONS["navigation_heading_most_words"])
ALL_LINKS_SHARE = _SECTIONS["all_links_share"]
TEASER_LINK_MOST_WORDS = int(_SECTIONS["teaser_link_most_words"])
RELATED_BOX_MOST_WORDS = int(_SECTIONS["related_box_most_words"])
NAVIGATION_PROSE_MOST_WORDS = int(_SECTIONS["navigation_prose_most_words"])
MENU_LEAST_ITEMS = int(_SECTIONS["menu_least_items"])
MENU_LEAST_LETTERS_SHARE = _SECTIONS["menu_least_letters_share"]
MENU_ITEM_MOST_WORDS = _SECTIONS["menu_item_most_words"]
LATE_SHARE = _SECTIONS["late_share"]
SECTION_HEADING_MOST_WORDS = int(_SECTIONS["section_heading_most_words"])
COMMENT_MOST_WORDS = int(_SECTIONS["comment_most_words"])
COMMENTS_REST_SHARE = _SECTIONS["comments_rest_share"]
INVITED_COMMENTS_REST_SHARE = _SECTIONS["invited_comments_rest_share"]
AUTHOR_MOST_WORDS = int(_SECTIONS["author_most_words"])
AUTHOR_MOST_BLOCKS = int(_SECTIONS["author_most_blocks"])
CONTACT_MOST_WORDS = int(_SECTIONS["contact_most_words"])
CONTACT_MOST_BLOCKS = int(_SECTIONS["contact_most_blocks"])
RELATED_INLINE_MOST_WORDS = int(_SECTIONS["related_inline_most_words"])
TEASER_MOST_WORDS = int(_SECTIONS["teaser_most_words"])
HEADLINE_MOST_WORDS = int(_SECTIONS["headline_most_words"])
TEASERS_HEADLINES_SHARE = _SECTIONS["teasers_headlines_share"]
TEASERS_PAIRED_SHARE = _SECTIONS["teasers_paired_share"]
TEASERS_MOST_SUMMARIES = int(_SECTIONS["teasers_most_summaries"])
TEASERS_SUMMARIES_SHARE = _SECTIONS["teasers_summaries_share"]

_NOTICES = TUNED.by_name("notices")  # sentences that a rule takes for a notice (notices, clean)
TELLING_SCORE = _NOTICES["telling_score"]
TELLING_LEAST_WORDS = int(_NOTICES["telling_least_words"])
NOTICE_BODY_SCORE = _NOTICES["notice_body_score"]
NOTICE_BODY_LEAST_WORDS = int(_NOTICES["notice_body_least_words"])
ALONE_BODY_LEAST_WORDS = int(_NOTICES["alone_body_least_words"])
OUTER_BLOCKS = int(_NOTICES["outer_blocks"])
NOTICE_WORDING = _NOTICES["notice_wording"]
NOTICE_MOST_WORDS = int(_NOTICES["notice_most_words"])
SPARED_SCORE = _NOTICES["spared_score"]
SPARED_LEAST_WORDS = int(_NOTICES["spared_least_words"])

_PROSE_EDGES = TUNED.by_name("prose_edges")  # edges of the prose (clean)
REPEATED_EDGE_BLOCKS = int(_PROSE_EDGES["repeated_edge_blocks"])
REPEATED_MOST_CHARACTERS = int(_PROSE_EDGES["repeated_most_characters"])
REPEATED_MOST_WORDS = int(_PROSE_EDGES["repeated_most_words"])
BIO_MOST_WORDS = int(_PROSE_EDGES["bio_most_words"])
ROLE_MOST_WORDS = int(_PROSE_EDGES["role_most_words"])
BIO_LIKE_MOST_WORDS = int(_PROSE_EDGES["bio_like_most_words"])
BODY_LEAST_BLOCKS = int(_PROSE_EDGES["body_least_blocks"])
NAME_MOST_WORDS = int(_PROSE_EDGES["name_most_words"])
LOOSE_LINE_MOST_WORDS = int(_PROSE_EDGES["loose_line_most_words"])
LOOSE_ITEM_MOST_WORDS = int(_PROSE_EDGES["loose_item_most_words"])
CLOSING_MOST_WORDS = int(_PROSE_EDGES["closing_most_words"])
CLOSING_MOST_BLOCKS = int(_PROSE_EDGES["closing_most_blocks"])
DATELINE_LEAST_WORDS = int(_PROSE_EDGES["dateline_least_words"])
CREDIT_SOUGHT_ABOVE_CHARACTERS = int(_PROSE_EDGES["credit_sought_above_characters"])

_EDGES = TUNED.by_name("edges")  # body beyond doubt, and what is above and below it (edges)
FIRM_SCORE = _EDGES["firm_score"]
FIRM_LEAST_WORDS = int(_EDGES["firm_least_words"])
FIRM_SENTENCE_LEAST_WORDS = int(_EDGES["firm_sentence_least_words"])
FIRM_LONG_WORDS = int(_EDGES["firm_long_words"])
FIRM_LONG_WORDING = _EDGES["firm_long_wording"]
FIRM_FIRST_WORDING = _EDGES["firm_first_wording"]
FIRM_LAST_WORDING = _EDGES["firm_last_wording"]
AFTER_END_SEEN_BLOCKS = int(_EDGES["after_end_seen_blocks"])
AFTER_END_LEAST_BLOCKS = int(_EDGES["after_end_least_blocks"])
MOST_APPEALS = int(_EDGES["most_appeals"])
ABOVE_MOST_WORDS = int(_EDGES["above_most_words"])
BELOW_MOST_WORDS = int(_EDGES["below_most_words"])
CONTENTS_MOST_WORDS = int(_EDGES["contents_most_words"])
STRONG_WORDING = _EDGES["strong_wording"]
ABOVE_SENTENCE_WORDING = _EDGES["above_sentence_wording"]
ABOVE_SENTENCE_SURE_WORDING = _EDGES["above_sentence_sure_wording"]
ABOVE_TITLE_SCORE = _EDGES["above_title_score"]
ABOVE_ROW_WORDING = _EDGES["above_row_wording"]
ABOVE_ROW_SCORE = _EDGES["above_row_score"]
ABOVE_LINE_WORDING = _EDGES["above_line_wording"]
ABOVE_LINE_MOST_WORDS = int(_EDGES["above_line_most_words"])
LABEL_MOST_WORDS = int(_EDGES["label_most_words"])
SENTENCE_LEAST_WORDS = int(_EDGES["sentence_least_words"])
RUN_ON_WORDS = int(_EDGES["run_on_words"])
HEADING_LINE_MOST_WORDS = int(_EDGES["heading_line_most_words"])
HEADING_STYLE_LEAST_LINES = int(_EDGES["heading_style_least_lines"])
PLAIN_HEADING_LEAST_WORDS = int(_EDGES["plain_heading_least_words"])
PLAIN_HEADING_MOST_WORDS = int(_EDGES["plain_heading_most_words"])
LONGER_WORD_CHARACTERS = int(_EDGES["longer_word_characters"])
TITLED_LEAST_WORDS = int(_EDGES["titled_least_words"])
SALUTATION_MOST_WORDS = int(_EDGES["salutation_most_words"])
SALUTATION_BLOCKS = int(_EDGES["salutation_blocks"])
ENDED_BLOCKS = int(_EDGES["ended_blocks"])
ENDED_WORDING = _EDGES["ended_wording"]
ENDED_SCORE = _EDGES["ended_score"]
BELOW_SHORT_WORDS = int(_EDGES["below_short_words"])
BELOW_SHORT_WORDING = _EDGES["below_short_wording"]
BELOW_MIDDLE_WORDS = int(_EDGES["below_middle_words"])
BELOW_MIDDLE_WORDING = _EDGES["below_middle_wording"]
BELOW_LONG_WORDING = _EDGES["below_long_wording"]
BELOW_SURE_WORDING = _EDGES["below_sure_wording"]
BELOW_LEADING_WORDING = _EDGES["below_leading_wording"]
BELOW_LEADING_MOST_WORDS = int(_EDGES["below_leading_most_words"])
BELOW_ROW_WORDING = _EDGES["below_row_wording"]
APPEAL_MOST_WORDS = int(_EDGES["appeal_most_words"])
APPEAL_SCORE = _EDGES["appeal_score"]
APPEAL_SENTENCE_WORDING = _EDGES["appeal_sentence_wording"]
APPEAL_LINE_WORDING = _EDGES["appeal_line_wording"]
AD_LABEL_MOST_WORDS = int(_EDGES["ad_label_most_words"])
SPONSORED_MOST_WORDS = int(_EDGES["sponsored_most_words"])

_TITLES = TUNED.by_name("titles")  # the title (titles)
TITLE_MOST_WORDS = int(_TITLES["title_most_words"])
TITLE_MOST_HAN_CHARACTERS = int(_TITLES["title_most_han_characters"])
HAN_CHARACTERS_PER_WORD = _TITLES["han_characters_per_word"]
TITLE_START_POINTS = _TITLES["title_start_points"]
TITLE_WORD_POINTS = _TITLES["title_word_points"]
TITLE_COUNTED_WORDS = int(_TITLES["title_counted_words"])
TITLE_LONG_WORD_POINTS = _TITLES["title_long_word_points"]
TITLE_LONG_WORDS = int(_TITLES["title_long_words"])
TITLE_COMMA_POINTS = _TITLES["title_comma_points"]
TITLE_COMMA_WORDS = int(_TITLES["title_comma_words"])
TITLE_BOLD_POINTS = _TITLES["title_bold_points"]
TITLE_LABELLED_POINTS = _TITLES["title_labelled_points"]
TITLE_ISSUE_POINTS = _TITLES["title_issue_points"]
TITLE_SMALL_WORD_POINTS = _TITLES["title_small_word_points"]
TITLE_COUNTED_SMALL_WORDS = int(_TITLES["title_counted_small_words"])
TITLE_HAN_POINTS = _TITLES["title_han_points"]
TITLE_HAN_LEAST_WORDS = int(_TITLES["title_han_least_words"])
TITLE_WORDING_POINTS = _TITLES["title_wording_points"]
TITLE_DATED_POINTS = _TITLES["title_dated_points"]
TITLE_SEPARATED_POINTS = _TITLES["title_separated_points"]
TITLE_LINKED_POINTS = _TITLES["title_linked_points"]
TITLE_ISSUER_POINTS = _TITLES["title_issuer_points"]
TITLE_QUESTION_POINTS = _TITLES["title_question_points"]
TITLE_BYLINE_POINTS = _TITLES["title_byline_points"]
TITLE_BYLINE_BLOCKS = int(_TITLES["title_byline_blocks"])
TITLE_GAP_POINTS = _TITLES["title_gap_points"]
TITLE_KNOWN_POINTS = _TITLES["title_known_points"]

_HEADINGS = TUNED.by_name("headings")  # headings of plain text (headings)
SPEAKERS_LEAST_BLOCKS = int(_HEADINGS["speakers_least_blocks"])
FIRST_HEADING_BLOCKS = int(_HEADINGS["first_heading_blocks"])
GAPPED_SHARE = _HEADINGS["gapped_share"]
BODY_LEAST_WORDS = int(_HEADINGS["body_least_words"])
HEADINGS_PER_BODY = _HEADINGS["headings_per_body"]
HEADINGS_BEYOND_BODY = int(_HEADINGS["headings_beyond_body"])
HEADING_LINKS_SHARE = _HEADINGS["heading_links_share"]
HAN_FIRST_HEADING_CHARACTERS = int(_HEADINGS["han_first_heading_characters"])
HAN_HEADING_CHARACTERS = int(_HEADINGS["han_heading_characters"])
FIRST_HEADING_MOST_WORDS = int(_HEADINGS["first_heading_most_words"])
HEADING_MOST_WORDS = int(_HEADINGS["heading_most_words"])
FIRST_HEADING_MOST_CHARACTERS = int(_HEADINGS["first_heading_most_characters"])
HEADING_MOST_CHARACTERS = int(_HEADINGS["heading_most_characters"])
HEADING_FIGURES_SHARE = _HEADINGS["heading_figures_share"]
BOLD_HEADING_MOST_WORDS = int(_HEADINGS["bold_heading_most_words"])
BOLD_HEADING_MOST_CHARACTERS = int(_HEADINGS["bold_heading_most_characters"])
FIGURES_ROW_MOST_WORDS = int(_HEADINGS["figures_row_most_words"])
QUESTIONS_GAPPED = int(_HEADINGS["questions_gapped"])
QUESTIONS_CLOSE = int(_HEADINGS["questions_close"])
TITLE_CASE_SHARE = _HEADINGS["title_case_share"]
AFTER_HEADING_LEAST_WORDS = int(_HEADINGS["after_heading_least_words"])
HEAD_RUN_MOST_BLOCKS = int(_HEADINGS["head_run_most_blocks"])
HEADING_RUN_MOST_BLOCKS = int(_HEADINGS["heading_run_most_blocks"])
CAPITALS_LEAST_LETTERS = int(_HEADINGS["capitals_least_letters"])

_DATELINES = TUNED.by_name("datelines")  # dates and bylines (datelines)
DATE_LINE_MOST_CHARACTERS = int(_DATELINES["date_line_most_characters"])
BYLINE_MOST_CHARACTERS = int(_DATELINES["byline_most_characters"])
BYLINE_SENTENCE_MOST_WORDS = int(_DATELINES["byline_sentence_most_words"])
DATED_MOST_CHARACTERS = int(_DATELINES["dated_most_characters"])
DATED_MOST_WORDS = int(_DATELINES["dated_most_words"])
ISSUED_MOST_WORDS = int(_DATELINES["issued_most_words"])
DATELINE_MOST_CHARACTERS = int(_DATELINES["dateline_most_characters"])
CREDIT_GLANCE_CHARACTERS = int(_DATELINES["credit_glance_characters"])
CREDIT_SEEN_CHARACTERS = int(_DATELINES["credit_seen_characters"])
CREDITED_LEAST_CHARACTERS = int(_DATELINES["credited_least_characters"])

_SCORE_SIGNS = TUNED.by_name("score_signs")  # the boilerplate score
SCORED_CHARACTERS = int(_SCORE_SIGNS["scored_characters"])
LONG_BLOCK_WORDS = int(_SCORE_SIGNS["long_block_words"])
SIGN_ONE_WORDS = int(_SCORE_SIGNS["sign_one_words"])
SIGN_SOME_WORDS = int(_SCORE_SIGNS["sign_some_words"])
SIGN_MANY_WORDS = int(_SCORE_SIGNS["sign_many_words"])
PART_LINKED_SHARE = _SCORE_SIGNS["part_linked_share"]

WEIGHTS = TUNED.by_name("weights")
"""Log odds that each sign adds to the score of a block."""
SENTENCE_WEIGHTS = TUNED.by_name("sentence_weights")
"""Log odds that each sign adds to the score of a block that ends as a sentence does."""
START = TUNED.number("start")
SENTENCE_START = TUNED.number("sentence_start")
"""Log odds of a block, or of a sentence, without any sign."""
PER_WORD = TUNED.number("per_word")
"""Log odds for each word beyond LONG_BLOCK_WORDS."""
