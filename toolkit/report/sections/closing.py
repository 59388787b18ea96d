"""How to run and check it all again, and the paragraphs in their documents."""

from __future__ import annotations

from toolkit.report.blocks import Documents, Listing, Paragraph, Section
from toolkit.report.content import Content
from toolkit.report.inlines import PAGE, Code, File
from toolkit.report.sections.pieces import blocks, fact, facts, fold, paragraph
from toolkit.text.format import plural

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
            paragraph("The run folder holds all that made this report. From the folder above it:"),
            Listing("Commands", COMMANDS),
            fold(
                "From a number to its source, and what this run was made from",
                paragraph(
                    "Every number here can be followed: from a theme or code to its quotes, from a quote to its "
                    "paragraph in its document, and from there, by document and characters, to the source file. ",
                    Code("manifest.json"),
                    " holds the sha256 of every file of the folder.",
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


def documents(content: Content) -> Section | None:
    """The paragraphs to which quotes lead; None where the report shows no words of the corpus."""
    if content.mode == "none":
        return None
    whole = f"All {plural(content.corpus.paragraphs, 'paragraph')} of the corpus, copies included"
    shown = whole if content.explorer.whole else "The quoted paragraphs and their neighbours"
    cut = ", the first 30 words of each" if content.mode == "snippet" else ""
    lead = Paragraph((f"{shown}{cut}. As a table: ", File("tables/paragraphs.csv"), "."), "lead")
    labels = {theme.theme: theme.label for theme in content.real_themes}
    tree = Documents(content.explorer.context, labels)
    return Section("paragraphs", "Paragraphs", "Paragraphs in their documents", (lead, tree), PAGE)
