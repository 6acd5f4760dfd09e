"""What `flask run` and a WSGI server load."""

from allotment import create_app

app = create_app()
