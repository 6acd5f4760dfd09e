"""What `flask run` and a WSGI server load."""

from wardrobe import create_app

app = create_app()
