# The service image: Mendbox itself with its locked packages. Compose runs it as API, worker, migration and queue server.
# Built with no network; what changes least comes first. Plain instructions only: the engine's classic builder has no more.
ARG BASE_IMAGE=python:3.13-slim
FROM ${BASE_IMAGE}

ENV LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 PYTHONPATH=/opt/mendbox/lib:/opt/mendbox/site
WORKDIR /
ENTRYPOINT []
CMD ["mendbox", "--help"]

RUN echo 'mendbox:x:65532:' >> /etc/group \
 && echo 'mendbox:x:65532:65532:mendbox:/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && printf '#!/bin/sh\nexec python3 -m mendbox "$@"\n' > /usr/local/bin/mendbox \
 && chmod 0755 /usr/local/bin/mendbox

COPY site /opt/mendbox/site
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/mendbox/site

COPY lib /opt/mendbox/lib
# The queue's server comes with a package; where in it, one module of ours knows.
RUN python3 -m compileall -q --invalidation-mode unchecked-hash /opt/mendbox/lib \
 && server=$(python3 -c 'from mendbox.embedded_redis import find_server; print(find_server({}))') \
 && chmod 0755 "$server" \
 && ln -s "$server" /usr/local/bin/valkey-server

USER 65532:65532
