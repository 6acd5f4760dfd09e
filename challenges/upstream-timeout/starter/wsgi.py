"""What `flask run` and a WSGI server load."""

from meridian import create_app

app = create_app()
