"""What `flask run` and a WSGI server load."""

from regatta import create_app

app = create_app()
