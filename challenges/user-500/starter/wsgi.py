"""What `flask run` and a WSGI server load."""

from directory import create_app

app = create_app()
