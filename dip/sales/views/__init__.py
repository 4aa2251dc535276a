"""Pages and exports of the Sales Monitor: translate the question, one call, put the answer in words, charts and sheets."""
