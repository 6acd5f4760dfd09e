import random

built_with = []


def drawn(seed):
    return random.Random(f"sample {seed}").randrange(10**9)


def seeded():
    return drawn(built_with[0])


def build(context):
    built_with.append(context.seed)
    app = context.load()(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir / 'app.db'}",
            "DATA_DIR": str(context.data_dir),
        }
    )
    from shop import User, db

    (context.data_dir / "notes.txt").write_text("seeded\n")
    with app.app_context():
        db.create_all()
        db.session.add_all([User(name=f"user {number}") for number in range(1, 11)])
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app
