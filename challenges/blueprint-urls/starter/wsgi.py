"""What `flask run` and a WSGI server load."""

from seedbank import create_app

app = create_app()
