"""What `flask run` and a WSGI server load."""

from bloomhall import create_app

app = create_app()
