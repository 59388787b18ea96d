"""Exports of news archives and reference managers: files that hold many articles, each a document of its own.

Start with `documents.py`, where one file becomes many documents, then `article.py`. Each of the other modules knows the
form of one family of exports; the words that they look for are in the TOML files beside them.
"""
