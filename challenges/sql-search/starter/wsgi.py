"""What `flask run` and a WSGI server load."""

from belfry import create_app

app = create_app()
