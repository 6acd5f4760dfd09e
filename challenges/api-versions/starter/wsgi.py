from voltlane import create_app

app = create_app()
