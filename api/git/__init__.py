"""`git clone` and `git push` over HTTP: what git says is read and answered here, and there is no repository."""
