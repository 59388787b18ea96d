"""The works behind the methods of a run: only those that the run's own words and settings name."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """A work: its key, the words that call for it, and its parts as BibTeX has them."""

    key: str
    called_by: str  # a regular expression over methods, notes, metric keys and config
    kind: str
    author: str
    year: int
    title: str
    where: str
    doi: str = ""

    @property
    def text(self) -> str:
        """As a line of a reference list."""
        ends = f" https://doi.org/{self.doi}" if self.doi else ""
        return f"{self.author} ({self.year}). {self.title}. {self.where}.{ends}"

    @property
    def bibtex(self) -> str:
        """As an entry of a .bib file."""
        place = {"article": "journal", "inproceedings": "booktitle"}.get(self.kind, "publisher")
        fields = [("author", _authors(self.author)), ("year", str(self.year)), ("title", f"{{{self.title}}}")]
        fields += [(place, self.where)] + ([("doi", self.doi)] if self.doi else [])
        return f"@{self.kind}{{{self.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields) + "}\n"


def _authors(text: str) -> str:
    return re.sub(r",? & |(?<=\.), ", " and ", text).replace(", et al.", " and others")


WORKS = (
    Work("minilm2020", r"minilm", "inproceedings", "Wang, W., Wei, F., Dong, L., Bao, H., Yang, N., Zhou, M.", 2020,
         "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers",
         "Advances in Neural Information Processing Systems 33"),
    Work("sbert2019", r"sentence[- ]transformers?|sentence[- ]bert|minilm", "inproceedings",
         "Reimers, N., Gurevych, I.",
         2019, "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks", "Proceedings of EMNLP-IJCNLP 2019",
         "10.18653/v1/D19-1410"),
    Work("lsa1990", r"\blsa\b|latent semantic", "article",
         "Deerwester, S., Dumais, S. T., Furnas, G. W., Landauer, T. K., "
         "Harshman, R.", 1990, "Indexing by Latent Semantic Analysis",
         "Journal of the American Society for Information Science 41(6), 391–407"),
    Work("leiden2019", r"leiden", "article", "Traag, V. A., Waltman, L., van Eck, N. J.", 2019,
         "From Louvain to Leiden: guaranteeing well-connected communities", "Scientific Reports 9, 5233",
         "10.1038/s41598-019-41695-z"),
    Work("consensus2012", r"consensus", "article", "Lancichinetti, A., Fortunato, S.", 2012,
         "Consensus clustering in complex networks", "Scientific Reports 2, 336", "10.1038/srep00336"),
    Work("jaccard2007", r"best-match jaccard|stability", "article", "Hennig, C.", 2007,
         "Cluster-wise assessment of cluster stability", "Computational Statistics & Data Analysis 52(1), 258–271",
         "10.1016/j.csda.2006.11.025"),
    Work("umap2018", r"\bumap\b", "article", "McInnes, L., Healy, J., Saul, N., Großberger, L.", 2018,
         "UMAP: Uniform Manifold Approximation and Projection", "Journal of Open Source Software 3(29), 861",
         "10.21105/joss.00861"),
    Work("hdbscan2013", r"hdbscan", "inproceedings", "Campello, R. J. G. B., Moulavi, D., Sander, J.", 2013,
         "Density-Based Clustering Based on Hierarchical Density Estimates",
         "Advances in Knowledge Discovery and Data Mining (PAKDD)", "10.1007/978-3-642-37456-2_14"),
    Work("bertopic2022", r"bertopic|c-tf-idf", "article", "Grootendorst, M.", 2022,
         "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", "arXiv:2203.05794",
         "10.48550/arXiv.2203.05794"),
    Work("skmeans2001", r"spherical k-means", "article", "Dhillon, I. S., Modha, D. S.", 2001,
         "Concept Decompositions for Large Sparse Text Data Using Clustering", "Machine Learning 42, 143–175",
         "10.1023/A:1007612920971"),
    Work("ward1963", r"\bward\b", "article", "Ward, J. H.", 1963,
         "Hierarchical Grouping to Optimize an Objective Function",
         "Journal of the American Statistical Association 58(301), 236–244", "10.1080/01621459.1963.10500845"),
    Work("mmr1998", r"\bmmr\b|maximal marginal", "inproceedings", "Carbonell, J., Goldstein, J.", 1998,
         "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries",
         "Proceedings of SIGIR 1998", "10.1145/290941.291025"),
    Work("minhash1997", r"minhash|near-duplicate", "inproceedings", "Broder, A. Z.", 1997,
         "On the resemblance and containment of documents", "Compression and Complexity of SEQUENCES",
         "10.1109/SEQUEN.1997.666900"),
    Work("npmi2009", r"npmi", "inproceedings", "Bouma, G.", 2009,
         "Normalized (Pointwise) Mutual Information in Collocation Extraction", "Proceedings of GSCL 2009"),
    Work("coherence2015", r"c_v\b|c-v\b|coherence\.c_?v", "inproceedings", "Röder, M., Both, A., Hinneburg, A.", 2015,
         "Exploring the Space of Topic Coherence Measures", "Proceedings of WSDM 2015", "10.1145/2684822.2685324"),
    Work("silhouette1987", r"silhouette", "article", "Rousseeuw, P. J.", 1987,
         "Silhouettes: A graphical aid to the interpretation and validation of cluster analysis",
         "Journal of Computational and Applied Mathematics 20, 53–65", "10.1016/0377-0427(87)90125-7"),
    Work("dbcv2014", r"dbcv|density-based validity", "inproceedings",
         "Moulavi, D., Jaskowiak, P. A., Campello, R. J. G. B., "
         "Zimek, A., Sander, J.", 2014, "Density-Based Clustering Validation", "Proceedings of SDM 2014",
         "10.1137/1.9781611973440.96"),
    Work("ari1985", r"\bari\b|adjusted rand", "article", "Hubert, L., Arabie, P.", 1985, "Comparing partitions",
         "Journal of Classification 2, 193–218", "10.1007/BF01908075"),
    Work("ami2010", r"\bami\b|adjusted mutual", "article", "Vinh, N. X., Epps, J., Bailey, J.", 2010,
         "Information Theoretic Measures for Clusterings Comparison",
         "Journal of Machine Learning Research 11, 2837–2854"),
    Work("krippendorff2018", r"krippendorff|\balpha\b", "book", "Krippendorff, K.", 2018,
         "Content Analysis: An Introduction to Its Methodology (4th ed.)", "SAGE"),
    Work("kappa1960", r"\bkappa\b", "article", "Cohen, J.", 1960, "A Coefficient of Agreement for Nominal Scales",
         "Educational and Psychological Measurement 20(1), 37–46", "10.1177/001316446002000104"),
    Work("bootstrap2007", r"bootstrap", "article", "Field, C. A., Welsh, A. H.", 2007, "Bootstrapping clustered data",
         "Journal of the Royal Statistical Society B 69(3), 369–390", "10.1111/j.1467-9868.2007.00593.x"),
    Work("mover2008", r"mover\b|variance estimates recovery", "article", "Zou, G. Y., Donner, A.", 2008,
         "Construction of confidence limits about effect measures: A general approach",
         "Statistics in Medicine 27(10), 1693–1702", "10.1002/sim.3095"),
    Work("holm1979", r"\bholm\b", "article", "Holm, S.", 1979,
         "A Simple Sequentially Rejective Multiple Test Procedure",
         "Scandinavian Journal of Statistics 6(2), 65–70"),
    Work("bh1995", r"benjamini", "article", "Benjamini, Y., Hochberg, Y.", 1995,
         "Controlling the False Discovery Rate", "Journal of the Royal Statistical Society B 57(1), 289–300",
         "10.1111/j.2517-6161.1995.tb02031.x"),
    Work("ppi2023", r"prediction-powered", "article", "Angelopoulos, A. N., Bates, S., Fannjiang, C., Jordan, M. I., "
         "Zrnic, T.", 2023, "Prediction-powered inference", "Science 382(6671), 669–674", "10.1126/science.adi6000"),
    Work("platt1999", r"\bplatt\b", "inproceedings", "Platt, J.", 1999,
         "Probabilistic Outputs for Support Vector Machines", "Advances in Large Margin Classifiers, 61–74"),
    Work("intrusion2009", r"intrusion", "inproceedings",
         "Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C., Blei, D. M.",
         2009, "Reading Tea Leaves: How Humans Interpret Topic Models",
         "Advances in Neural Information Processing Systems 22"),
    Work("trafilatura2021", r"trafilatura", "inproceedings", "Barbaresi, A.", 2021,
         "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction",
         "Proceedings of ACL-IJCNLP 2021: System Demonstrations", "10.18653/v1/2021.acl-demo.15"),
)  # fmt: skip


def works_for(text: str) -> tuple[Work, ...]:
    """The works that a text calls for, by author and year."""
    low = text.lower()
    return tuple(
        sorted((work for work in WORKS if re.search(work.called_by, low)), key=lambda work: (work.author, work.year))
    )


def bibliography(works: tuple[Work, ...]) -> str:
    """A .bib file."""
    return "\n".join(work.bibtex for work in works)
