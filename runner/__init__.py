"""The engine: challenge packages, submissions, the sandboxed pair, grading. No web, queue or database."""
