"""What `flask run` and a WSGI server load."""

from pollard import create_app

app = create_app()
