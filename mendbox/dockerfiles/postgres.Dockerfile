# PostgreSQL from Debian's packages, for engines that can't get the official image. It is used in the same way: the same
# variables, the same user id, the same major version, so that one can take the other's place on the same volume.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}

# The cluster is below the volume's folder, not that folder itself: a new one is made beside it and moved into place.
ENV LANG=C.UTF-8 PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data/cluster
WORKDIR /

RUN sed -i 's/^postgres:x:[0-9]*:[0-9]*:/postgres:x:999:999:/' /etc/passwd \
 && sed -i 's/^postgres:x:[0-9]*:/postgres:x:999:/' /etc/group \
 && mkdir -p /var/lib/postgresql/data /var/run/postgresql \
 && chown -R 999:999 /var/lib/postgresql /var/run/postgresql \
 && chmod 0700 /var/lib/postgresql/data

COPY lib/entrypoint /usr/local/bin/entrypoint
RUN chmod 0755 /usr/local/bin/entrypoint

USER 999:999
# A fast shutdown: sessions are ended, nothing is lost.
STOPSIGNAL SIGINT
ENTRYPOINT ["entrypoint"]
CMD ["postgres"]
