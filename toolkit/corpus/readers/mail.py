"""Reads mail: .eml, mailboxes (.mbox), mail as text in a .txt file, and pages saved as .mhtml; one document per
message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from toolkit.corpus.decode import decode, repaired
from toolkit.corpus.readers.html import page_source
from toolkit.corpus.readers.mail_text import blocks_of_mail, head_pattern, outlook_head, outlook_messages
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Block, Source, Unreadable
from toolkit.text.notes import note

if TYPE_CHECKING:
    from email.message import EmailMessage

Read = Callable[[bytes, CorpusSettings], Sequence[Source]]
_POSTMARK = re.compile(
    rb"^From [^\r\n]{1,200}\d{1,2}:\d{2}[^\r\n]{0,60}(?:\r\n|\n|\r)(?=>?[A-Za-z][A-Za-z0-9-]*:)", re.MULTILINE
)
_FIELD = rb"[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r\n|\n|\r)(?:[ \t][^\r\n]*(?:\r\n|\n|\r))*"
_HEADERS = re.compile(rb"(?:\s*\n)?(?:From [^\r\n]*\r?\n)?(?:" + _FIELD + rb"){3,}")
_NEEDED = (re.compile(rb"^from:", re.I | re.M), re.compile(rb"^(?:subject|date|message-id|received|to):", re.I | re.M))
_SURE = re.compile(rb"^(?:message-id|received|mime-version|return-path|x-mailer|in-reply-to|date):", re.I | re.M)
ATTACHED = "attachments of a mail are not read"
HTML_PART = "mail read from its HTML part"
AS_MAIL = "read as mail (headers as metadata, one document a message)"


def read_eml(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
    """The message of an .eml file."""
    return (_message(data),)


def read_mbox(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
    """The messages of a mailbox in order, numbered from 0001."""
    starts = [mark.start() for mark in _POSTMARK.finditer(data)]
    if not starts:
        if _HEADERS.match(data):
            return read_eml(data, settings)
        raise Unreadable("no mailbox: no line 'From sender date' with headers below it")
    ends = [*starts[1:], len(data)]
    pieces = (data[start:end].partition(b"\n")[2] for start, end in zip(starts, ends, strict=True))
    return tuple(
        replace(_message(re.sub(rb"^>(>*From )", rb"\1", piece, flags=re.MULTILINE)), document_id=f"{number:04d}")
        for number, piece in enumerate(pieces, start=1)
    )


def or_mail(read: Read) -> Read:
    """The reader of text files: a mailbox or a mail is read as mail, with a note, any other text by `read`."""

    def chosen(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
        start = data[:3].removeprefix(b"\xef\xbb\xbf") + data[3:4000]
        if _POSTMARK.match(start):
            return [
                replace(mail, notes=(AS_MAIL, *mail.notes))
                for mail in read_mbox(data.removeprefix(b"\xef\xbb\xbf"), settings)
            ]
        fields = _HEADERS.match(start)
        if fields and all(needed.search(fields.group()) for needed in _NEEDED) and _SURE.search(fields.group()):
            mail = _message(data.removeprefix(b"\xef\xbb\xbf"))
            return [replace(mail, notes=(AS_MAIL, *mail.notes))]
        if b":" in start[:40] and head_pattern().match(start[:2000].decode("utf-8", "replace").lstrip()):
            return list(_outlook(data))
        return read(data, settings)

    return chosen


def read_mhtml(data: bytes, settings: CorpusSettings) -> Source:
    """The page of an .mhtml file (a browser's "single file"). Its date, that of saving, is left aside."""
    message = _parsed(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = page_source(*_decoded(part))
            address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            subject = _header(message, "subject")
            meta = {"title": subject} if subject else {}
            meta |= {"url": address} if address.startswith("http") else {}
            return replace(page, meta={**meta, **page.meta})
    raise Unreadable("no page inside: no part of type text/html")


def _parsed(data: bytes) -> EmailMessage:
    """A message as the email package reads it."""
    import email
    from email import policy

    message: Any = email.message_from_bytes(data.lstrip(b"\r\n"), policy=policy.default)
    return message  # type: ignore[no-any-return]


def _message(data: bytes) -> Source:
    """One message: its text with quoted lines and signature marked, its headers as metadata."""
    message = _parsed(data)
    if not message.keys():
        raise Unreadable("no mail: no headers at its head")
    meta, fields = _metadata(message)
    notes = []
    names = [name for part in message.walk() if (name := _attachment(part))]
    if names:
        notes.append(note(ATTACHED, ", ".join(names[:3])))
    plain, page = _bodies(message)
    if plain is not None:
        text, text_notes = _decoded(plain)
        if not text.strip() and page is not None:
            plain = None
        else:
            blocks = blocks_of_mail(text)
            return Source("", text, "", "", "mail", meta, blocks, 0, (*notes, *text_notes), True, fields=fields)
    if page is None:
        return Source("", "", "", "", "mail", meta, (), 0, (*notes, "no text in the mail"), True, fields=fields)
    source = page_source(*_decoded(page))
    marked = blocks_of_mail(source.text, source.blocks)
    all_notes = (*notes, *source.notes, note(HTML_PART))
    return Source("", source.text, "", "", "mail", meta, marked, 0, all_notes, True, fields=fields)


def _bodies(message: EmailMessage) -> tuple[Any, Any]:
    """The plain and the HTML part that are the message's text; attached messages are not its text."""
    plain = page = None
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or _attachment(part):
            continue
        if kind == "text/plain" and plain is None:
            plain = part
        elif kind == "text/html" and page is None:
            page = part
    return plain, page


def _attachment(part: Any) -> str:
    """The name of an attachment, or nothing for a part of the text."""
    try:
        name, disposition = str(part.get_filename() or ""), part.get_content_disposition()
    except (ValueError, TypeError, AttributeError, IndexError):  # a header that the email package cannot parse
        return ""
    if part.is_multipart():
        return ""
    kind = part.get_content_type()
    if disposition == "attachment" or (name and not kind.startswith("text/")) or not kind.startswith("text/"):
        return name or f"({kind})"
    return name if name and disposition != "inline" else ""


def _decoded(part: Any) -> tuple[str, tuple[str, ...]]:
    """The text of a part, with transfer encoding and character set decoded, and notes on doubts."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return "", ()
    named = str(part.get_content_charset() or "").lower()
    if named and named not in ("us-ascii", "ascii", "utf-8"):
        try:
            fixed = repaired(data.decode({"gb2312": "gb18030", "gbk": "gb18030"}.get(named, named)))
            return fixed.text, fixed.notes
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    try:
        decoded = decode(data)
    except Unreadable:
        return data.decode("utf-8", "replace"), ("parts of a mail are no text; read with replacements",)
    return decoded.text, decoded.notes


def _header(message: Any, name: str) -> str:
    """A header as text, encoded words decoded; nothing if it is missing or damaged."""
    try:
        value = message.get(name)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return ""
    return " ".join(repaired(str(value or "")).text.split())


def _metadata(message: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Title, author, source and date of a message; and sender, receivers and list as fields.

    The source is the mailing list if there is one, else the sender.
    """
    from email.utils import getaddresses, parseaddr

    name, address = parseaddr(_header(message, "from").replace(" at ", "@"))
    listed = re.search(r"<?([^<>\s]+)>?\s*\Z", _header(message, "list-id"))
    sender = address or name
    meta = {
        "title": _header(message, "subject"), "author": name or address,
        "source": listed[1] if listed else sender, "date": _date(_header(message, "date")),
    }  # fmt: skip
    people = getaddresses([_header(message, field) for field in ("to", "cc") if _header(message, field)])
    fields = {"sender": sender, "to": "; ".join(address or name for name, address in people if address or name)}
    fields |= {"list_id": listed[1] if listed else ""}
    return {key: value for key, value in meta.items() if value}, {k: value for k, value in fields.items() if value}


def _date(value: str) -> str:
    """The date of a Date header in the sender's time as ISO 8601, or as the header has it."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return value


def _outlook(data: bytes) -> Iterator[Source]:
    """Messages saved as text by Outlook: a head of four or so labelled lines, then the text."""
    decoded = decode(data)
    messages = outlook_messages(decoded.text)
    for number, piece in enumerate(messages, start=1):
        named, text = outlook_head(piece)
        title, author, date = (named.get(key, "") for key in ("subject", "from", "date"))
        meta = {"title": title, "author": author, "source": author, "date": date}
        fields = {"sender": author, "to": named.get("to", "")}
        blocks: tuple[Block, ...] = blocks_of_mail(text)
        yield Source(
            f"{number:04d}" if len(messages) > 1 else "", text, "", "", "mail",
            {key: value for key, value in meta.items() if value}, blocks, 0, (AS_MAIL, *decoded.notes), True,
            fields={key: value for key, value in fields.items() if value},
        )  # fmt: skip
