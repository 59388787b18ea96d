"""Methods, limitations and works, in the words of the run itself."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.report.blocks import Blocks, Bullets, Files, Fold, Paragraph, Section
from toolkit.report.content import Content
from toolkit.report.corpus_part import CorpusPart
from toolkit.report.inlines import PAGE, Emphasis, Inlines, Link, Only
from toolkit.report.methods_part import Model
from toolkit.report.references import Work
from toolkit.report.sections.about import about_methods
from toolkit.report.sections.pieces import blocks, files, fold, paragraph, small
from toolkit.run_folder.manifest import CODING
from toolkit.text.format import count, listed, one_line, plural

STAGE_TITLES = {
    "corpus": "Corpus",
    "embed": "Embedding",
    "discover": "Discovery of themes",
    "decide": "Decisions of people",
    "pairs": "Themes near each other",
    "describe": "Description of themes",
    "beside": "Second encoder for codes",
    "code": "Coding",
    "validate": "Validation",
    "estimate": "Estimation",
    "wording": "Words and keyword lines",
    "claims": "Claims",
}


def methods(content: Content) -> Section:
    """What was done, with what, what that leaves open, and whose methods it was."""
    records = content.methods
    versions = f", with {records.versions}" if records.versions else ""
    return Section(
        "methods",
        "Methods",
        "Methods",
        blocks(
            _in_short(content),
            _declared(about_methods(content)),
            *(fold(_name(stage), paragraph(text)) for stage, text in _by_stage(content)),
            fold(
                "Models and versions",
                tuple(paragraph(f"{_role(model)}: {_model(model)}.") for model in records.models),
                small(f"Seed {content.seed}; toolkit {content.version}{versions}."),
                files("tables/methods.csv"),
            ),
            _noted(records.notes),
            _works(records.works),
        ),
    )


def _in_short(content: Content) -> Paragraph:
    """How the paragraphs became vectors, themes and codes, in a few words."""
    names = [model.id for model in content.methods.models if model.purpose != CODING]
    vectors = f", turned into vectors by {listed(names)}" if names else ""
    themes = ", grouped into themes" if content.real_themes else ""
    codes = f", coded with {plural(len(content.codes), 'code')}" if content.codes else ""
    number = content.corpus.documents
    were = "was" if number == 1 else "were"
    read = f"{plural(number, 'document')} {were} split into paragraphs{vectors}{themes}{codes}"
    units = "; intervals take documents as units" if content.corpus.holding > 1 else ""
    below = " Each stage below says what it did, with its settings and the works that it follows."
    return paragraph(f"{read}{units}. Seed {content.seed}; toolkit {content.version}.", Only(PAGE, (below,)))


def _declared(declaration: Blocks) -> Fold | None:
    """What the study declares, under its own heading as summary."""
    head, *rest = declaration if declaration else (None,)
    return fold("What the study declares of its corpus and coders", tuple(rest)) if head is not None else None


def _by_stage(content: Content) -> Iterator[tuple[str, str]]:
    """Stage and its sentences; for reading and embedding, which may have none, a sentence made from their results."""
    stages = {"corpus": (), "embed": (), **content.methods.stages}
    stages["corpus"] = stages["corpus"] or (_reading(content.corpus),)
    models = (model for model in content.methods.models if model.purpose != CODING)
    stages["embed"] = stages["embed"] or tuple(_embedding(model) for model in models)
    yield from ((stage, " ".join(texts)) for stage, texts in stages.items() if texts)


def _name(stage: str) -> str:
    return STAGE_TITLES.get(stage, one_line(stage))


def _reading(corpus: CorpusPart) -> str:
    passages = sum(row.passages for row in corpus.dropped)
    rules = plural(len(corpus.dropped), "named rule")
    copies = corpus.paragraphs - corpus.unique
    return (
        f"{plural(corpus.documents, 'document')} read and split into paragraphs; {plural(passages, 'passage')} left "
        f"out by {rules}, each listed with its place and reason; {corpus.kept_share} kept, in "
        f"{plural(corpus.paragraphs, 'paragraph')}, of which {count(copies)} repeat another and are counted once."
    )


def _embedding(model: Model) -> str:
    return f"Paragraphs were turned into vectors by {model.id}."


def _role(model: Model) -> str:
    return "Second encoder, for codes alone" if model.purpose == CODING else "Embedding model"


def _model(model: Model) -> str:
    """What is known of a model: name, revision, engine, dimensions, tokens, digest of its weights."""
    known = (
        (model.revision, f"revision {model.revision}"),
        (model.engine, f"engine {model.engine}"),
        (model.dimension, f"dimensions {model.dimension}"),
        (model.max_tokens, f"reads {count(model.max_tokens)} tokens at a time"),
        (model.sha256, f"weights sha256 {model.sha256}"),
    )
    return ", ".join([model.id, *(words for value, words in known if value)])


def _noted(notes: tuple[tuple[str, str], ...]) -> Fold | None:
    if not notes:
        return None
    bullets = Bullets(tuple((f"{_name(stage)}: {text}",) for stage, text in notes), "limits small")
    return fold(f"Noted by the stages of this run: {plural(len(notes), 'note')}", bullets, files("tables/notes.csv"))


def _works(works: tuple[Work, ...]) -> Fold | None:
    if not works:
        return None
    bullets = Bullets(tuple(_work(work) for work in works), "refs", numbered=True)
    return fold(f"References: {plural(len(works), 'work')}", bullets, Files(("references.bib",), "As BibTeX"))


def _work(work: Work) -> Inlines:
    """Author (year). Title. Where. doi."""
    entry: Inlines = (f"{work.author} ({work.year}). {work.title}. ", Emphasis((work.where,)), ".")
    return (*entry, " ", Link((f"doi:{work.doi}",), f"https://doi.org/{work.doi}")) if work.doi else entry
