"""Paragraphs nearest in meaning to a query: the documented path of `toolkit.commands.search`."""

from toolkit.commands.search import Hit as Hit
from toolkit.commands.search import Hits as Hits
from toolkit.commands.search import search as search
