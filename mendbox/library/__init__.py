"""The library as pages to browse, for whoever chooses challenges."""

INDEX = "index.html"
ASSETS = ("style.css",)
#: Every page says so, and a folder whose pages all do is one that may be written anew.
GENERATOR = "mendbox challenge docs"
