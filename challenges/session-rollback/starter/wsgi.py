"""What `flask run` and a WSGI server load."""

from milkround import create_app

app = create_app()
