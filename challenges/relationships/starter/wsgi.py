"""What `flask run` and a WSGI server load."""

from weavers import create_app

app = create_app()
