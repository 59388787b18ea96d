"""The tuned numbers of cleaning: weights of signs, and limits on words, characters, blocks and shares.

They were set by hand on the development documents (`tests/data/corpus_marks`, `tests/data/corpus_marks_new/a`,
`tests/data/corpus_lines`), whose totals `python tests/corpus/test_corpus_marks.py tune held new/a` prints, except for
WEIGHTS and SENTENCE_WEIGHTS, which were fitted (the script that fitted them was not kept; their docstrings say how).

Units are in the names: WORDS, CHARACTERS and BLOCKS are counts; a SHARE is from 0 to 1; SCORE and WORDING are log odds
as `Evidence` has them; POINTS are what a line scores in the search for the title. MOST and LEAST are still allowed.
"""

from __future__ import annotations

# ---- used throughout
LINKED_SHARE = 0.5  # a block with a larger share of its characters in links consists of links
FEW_LINKS_SHARE = 0.3  # a block with a smaller share is text with some links

# ---- blocks by themselves, and sections that a heading opens (clean)
RULE_MOST_WORDS = 120  # no wording rule removes a longer block
CAPTION_MOST_WORDS = 60  # of a block that the markup calls a caption
SHORT_LINE_MOST_WORDS = 30  # of a byline, a date, tags or a menu
NAVIGATION_HEADING_MOST_WORDS = 2  # a longer heading is no menu item
ALL_LINKS_SHARE = 0.8  # above it a short block is a teaser
TEASER_LINK_MOST_WORDS = 25
RELATED_BOX_MOST_WORDS = 45  # a longer text in a box of related articles has facts of its own and stays
NAVIGATION_PROSE_MOST_WORDS = 40  # the same for prose in a region called navigation
MENU_LEAST_ITEMS = 3
MENU_LEAST_LETTERS_SHARE = 0.6
MENU_ITEM_MOST_WORDS = 3.5  # on average
LATE_SHARE = 0.5  # of a document's words before a heading: beyond it the heading is late
SECTION_HEADING_MOST_WORDS = 14
COMMENT_MOST_WORDS = 400  # of one comment below the heading of the comments
COMMENTS_REST_SHARE = 0.2  # most that the comments may be of a document
INVITED_COMMENTS_REST_SHARE = 0.5  # the same if their heading has a count or invites comments
AUTHOR_MOST_WORDS, AUTHOR_MOST_BLOCKS = 90, 3  # below the heading "About the author"
CONTACT_MOST_WORDS, CONTACT_MOST_BLOCKS = 25, 8  # below the heading "Contact"
ANY_BLOCKS = 1000
RELATED_INLINE_MOST_WORDS = 60
TEASER_MOST_WORDS = 48
HEADLINE_MOST_WORDS = 25  # of a teaser that is a headline
TEASERS_HEADLINES_SHARE = 0.6  # least share of headlines in a list of teasers
TEASERS_PAIRED_SHARE = 0.4  # the same if headline and summary alternate
TEASERS_MOST_SUMMARIES, TEASERS_SUMMARIES_SHARE = 10, 0.5  # blocks without headlines; share of a document's words

# ---- sentences that a rule takes for a notice (notices, clean)
TELLING_SCORE = -2.7  # below it a sentence tells something: a rule for short notices does not remove it
TELLING_LEAST_WORDS = 9
NOTICE_BODY_SCORE, NOTICE_BODY_LEAST_WORDS = -1.5, 12  # of a sentence that parts from the notice beside it
ALONE_BODY_LEAST_WORDS = 6  # of the sentences of a document that is one block
OUTER_BLOCKS = 3  # last blocks of a document whose last sentence may be a notice
NOTICE_WORDING = 1.0  # of the first or last sentence of a block that no rule describes as a whole
NOTICE_MOST_WORDS = 20  # of a notice at the end of a block that no rule takes for one
SPARED_SCORE, SPARED_LEAST_WORDS = 0.0, 8  # of a sentence that stays if the document would lose all of its text

# ---- edges of the prose (clean)
REPEATED_EDGE_BLOCKS = 8  # first and last blocks of a document in which repeated lines are sought
REPEATED_MOST_CHARACTERS, REPEATED_MOST_WORDS = 399, 45  # of a repeated line
BIO_MOST_WORDS = 90
ROLE_MOST_WORDS = 8
BIO_LIKE_MOST_WORDS = 80
BODY_LEAST_BLOCKS = 3  # bios are taken off the end of a body down to so many blocks
NAME_MOST_WORDS = 10
LOOSE_LINE_MOST_WORDS = 6  # of a page's line that is judged by its place
LOOSE_ITEM_MOST_WORDS = 3  # of the same below the text, without links
CLOSING_MOST_WORDS = 12
CLOSING_MOST_BLOCKS = 4  # more labelled lines at the end are a list of the document's own
DATELINE_LEAST_WORDS = 12  # of a paragraph from which a dateline is cut
CREDIT_SOUGHT_ABOVE_CHARACTERS = 30  # a closing credit is sought in longer paragraphs only

# ---- body beyond doubt, and what is above and below it (edges)
FIRM_SCORE = -0.6  # below it a sentence is body beyond doubt
FIRM_LEAST_WORDS = 8
FIRM_SENTENCE_LEAST_WORDS = 12  # if the block has fewer than two sentences
FIRM_LONG_WORDS = 60  # a longer block of sentences is body unless it speaks of rights or subscriptions
FIRM_LONG_WORDING = 3.0  # wording below which such a block is body although it speaks of them
FIRM_FIRST_WORDING, FIRM_LAST_WORDING = 3.0, 1.2  # wording below which a block can begin, or end, the body
AFTER_END_SEEN_BLOCKS, AFTER_END_LEAST_BLOCKS = 3, 2  # so many removed of so many above: the text has ended
MOST_APPEALS = 6  # more of them between the paragraphs are a list of the document's own
ABOVE_MOST_WORDS, BELOW_MOST_WORDS = 45, 90  # of a block that goes
CONTENTS_MOST_WORDS = 14  # of a line above the text that is repeated in it, as in a table of contents
STRONG_WORDING = 1.0  # wording below which a bold line above the text is a heading
ABOVE_SENTENCE_WORDING, ABOVE_SENTENCE_SURE_WORDING = 1.2, 3.0  # a sentence above the text goes from here
ABOVE_TITLE_SCORE = -0.5
ABOVE_ROW_WORDING, ABOVE_ROW_SCORE = 1.0, 1.0
ABOVE_LINE_WORDING, ABOVE_LINE_MOST_WORDS = 0.5, 6  # a line goes from that wording on, or if it is so short
LABEL_MOST_WORDS = 2  # of a label above the text that goes with what it labels
SENTENCE_LEAST_WORDS = 8  # of a block in which a sentence ends
RUN_ON_WORDS = 18  # a longer line without a full stop is a sentence too
HEADING_LINE_MOST_WORDS = 12
HEADING_STYLE_LEAST_LINES = 2  # headings in small letters that make a style
PLAIN_HEADING_LEAST_WORDS, PLAIN_HEADING_MOST_WORDS = 2, 10
LONGER_WORD_CHARACTERS = 3  # longer words have capitals in a title
TITLED_LEAST_WORDS = 3  # longer words of a heading with capitals
SALUTATION_MOST_WORDS, SALUTATION_BLOCKS = 6, 6  # "Dear readers," within the first blocks: the text is a letter
ENDED_BLOCKS = 2  # removed below the text: from then on the next conditions are enough
ENDED_WORDING, ENDED_SCORE = 0.5, -1.6
BELOW_SHORT_WORDS, BELOW_SHORT_WORDING = 12, 1.2  # a sentence below the text goes from that wording on, by its length
BELOW_MIDDLE_WORDS, BELOW_MIDDLE_WORDING = 25, 1.4
BELOW_LONG_WORDING = 2.0
BELOW_SURE_WORDING = 2.0  # from here on the score need only be above FIRM_SCORE
BELOW_LEADING_WORDING, BELOW_LEADING_MOST_WORDS = 1.0, 4  # a line that leads to something
BELOW_ROW_WORDING = 0.5
APPEAL_MOST_WORDS = 45
APPEAL_SCORE = 1.2
APPEAL_SENTENCE_WORDING, APPEAL_LINE_WORDING = 2.4, 1.8
AD_LABEL_MOST_WORDS, SPONSORED_MOST_WORDS = 3, 35

# ---- the title (titles)
TITLE_MOST_WORDS, TITLE_MOST_HAN_CHARACTERS = 30, 60
HAN_CHARACTERS_PER_WORD = 2.5
TITLE_START_POINTS = -0.8
TITLE_WORD_POINTS, TITLE_COUNTED_WORDS = 0.45, 9
TITLE_LONG_WORD_POINTS, TITLE_LONG_WORDS = -0.12, 16  # for each word beyond
TITLE_COMMA_POINTS, TITLE_COMMA_WORDS = -0.7, 10  # a comma in a longer line
TITLE_BOLD_POINTS = 1.5
TITLE_LABELLED_POINTS = -1.5
TITLE_ISSUE_POINTS = -1.0
TITLE_SMALL_WORD_POINTS, TITLE_COUNTED_SMALL_WORDS = 0.3, 3
TITLE_HAN_POINTS, TITLE_HAN_LEAST_WORDS = 0.8, 4
TITLE_WORDING_POINTS = -0.5  # for each unit of wording
TITLE_DATED_POINTS = -1.5
TITLE_SEPARATED_POINTS = -2.5
TITLE_LINKED_POINTS = -1.0
TITLE_ISSUER_POINTS = -1.2
TITLE_QUESTION_POINTS = 0.8  # or a quotation
TITLE_BYLINE_POINTS, TITLE_BYLINE_BLOCKS = 0.7, 2  # a byline or date in the blocks below
TITLE_GAP_POINTS = 0.4  # a blank line above
TITLE_KNOWN_POINTS = 3.0  # times the Jaccard index with the words of a title known from elsewhere

# ---- headings of plain text (headings)
SPEAKERS_LEAST_BLOCKS = 3  # blocks that open with a speaker's name: an interview
FIRST_HEADING_BLOCKS = 6  # the first heading may be longer among so many blocks
GAPPED_SHARE = 0.6  # share of blocks below a blank line above which headings need one
BODY_LEAST_WORDS = 12  # of some block: else the text is a list, a poem, headlines
HEADINGS_PER_BODY, HEADINGS_BEYOND_BODY = 1.5, 2  # more headings than 1.5 times the blocks of body + 2 are doubted
HEADING_LINKS_SHARE = 0.8
HAN_FIRST_HEADING_CHARACTERS, HAN_HEADING_CHARACTERS = 45, 30
FIRST_HEADING_MOST_WORDS, HEADING_MOST_WORDS = 25, 12
FIRST_HEADING_MOST_CHARACTERS, HEADING_MOST_CHARACTERS = 170, 100
HEADING_FIGURES_SHARE = 0.4  # of the characters
BOLD_HEADING_MOST_WORDS, BOLD_HEADING_MOST_CHARACTERS = 14, 100
FIGURES_ROW_MOST_WORDS = 12
QUESTIONS_GAPPED, QUESTIONS_CLOSE = 2, 3  # so many questions with, or without, blank lines around them are headings
TITLE_CASE_SHARE = 0.75  # of the longer words that begin with a capital
AFTER_HEADING_LEAST_WORDS = 6  # of what follows a heading, unless it is a sentence
HEAD_RUN_MOST_BLOCKS, HEADING_RUN_MOST_BLOCKS = 3, 2  # headings in a row at the start of a text, and further down
CAPITALS_LEAST_LETTERS = 4  # of a heading in capitals

# ---- dates and bylines (datelines)
DATE_LINE_MOST_CHARACTERS = 140
BYLINE_MOST_CHARACTERS, BYLINE_SENTENCE_MOST_WORDS = 160, 8
DATED_MOST_CHARACTERS, DATED_MOST_WORDS = 160, 22
ISSUED_MOST_WORDS = 16
DATELINE_MOST_CHARACTERS = 120
CREDIT_GLANCE_CHARACTERS, CREDIT_SEEN_CHARACTERS = 24, 260  # at the end of a paragraph
CREDITED_LEAST_CHARACTERS = 20  # before a credit

# ---- the boilerplate score
SCORED_CHARACTERS = 600  # at the start of a block
LONG_BLOCK_WORDS = 25  # beyond which PER_WORD counts
SIGN_ONE_WORDS, SIGN_SOME_WORDS, SIGN_MANY_WORDS = 2, 14, 30  # the signs "one", "some" (at most) and "many" (at least)
PART_LINKED_SHARE = 0.15  # above it, the sign "part linked"

WEIGHTS: dict[str, float] = {
    # wording
    "asks": 1.4, "you": 1.2, "we": 0.5, "reading": 1.2, "story": 1.9, "device": 1.5, "answers": 0.6, "rights": 1.2,
    "liable": 2.2, "funded": 1.2, "firm": 0.3, "registered": 1.5, "money": 0.9, "address": 0.8, "reach": 0.8,
    "updated": 0.6, "credit": 1.0, "other": 1.1, "told": -0.8, "past": -0.2, "they": -0.6, "modal": -0.3, "logic": -1.3,
    "amount": -1.1,
    # form
    "open": 2.9, "one": 1.2, "some": 1.0, "many": -0.1, "leads": -1.9, "items": 0.6, "dated": 0.8, "capitals": 0.5,
    "titled": 1.3, "person": 2.6, "quoted": -0.3, "linked": 1.9, "part linked": 0.5, "row": -1.6, "item": -1.1,
    "bracketed": 0.4,
}  # fmt: skip
"""Log odds that each sign adds, fitted by logistic regression (ridge, C = 0.5) on 1,115 marked blocks of the
development documents (tests/data/corpus_marks, tests/data/corpus_marks_new/a), rounded; "registered", rare in them, was
set by hand."""

SENTENCE_WEIGHTS: dict[str, float] = {
    "asks": 0.5, "you": 1.5, "we": 0.7, "reading": 1.4, "story": 1.9, "device": 1.2, "answers": 0.7, "rights": 1.3,
    "liable": 2.2, "funded": 0.9, "firm": 0.6, "registered": 0.8, "money": 0.8, "address": 0.6, "reach": 0.8,
    "updated": 0.6, "credit": 0.2, "other": 0.2, "told": -1.0, "past": -0.2, "they": -0.5, "modal": -0.2,
    "logic": -1.3, "amount": -0.4, "open": 0.0, "one": -0.3, "some": 1.3, "many": 0.0, "leads": -1.0, "items": 0.4,
    "dated": 0.3, "capitals": 0.5, "titled": 1.7, "person": 2.6, "quoted": -0.3, "linked": 0.7, "part linked": 0.5,
    "row": -1.0, "item": -1.1, "bracketed": 0.4,
}  # fmt: skip
"""The same for blocks that end as a sentence does, fitted on the 614 of them and on tests/data/corpus_lines (prose that
speaks of notices, and notices)."""

START, SENTENCE_START = -2.7, -3.3
"""Log odds of a block without any sign, fitted with WEIGHTS, and of a sentence, fitted with SENTENCE_WEIGHTS."""

PER_WORD = -0.06
"""Log odds for each word beyond LONG_BLOCK_WORDS: a long block shows more signs by chance (set by hand)."""
