"""The metadata of a document: names of fields unified, a sidecar table joined."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from toolkit.errors import CorpusError, nearest

ALIASES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "article", "full_text", "fulltext", "full text", "article_text", "body_text",
        "maintext", "main_text", "paragraph", "document_text", "story", "正文", "内容", "文本", "全文",
        "volltext", "artikeltext", "fliesstext", "inhalt", "texte", "contenu",
        "texto", "contenido", "testo", "contenuto", "tekst", "текст", "содержание", "本文", "본문", "내용", "النص",
        "tweet_text", "post_text", "selftext", "message", "speech", "transcript", "textoriginal", "text_original",
        "textdisplay", "tweet", "treść", "metin", "içerik", "i̇çerik", "obsah", "szöveg", "κείμενο", "טקסט", "पाठ",
        "inhoud", "innehåll", "indhold", "sisältö", "nội dung", "conteúdo",
    ),
    "id": (
        "id", "document_id", "doc_id", "docid", "article_id", "uid", "uuid", "guid", "key", "编号", "responseid",
        "response_id", "response id", "respondent_id", "respondent id", "respondentid", "id. response id", "_uuid",
        "tweet_id", "status_id", "post_id", "comment_id", "speech_id", "story_id", "stories_id", "eid",
    ),
    "title": (
        "title", "headline", "og:title", "heading", "subject", "标题", "题目", "titel", "überschrift", "schlagzeile",
        "titre", "título", "titulo", "titolo", "tytuł", "заголовок", "タイトル", "제목", "العنوان",
        "article title", "article_title", "post title", "post_title", "webtitle", "video title", "video_title",
        "titular", "заглавие", "название", "標題", "題目", "題名", "見出し", "τίτλος", "başlık", "otsikko", "nadpis",
        "naslov", "cím", "titlu", "כותרת", "शीर्षक", "overskrift", "tiêu đề",
    ),
    "source": (
        "source title", "source_title", "publication title", "publication_title", "pubtitle", "publication name",
        "journal title", "journal_title",
        "source", "outlet", "publication", "publisher", "newspaper", "media", "og:site_name", "site_name", "journal",
        "issuer", "issued by", "source_name", "domain", "来源", "媒体", "发布机构", "quelle", "medium", "zeitung",
        "fuente", "fonte", "журнал", "источник", "газета", "매체", "媒体名",
        "medio", "diario", "periódico", "testata", "giornale", "jornal", "veículo", "издание", "krant", "tidning",
        "media_name", "media name", "domain_url", "page name", "page_name", "subreddit", "channel_title",
        "channeltitle", "channel", "來源", "媒體", "报纸", "報紙", "紙名", "新聞名", "掲載紙",
        "źródło", "zdroj", "kaynak", "πηγή", "forrás", "джерело", "källa", "kilde", "lähde", "bron", "المصدر", "מקור",
        "स्रोत", "出典", "언론사", "신문사",
    ),
    "date": (
        "date", "published", "publication_date", "publication date", "pubdate", "pub_date", "published_at",
        "publish_date", "published_date", "date_published", "datepublished", "article:published_time", "issued",
        "created", "created_at", "timestamp", "time", "日期", "发布时间", "时间",
        "datum", "fecha", "дата", "날짜", "日付", "التاريخ",
        "recordeddate", "submitdate", "submit date", "date submitted", "submission_time", "_submission_time",
        "startdate", "start date", "zeitstempel", "horodateur", "marca temporal", "informazioni cronologiche",
        "отметка времени", "タイムスタンプ",
        "published date", "date published", "published at", "publishedat", "published_on", "webpublicationdate",
        "created_utc", "createdat", "created at", "created_time", "create_time", "date_created", "seendate",
        "post created", "post created date", "posted", "posted_at", "post_date", "tweet_date", "date_time", "datetime",
        "ad_delivery_start_time", "ad_creation_time", "publication year", "publication_year", "year",
        "date de publication", "date de parution", "date publication", "erscheinungsdatum", "veröffentlicht",
        "veröffentlichungsdatum", "publikationsdatum", "fecha de publicación", "fecha publicación",
        "data di pubblicazione", "data de publicação", "data publikacji", "дата публикации", "дата выпуска",
        "发布日期", "发表时间", "發布日期", "發布時間", "出版日期", "発行日", "掲載日", "公開日", "年月日",
        "tarih", "päivämäärä", "dato", "dátum", "ημερομηνία", "תאריך", "दिनांक", "일자", "작성일", "게재일", "ngày",
        "data",
    ),
    "url": (
        "url", "link", "href", "og:url", "canonical", "web_url", "weburl", "permalink", "urls", "documenturl",
        "document url", "链接", "网址",
    ),
    "label": ("label", "category", "class", "gold", "topic", "标签", "类别"),
    "speaker": ("speaker", "speaker_name", "interlocutor", "sprecher", "sprecherin", "locuteur", "hablante", "发言人"),
    "author": ("author", "authors", "byline", "creator", "writer", "作者"),
}  # fmt: skip
"""Names under which a field is recognised, the likeliest first; compared in lower case."""

_RANKS = {
    alias: (role, rank)
    for role, aliases in reversed(ALIASES.items())
    if role not in ("text", "id")
    for rank, alias in enumerate(aliases)
}
"""Alias -> its role and how likely it is; a name of two roles belongs to the first."""
_CODES = frozenset({"id", "submitdate", "startdate"})
FILE_ALIASES = (
    "file",
    "filename",
    "file_name",
    "path",
    "document",
    "document_id",
    "doc",
    "doc_id",
    "id",
    "name",
    "文件",
)


def role_columns(names: Iterable[str], columns: Mapping[str, object], where: str) -> dict[str, str]:
    """Role (text, id, title, …) to column name: as mapped in the config, else found by name.

    Raises:
        CorpusError: the config maps a role to a column that the table does not have.
    """
    known = [name for name in names if name]
    low: dict[str, str] = {}
    for name in known:
        low.setdefault(name.strip().lower(), name)
    for name in known:  # "submitdate. Date submitted": code and question, as LimeSurvey gives them
        code = name.strip().lower().partition(". ")[0]
        if code in _CODES:
            low.setdefault(code, name)
    roles: dict[str, str] = {}
    for role, aliases in ALIASES.items():
        wanted = columns.get(role)
        if role in columns and wanted is None:
            continue
        if isinstance(wanted, str):
            if wanted not in known and wanted.strip().lower() not in low:
                raise CorpusError(
                    f"{where}: no column {wanted!r} (corpus.columns.{role}){nearest(wanted, known)}; "
                    f"the table has {', '.join(known)}"
                )
            roles[role] = wanted if wanted in known else low[wanted.strip().lower()]
        else:
            hit = next((low[alias] for alias in aliases if alias in low), None)
            if hit is not None and hit not in roles.values():
                roles[role] = hit
    return roles


def normalised(meta: Mapping[str, str]) -> dict[str, str]:
    """Metadata with the fields' own names instead of their aliases; the date as written (`toolkit.corpus.dating`)."""
    low = {key.strip().lower(): value for key, value in meta.items() if str(value).strip()}
    best: dict[str, tuple[int, str]] = {}
    for key in low:
        role, rank = _RANKS.get(key, ("", 0))
        if role and (role not in best or rank < best[role][0]):
            best[role] = (rank, key)
    known = {role: " ".join(str(low[best[role][1]]).split()) for role in ALIASES if role in best}
    used = {key for _, key in best.values()}
    rest = {key: str(value) for key, value in low.items() if key not in used}
    return {key: value for key, value in known.items() if value} | {f"+{key}": rest[key] for key in sorted(rest)}


def _composed(name: str) -> str:
    """A file name with composed accents: some systems decompose them, and tables seldom do."""
    return unicodedata.normalize("NFC", name)


class Sidecar:
    """Rows of a sidecar table by file name; a name is only compared, never opened."""

    def __init__(self, rows: Iterable[Mapping[str, str]], where: str) -> None:
        self.rows: dict[str, dict[str, str]] = {}
        self.used: set[str] = set()
        column: str | None = None
        for row in rows:
            column = column or self._file_column(row, where)
            name = _composed(str(row.get(column) or "").strip().replace("\\", "/").removeprefix("./"))
            if not name:
                continue
            if name in self.rows:
                raise CorpusError(f"{where}: two rows for {name!r}; keep one")
            self.rows[name] = {key: value for key, value in row.items() if key != column and key and value.strip()}

    @staticmethod
    def _file_column(row: Mapping[str, str], where: str) -> str:
        low = {name.strip().lower(): name for name in row if name}
        hit = next((low[alias] for alias in FILE_ALIASES if alias in low), None)
        if hit is None:
            raise CorpusError(
                f"{where}: no column of file names ({', '.join(FILE_ALIASES[:4])}); it has {', '.join(low)}"
            )
        return hit

    def of(self, path: str) -> dict[str, str]:
        """The fields for a file: by its path below the root, else by its name, else by its name without extension."""
        pure = PurePosixPath(_composed(path))
        for name in (str(pure), pure.name, pure.stem):
            if name in self.rows:
                self.used.add(name)
                return self.rows[name]
        return {}

    def unused(self) -> list[str]:
        """Names of rows that matched no document."""
        return sorted(set(self.rows) - self.used)
