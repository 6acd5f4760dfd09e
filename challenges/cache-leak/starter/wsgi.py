"""What `flask run` and a WSGI server load."""

from descant import create_app

app = create_app()
