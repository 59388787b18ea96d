"""Reads exports of news archives and reference managers: files with many articles, each of which becomes a document.

Start with `documents.py`, where one file becomes many documents, then `article.py`. Each of the other modules reads the
exports of one family; their vocabulary is in the TOML files beside them.
"""
