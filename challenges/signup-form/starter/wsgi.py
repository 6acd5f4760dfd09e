"""What `flask run` and a WSGI server load."""

from longtable import create_app

app = create_app()
