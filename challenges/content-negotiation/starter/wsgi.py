"""What `flask run` and a WSGI server load."""

from harbourboard import create_app

app = create_app()
