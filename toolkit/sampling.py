"""Drawing paragraphs for people to code: the documented path of `toolkit.coders.sample`."""

from toolkit.coders.sample import sample as sample
