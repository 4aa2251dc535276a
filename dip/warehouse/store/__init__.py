"""The only speaker to the columnar engine: the facts (one writer), the marts, and the published files (any number of readers)."""
