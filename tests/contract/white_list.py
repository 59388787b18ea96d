"""What `vulture` takes for unused and is not: names, grouped by what uses them. Not a test; `make check` reads it.

Each group begins with its reason. A name goes from here with the code that it names: `test_white_list.py` finds the
others.
"""

# Hooks that Python, IPython and click look up by name.
__getattr__
_repr_html_
_repr_svg_
trace  # argument of __exit__

# Completion of options by the Tab key: `toolkit/cli/options.py` imports these by name when the shell asks.
config_files
run_folders
report_formats
export_formats

# Pydantic reads these from the class.
model_config

# Fields of `CleaningRules`: the rules are read from it by name.
navigation
read_more
comments
copyright
syndication
disclaimer
cookies
newsletter
advertisement
promotion
byline
date_line
dateline
bio
contact
attachment
masthead
imprint
appeal
separator
signature
non_answer

# Fields that templates print (`toolkit/report/templates`, `toolkit/coders/templates`).
row_heads
kicker
detail
theme_label
explained

# Fields of the manifest: written and read as a whole.
dirty
from_cache
rewrites
exported

# Fields of `CodingError`: read from `share_error.json` as a whole.
log_odds_sd

# The target interface of lxml's parser.
comment

# What BERTopic calls and reads on the object that stands in for its model.
_extract_embeddings
_extract_representative_docs
verbose
vectorizer_model
embedding_model

# Attributes of objects of other libraries, set for their effect: re2, onnx and ONNX Runtime.
log_errors
max_mem
data_location
inter_op_num_threads
intra_op_num_threads
graph_optimization_level
log_severity_level

# The same: zipfile, openpyxl, python-docx, Jinja2 and sentence-transformers.
compress_type
create_system
external_attr
alignment
orientation
paperSize
fitToHeight
fitToWidth
fitToPage
print_title_rows
page_height
page_width
left_margin
right_margin
bottom_margin
top_margin
rgb
base_style
space_after
space_before
left_indent
keep_with_next
autofit
finalize
quotePrefix
freeze_panes
ref
max_seq_length

# Read by the test that tries every tuned number.
FIELDS
