"""What `flask run` and a WSGI server load."""

from trails import create_app

app = create_app()
