"""Labels by a language model with an OpenAI-compatible endpoint: off by default; every answer is stored and reused.

The model sees a theme's keywords and quotes and returns a name. Prompt and answer are written to a file of JSON lines
at once, with a digest of model, temperature and prompt as key. An interrupted run continues with the stored answers,
and a run with all answers stored calls no endpoint.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from toolkit.describe.material import LabellerSettings, Material
from toolkit.errors import ToolkitError
from toolkit.settings import digest_of, speed_field

if TYPE_CHECKING:
    from toolkit.describe.keywords import Candidate

PROMPT = """You name themes that were found in a corpus of texts.
These words are typical of one theme: {keywords}
These passages were quoted from it, word for word:
{quotes}
Give the theme a name of two to six words that a reader of the corpus would understand, in the language of the
passages. Name what the passages share, not one of them. Answer with the name alone."""


@dataclass(frozen=True)
class Answer:
    """A prompt, the answer of the model, and the key under which they are stored."""

    key: str
    prompt: str
    text: str


class LlmLabeller(LabellerSettings):
    """Names by a language model (OpenAI-compatible endpoint) from a theme's keywords and quotes; answers are stored."""

    named: ClassVar[bool] = True
    method: Literal["llm"] = "llm"
    model: str = Field(description="The model's name, as the endpoint knows it.")
    url: str = speed_field("http://localhost:11434/v1", description="Base address of the endpoint.")
    record: str = speed_field("labels.jsonl", description="File of JSON lines that keeps every prompt and answer.")
    temperature: float = Field(0.0, ge=0, le=2, description="Randomness of the model's answers.")
    key_variable: str = speed_field("OPENAI_API_KEY", description="Environment variable that holds the key, if any.")
    seconds: float = speed_field(60.0, gt=0, description="Longest wait for one answer.")

    def rank(self, themes: Sequence[Sequence[Candidate]], material: Material) -> list[list[Candidate]]:
        """The candidates of each theme in order of weight: the model names themes, but does not choose keywords."""
        return [list(ranked) for ranked in themes]

    def answers(self, themes: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Answer]:
        """An answer for each theme, given its keywords and quotes; stored answers are reused.

        Raises: ToolkitError if the endpoint cannot be reached or returns an error; previous answers are stored.
        """
        known = self._on_file()
        answers: list[Answer] = []
        for keywords, quotes in themes:
            listed = "\n".join(f"- {quote}" for quote in quotes) or "- (none)"
            prompt = PROMPT.format(keywords=", ".join(keywords), quotes=listed)
            key = digest_of({"model": self.model, "temperature": self.temperature, "prompt": prompt})
            if key not in known:
                known[key] = self._ask(prompt)
                self._keep({"key": key, "model": self.model, "prompt": prompt, "answer": known[key]})
            answers.append(Answer(key, prompt, known[key]))
        return answers

    def _on_file(self) -> dict[str, str]:
        place = Path(self.record)
        known: dict[str, str] = {}
        if not place.exists():
            return known
        try:
            _mend(place)
            text = place.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise ToolkitError(
                f"describe.labeller.record: {place}: no file of prompts and answers in UTF-8 ({type(fault).__name__}); "
                "name another, or remove it"
            ) from None
        for number, line in enumerate(text.split("\n"), start=1):
            try:
                row = json.loads(line) if line.strip() else None
                if row is not None:
                    known[str(row["key"])] = str(row["answer"])
            except (ValueError, KeyError, TypeError):
                raise ToolkitError(
                    f"{place}:{number}: no record of a prompt and its answer (JSON with key and answer): mend or "
                    "remove the line"
                ) from None
        return known

    def _keep(self, row: dict[str, str]) -> None:
        place = Path(self.record)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("a", encoding="utf-8", newline="\n") as lines:
                lines.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
        except OSError as fault:
            raise ToolkitError(f"describe.labeller.record: {place}: {fault.strerror}: answers cannot be kept") from None

    def _ask(self, prompt: str) -> str:
        from http.client import HTTPException
        from urllib.error import URLError
        from urllib.request import Request, urlopen

        body = {"model": self.model, "messages": [{"role": "user", "content": prompt}], "temperature": self.temperature}
        headers = {"Content-Type": "application/json"}
        if secret := os.environ.get(self.key_variable):
            headers["Authorization"] = f"Bearer {secret}"
        address = f"{self.url.rstrip('/')}/chat/completions"
        try:
            if not address.startswith(("http://", "https://")):
                raise ValueError("an address starts with http:// or https://")
            with urlopen(Request(address, json.dumps(body).encode(), headers), timeout=self.seconds) as answer:
                return _answer(json.loads(answer.read()))
        except (URLError, HTTPException, OSError, ValueError, KeyError, IndexError, TypeError) as fault:
            raise ToolkitError(
                f"describe.labeller.url: {address} gave no answer ({fault}); answers so far are kept in {self.record}: "
                "mend the endpoint and run again, or use labeller 'keywords'"
            ) from None


def _answer(reply: Any) -> str:
    """The text of a reply; empty if the model returned none (content: null)."""
    text = reply["choices"][0]["message"]["content"]
    if text is not None and not isinstance(text, str):
        raise TypeError("the content of its message is no text")
    return (text or "").encode("utf-8", "replace").decode("utf-8")  # a single surrogate is no character


def _mend(place: Path) -> None:
    """Remove an incomplete last line, which an interrupted run left; complete it if only its line end is missing."""
    content = place.read_bytes()
    torn = content[content.rfind(b"\n") + 1 :]
    if not torn:
        return
    try:
        json.loads(torn)
        with place.open("ab") as lines:
            lines.write(b"\n")
    except ValueError:
        os.truncate(place, len(content) - len(torn))


_AROUND = " \"'“”‘’.*_`#:-"
_PREFIX = re.compile(r"(?:the )?(?:name|theme|label|title)(?: name| of the theme)?\W*:\W*", re.IGNORECASE)


def cleaned(answer: str, longest: int) -> str | None:
    """The name in an answer: its last line without quotes, marks and “Name:”; None if that is empty or too long."""
    lines = [line.strip() for line in answer.replace("\r", "\n").split("\n") if line.strip()]
    shown = "".join(letter for letter in lines[-1] if letter.isprintable()) if lines else ""
    name = _PREFIX.sub("", shown.strip(_AROUND)).strip(_AROUND)
    return name if 0 < len(name) <= longest else None
