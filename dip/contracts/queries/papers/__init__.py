"""What goes into the documents of agreements and settlements, in a language: data for the templates, without a word in those."""
