"""What `flask run` and a WSGI server load."""

from coreshed import create_app

app = create_app()
