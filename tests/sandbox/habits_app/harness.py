def build(context):
    create_app = context.load()
    return create_app(context.data_dir)
