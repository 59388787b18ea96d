"""How to run and check it all again."""

from __future__ import annotations

from toolkit.report.blocks import Listing, Section
from toolkit.report.content import Content
from toolkit.report.inlines import Code
from toolkit.report.sections.pieces import blocks, fact, facts, fold, paragraph

COMMANDS = """\
toolkit verify RUN        # runs the experiment again and grades the replay
toolkit report RUN        # writes this report again from the run folder alone
toolkit search RUN "…"    # the paragraphs nearest in meaning"""


def replay(content: Content) -> Section:
    """The commands that check and repeat the run, and what it was made from."""
    return Section(
        "replay",
        "Replay",
        "Replay and verify",
        blocks(
            paragraph(
                "The run folder contains everything from which this report was made. Run these commands from the "
                "folder above it:"
            ),
            Listing("Commands", COMMANDS),
            fold(
                "From a number to its source, and what this run was made from",
                paragraph(
                    "Every number here can be traced: from a theme or code to its quotes, from a quote to its "
                    "paragraph in its document, and from there, by document and characters, to the source file. ",
                    Code("manifest.json"),
                    " contains the sha256 of every file of the folder.",
                ),
                facts(
                    fact("Experiment, sha256 of the resolved config", Code(content.experiment)),
                    fact("Corpus, sha256", Code(content.corpus_sha256)),
                    fact("Seed", content.seed),
                ),
            ),
            fold("The whole config", Listing("Config", content.config, "yaml")),
        ),
    )
