"""What `flask run` and a WSGI server load."""

from skerry import create_app

app = create_app()
