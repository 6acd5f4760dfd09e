"""What `flask run` and a WSGI server load."""

from vellum import create_app

app = create_app()
