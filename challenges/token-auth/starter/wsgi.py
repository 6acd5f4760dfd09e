from interloan import create_app

app = create_app()
