"""What `flask run` and a WSGI server load."""

from slateyard import create_app

app = create_app()
