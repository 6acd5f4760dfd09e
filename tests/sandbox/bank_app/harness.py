def build(context):
    import bank

    app = context.load()({"SQLALCHEMY_DATABASE_URI": context.database_url})
    with app.app_context():
        bank.db.drop_all()
        bank.db.create_all()
        bank.db.session.add_all([bank.Account(id=number, balance=100) for number in (1, 2, 3)])
        bank.db.session.commit()
        bank.db.engine.dispose()
    return app
