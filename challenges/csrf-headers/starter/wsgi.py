"""What `flask run` and a WSGI server load."""

from kerbside import create_app

app = create_app()
