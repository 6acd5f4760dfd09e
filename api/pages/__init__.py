"""The pages: what people see in a browser. Rendered here, from the same services as the JSON API and by the same rules.

A page is declared with a policy, as a route of the API is (`api.pages.routing`), and an error of one is a page
(`api.pages.errors`). Templates get plain values; what scripts and styles they load is built by `mendbox.frontend`.
"""
