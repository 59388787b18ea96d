"""The works that methods cite: stages and components name them by key, and a run lists the keys of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PLACES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle", "misc": "howpublished"}
"""The BibTeX field for the place of publication, by kind of work; a book has a publisher."""


@dataclass(frozen=True)
class Work:
    """A work: its key and its parts as BibTeX has them."""

    key: str
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
        place = PLACES.get(self.kind, "publisher")
        fields = [("author", _authors(self.author)), ("year", str(self.year)), ("title", f"{{{self.title}}}")]
        fields += [(place, self.where)] + ([("doi", self.doi)] if self.doi else [])
        return f"@{self.kind}{{{self.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields) + "}\n"


def _authors(text: str) -> str:
    return re.sub(r",? & |(?<=\.), ", " and ", text).replace(", et al.", " and others")


WORKS = (
    Work("lipton2014", "inproceedings", "Lipton, Z. C., Elkan, C., Naryanaswamy, B.", 2014,
         "Optimal Thresholding of Classifiers to Maximize F1 Measure", "Proceedings of ECML PKDD 2014, 225–239",
         "10.1007/978-3-662-44851-9_15"),
    Work("minilm2020", "inproceedings", "Wang, W., Wei, F., Dong, L., Bao, H., Yang, N., Zhou, M.", 2020,
         "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers",
         "Advances in Neural Information Processing Systems 33"),
    Work("sbert2019", "inproceedings",
         "Reimers, N., Gurevych, I.",
         2019, "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks", "Proceedings of EMNLP-IJCNLP 2019",
         "10.18653/v1/D19-1410"),
    Work("use2020", "inproceedings",
         "Yang, Y., Cer, D., Ahmad, A., Guo, M., Law, J., Constant, N., Hernandez Abrego, G., "
         "Yuan, S., Tar, C., Sung, Y.-H., Strope, B., Kurzweil, R.", 2020,
         "Multilingual Universal Sentence Encoder for Semantic Retrieval",
         "Proceedings of ACL 2020: System Demonstrations", "10.18653/v1/2020.acl-demos.12"),
    Work("lsa1990", "article",
         "Deerwester, S., Dumais, S. T., Furnas, G. W., Landauer, T. K., "
         "Harshman, R.", 1990, "Indexing by Latent Semantic Analysis",
         "Journal of the American Society for Information Science 41(6), 391–407"),
    Work("leiden2019", "article", "Traag, V. A., Waltman, L., van Eck, N. J.", 2019,
         "From Louvain to Leiden: guaranteeing well-connected communities", "Scientific Reports 9, 5233",
         "10.1038/s41598-019-41695-z"),
    Work("consensus2012", "article", "Lancichinetti, A., Fortunato, S.", 2012,
         "Consensus clustering in complex networks", "Scientific Reports 2, 336", "10.1038/srep00336"),
    Work("jaccard2007", "article", "Hennig, C.", 2007,
         "Cluster-wise assessment of cluster stability", "Computational Statistics & Data Analysis 52(1), 258–271",
         "10.1016/j.csda.2006.11.025"),
    Work("dissolution2008", "article", "Hennig, C.", 2008,
         "Dissolution point and isolation robustness: Robustness criteria for general cluster analysis methods",
         "Journal of Multivariate Analysis 99(6), 1154–1176", "10.1016/j.jmva.2007.07.002"),
    Work("satterthwaite1946", "article", "Satterthwaite, F. E.", 1946,
         "An Approximate Distribution of Estimates of Variance Components", "Biometrics Bulletin 2(6), 110–114",
         "10.2307/3002019"),
    Work("umap2018", "article", "McInnes, L., Healy, J., Saul, N., Großberger, L.", 2018,
         "UMAP: Uniform Manifold Approximation and Projection", "Journal of Open Source Software 3(29), 861",
         "10.21105/joss.00861"),
    Work("hdbscan2013", "inproceedings", "Campello, R. J. G. B., Moulavi, D., Sander, J.", 2013,
         "Density-Based Clustering Based on Hierarchical Density Estimates",
         "Advances in Knowledge Discovery and Data Mining (PAKDD)", "10.1007/978-3-642-37456-2_14"),
    Work("bertopic2022", "article", "Grootendorst, M.", 2022,
         "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", "arXiv:2203.05794",
         "10.48550/arXiv.2203.05794"),
    Work("skmeans2001", "article", "Dhillon, I. S., Modha, D. S.", 2001,
         "Concept Decompositions for Large Sparse Text Data Using Clustering", "Machine Learning 42, 143–175",
         "10.1023/A:1007612920971"),
    Work("ward1963", "article", "Ward, J. H.", 1963,
         "Hierarchical Grouping to Optimize an Objective Function",
         "Journal of the American Statistical Association 58(301), 236–244", "10.1080/01621459.1963.10500845"),
    Work("mmr1998", "inproceedings", "Carbonell, J., Goldstein, J.", 1998,
         "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries",
         "Proceedings of SIGIR 1998", "10.1145/290941.291025"),
    Work("minhash1997", "inproceedings", "Broder, A. Z.", 1997,
         "On the resemblance and containment of documents", "Compression and Complexity of SEQUENCES",
         "10.1109/SEQUEN.1997.666900"),
    Work("brill1992", "inproceedings", "Brill, E.", 1992, "A simple rule-based part of speech tagger",
         "Proceedings of the Third Conference on Applied Natural Language Processing", "10.3115/974499.974526"),
    Work("npmi2009", "inproceedings", "Bouma, G.", 2009,
         "Normalized (Pointwise) Mutual Information in Collocation Extraction", "Proceedings of GSCL 2009"),
    Work("coherence2015", "inproceedings", "Röder, M., Both, A., Hinneburg, A.", 2015,
         "Exploring the Space of Topic Coherence Measures", "Proceedings of WSDM 2015", "10.1145/2684822.2685324"),
    Work("silhouette1987", "article", "Rousseeuw, P. J.", 1987,
         "Silhouettes: A graphical aid to the interpretation and validation of cluster analysis",
         "Journal of Computational and Applied Mathematics 20, 53–65", "10.1016/0377-0427(87)90125-7"),
    Work("dbcv2014", "inproceedings",
         "Moulavi, D., Jaskowiak, P. A., Campello, R. J. G. B., "
         "Zimek, A., Sander, J.", 2014, "Density-Based Clustering Validation", "Proceedings of SDM 2014",
         "10.1137/1.9781611973440.96"),
    Work("ari1985", "article", "Hubert, L., Arabie, P.", 1985, "Comparing partitions",
         "Journal of Classification 2, 193–218", "10.1007/BF01908075"),
    Work("ami2010", "article", "Vinh, N. X., Epps, J., Bailey, J.", 2010,
         "Information Theoretic Measures for Clusterings Comparison",
         "Journal of Machine Learning Research 11, 2837–2854"),
    Work("krippendorff2011", "article", "Krippendorff, K.", 2011, "Computing Krippendorff's Alpha-Reliability",
         "Annenberg School for Communication, University of Pennsylvania"),
    Work("kappa1960", "article", "Cohen, J.", 1960, "A Coefficient of Agreement for Nominal Scales",
         "Educational and Psychological Measurement 20(1), 37–46", "10.1177/001316446002000104"),
    Work("landis1977", "article", "Landis, J. R., Koch, G. G.", 1977,
         "The Measurement of Observer Agreement for Categorical Data", "Biometrics 33(1), 159–174", "10.2307/2529310"),
    Work("bootstrap2007", "article", "Field, C. A., Welsh, A. H.", 2007, "Bootstrapping clustered data",
         "Journal of the Royal Statistical Society B 69(3), 369–390", "10.1111/j.1467-9868.2007.00593.x"),
    Work("jackknife1981", "article", "Efron, B., Stein, C.", 1981, "The jackknife estimate of variance",
         "The Annals of Statistics 9(3), 586–596", "10.1214/aos/1176345462"),
    Work("mover2008", "article", "Zou, G. Y., Donner, A.", 2008,
         "Construction of confidence limits about effect measures: A general approach",
         "Statistics in Medicine 27(10), 1693–1702", "10.1002/sim.3095"),
    Work("hoeffding1963", "article", "Hoeffding, W.", 1963,
         "Probability Inequalities for Sums of Bounded Random Variables",
         "Journal of the American Statistical Association 58(301), 13–30", "10.1080/01621459.1963.10500830"),
    Work("phipson2010", "article", "Phipson, B., Smyth, G. K.", 2010,
         "Permutation P-values Should Never Be Zero: Calculating Exact P-values When Permutations Are Randomly Drawn",
         "Statistical Applications in Genetics and Molecular Biology 9(1), 39", "10.2202/1544-6115.1585"),
    Work("westfall1993", "book", "Westfall, P. H., Young, S. S.", 1993,
         "Resampling-Based Multiple Testing: Examples and Methods for p-Value Adjustment", "Wiley"),
    Work("holm1979", "article", "Holm, S.", 1979,
         "A Simple Sequentially Rejective Multiple Test Procedure",
         "Scandinavian Journal of Statistics 6(2), 65–70"),
    Work("bh1995", "article", "Benjamini, Y., Hochberg, Y.", 1995,
         "Controlling the False Discovery Rate", "Journal of the Royal Statistical Society B 57(1), 289–300",
         "10.1111/j.2517-6161.1995.tb02031.x"),
    Work("ppi2023", "article", "Angelopoulos, A. N., Bates, S., Fannjiang, C., Jordan, M. I., "
         "Zrnic, T.", 2023, "Prediction-powered inference", "Science 382(6671), 669–674", "10.1126/science.adi6000"),
    Work("breiman1984", "book", "Breiman, L., Friedman, J. H., Olshen, R. A., Stone, C. J.", 1984,
         "Classification and Regression Trees", "Wadsworth"),
    Work("angiulli2002", "inproceedings", "Angiulli, F., Pizzuti, C.", 2002,
         "Fast Outlier Detection in High Dimensional Spaces",
         "Principles of Data Mining and Knowledge Discovery (PKDD), LNCS 2431, 15–27", "10.1007/3-540-45681-3_2"),
    Work("buja1992", "article", "Buja, A., Eyuboglu, N.", 1992, "Remarks on Parallel Analysis",
         "Multivariate Behavioral Research 27(4), 509–540", "10.1207/s15327906mbr2704_2"),
    Work("clopper1934", "article", "Clopper, C. J., Pearson, E. S.", 1934,
         "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial",
         "Biometrika 26(4), 404–413", "10.1093/biomet/26.4.404"),
    Work("cochran1977", "book", "Cochran, W. G.", 1977, "Sampling Techniques (3rd ed.)", "Wiley"),
    Work("dunning1993", "article", "Dunning, T.", 1993,
         "Accurate Methods for the Statistics of Surprise and Coincidence", "Computational Linguistics 19(1), 61–74"),
    Work("frantzi2000", "article", "Frantzi, K., Ananiadou, S., Mima, H.", 2000,
         "Automatic recognition of multi-word terms: the C-value/NC-value method",
         "International Journal on Digital Libraries 3, 115–130", "10.1007/s007999900023"),
    Work("hajek1971", "incollection", "Hájek, J.", 1971,
         "Comment on An essay on the logical foundations of survey sampling",
         "Foundations of Statistical Inference, Holt, Rinehart and Winston, 236"),
    Work("halko2011", "article", "Halko, N., Martinsson, P.-G., Tropp, J. A.", 2011,
         "Finding Structure with Randomness: Probabilistic Algorithms for Constructing Approximate Matrix "
         "Decompositions", "SIAM Review 53(2), 217–288",
         "10.1137/090771806"),
    Work("hara2015", "inproceedings", "Hara, K., Suzuki, I., Shimbo, M., Kobayashi, K., Fukumizu, K., Radovanović, M.",
         2015, "Localized Centering: Reducing Hubness in Large-Sample Data", "Proceedings of AAAI 2015"),
    Work("hardie2014", "misc", "Hardie, A.", 2014, "Log Ratio: an informal introduction",
         "ESRC Centre for Corpus Approaches to Social Science, Lancaster University"),
    Work("hoeffding1948", "article", "Hoeffding, W.", 1948,
         "A Class of Statistics with Asymptotically Normal Distribution",
         "Annals of Mathematical Statistics 19(3), 293–325",
         "10.1214/aoms/1177730196"),
    Work("hruschka2004", "inproceedings", "Hruschka, E. R., de Castro, L. N., Campello, R. J. G. B.", 2004,
         "Evolutionary Algorithms for Clustering Gene-Expression Data", "Proceedings of ICDM 2004"),
    Work("jegou2011", "article", "Jégou, H., Douze, M., Schmid, C.", 2011,
         "Product Quantization for Nearest Neighbor Search",
         "IEEE Transactions on Pattern Analysis and Machine Intelligence 33(1), 117–128", "10.1109/TPAMI.2010.57"),
    Work("keybert2020", "misc", "Grootendorst, M.", 2020, "KeyBERT: Minimal keyword extraction with BERT", "Zenodo",
         "10.5281/zenodo.4461265"),
    Work("lambiotte2008", "article", "Lambiotte, R., Delvenne, J.-C., Barahona, M.", 2008,
         "Laplacian Dynamics and Multiscale Modular Structure in Networks", "arXiv:0812.1770",
         "10.48550/arXiv.0812.1770"),
    Work("lau2014", "inproceedings", "Lau, J. H., Newman, D., Baldwin, T.", 2014, "Machine Reading Tea Leaves: "
         "Automatically Evaluating Topic Coherence and Topic Model Quality", "Proceedings of EACL 2014",
         "10.3115/v1/E14-1056"),
    Work("leskovec2014", "book", "Leskovec, J., Rajaraman, A., Ullman, J. D.", 2014,
         "Mining of Massive Datasets (2nd ed.)", "Cambridge University Press", "10.1017/CBO9781139924801"),
    Work("lijffijt2016", "article", "Lijffijt, J., Nevalainen, T., Säily, T., Papapetrou, P., Puolamäki, K., "
         "Mannila, H.", 2016, "Significance testing of word frequencies in corpora",
         "Digital Scholarship in the Humanities 31(2), 374–397", "10.1093/llc/fqu064"),
    Work("model2vec2024", "misc", "Tulkens, S., van Dongen, T.", 2024,
         "Model2Vec: Fast State-of-the-Art Static Embeddings", "Zenodo"),
    Work("monroe2008", "article", "Monroe, B. L., Colaresi, M. P., Quinn, K. M.", 2008,
         "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the Content of Political Conflict",
         "Political Analysis 16(4), 372–403", "10.1093/pan/mpn018"),
    Work("pantel2002", "inproceedings", "Pantel, P., Lin, D.", 2002, "Discovering Word Senses from Text",
         "Proceedings of KDD 2002", "10.1145/775047.775138"),
    Work("porter1980", "article", "Porter, M. F.", 1980, "An algorithm for suffix stripping", "Program 14(3), 130–137",
         "10.1108/eb046814"),
    Work("ppi2023b", "article", "Angelopoulos, A. N., Duchi, J. C., Zrnic, T.", 2023,
         "PPI++: Efficient Prediction-Powered Inference", "arXiv:2311.01453", "10.48550/arXiv.2311.01453"),
    Work("rao1988", "article", "Rao, J. N. K., Wu, C. F. J.", 1988, "Resampling Inference with Complex Survey Data",
         "Journal of the American Statistical Association 83(401), 231–241", "10.1080/01621459.1988.10478591"),
    Work("rocchio1971", "incollection", "Rocchio, J. J.", 1971, "Relevance Feedback in Information Retrieval",
         "The SMART Retrieval System: Experiments in Automatic Document Processing, Prentice-Hall, 313–323"),
    Work("rosenberg2007", "inproceedings", "Rosenberg, A., Hirschberg, J.", 2007,
         "V-Measure: A Conditional Entropy-Based External Cluster Evaluation Measure",
         "Proceedings of EMNLP-CoNLL 2007"),
    Work("salton1988", "article", "Salton, G., Buckley, C.", 1988,
         "Term-Weighting Approaches in Automatic Text Retrieval", "Information Processing & Management 24(5), 513–523",
         "10.1016/0306-4573(88)90021-0"),
    Work("saerens2002", "article", "Saerens, M., Latinne, P., Decaestecker, C.", 2002,
         "Adjusting the Outputs of a Classifier to New a Priori Probabilities: A Simple Procedure",
         "Neural Computation 14(1), 21–41", "10.1162/089976602753284446"),
    Work("zhou2004", "inproceedings", "Zhou, D., Bousquet, O., Lal, T. N., Weston, J., Schölkopf, B.", 2004,
         "Learning with Local and Global Consistency", "Advances in Neural Information Processing Systems 16"),
)  # fmt: skip


def works_of(keys: Iterable[str]) -> tuple[Work, ...]:
    """The works of some keys, each once, by author and year; keys of another version of the toolkit are passed over."""
    wanted = {*keys}
    return tuple(sorted((work for work in WORKS if work.key in wanted), key=lambda work: (work.author, work.year)))


def bibliography(works: tuple[Work, ...]) -> str:
    """A .bib file."""
    return "\n".join(work.bibtex for work in works)
