def build(context):
    app = context.load()({"REDIS_URL": context.redis_url})
    store = app.extensions["redis"]
    store.set("price:apple", 3)
    store.set("price:pear", 4)
    store.set("code:old", "late", ex=600)
    store.select_other(3).set("elsewhere", "here")
    store.function_load(
        "#!lua name=shop\nserver.register_function('twice', function(keys, args) return args[1] * 2 end)"
    )
    return app
