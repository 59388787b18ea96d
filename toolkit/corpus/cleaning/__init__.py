"""What of a document is body text: rules, edges, headings, titles, datelines, and the score of boilerplate."""
