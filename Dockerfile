# One image per daemon and one with the whole command; docker-compose.yml names the targets.
#   docker build --target registry -t kakehashi-registry .
#   docker build -t kakehashi . && docker run --rm --network host kakehashi      (everything in one container)

FROM debian:12-slim AS build
WORKDIR /src
COPY cmake/install-packages.sh cmake/
RUN cmake/install-packages.sh run && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake --preset release && cmake --build --preset release && cmake --install build/release --prefix /opt/kakehashi --strip

# What every program needs: shared libraries, the networks and scenarios, the command for health checks, a user.
FROM debian:12-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libevent-pthreads-2.1-7 libcurl4 libxml2 libxmlsec1-openssl libssl3 \
        libsqlite3-0 libjansson4 libuuid1 libhpdf-2.3.0 ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin kakehashi \
    && install -d -o kakehashi -g kakehashi -m 0700 /data
COPY --from=build /opt/kakehashi/share/kakehashi /usr/local/share/kakehashi
COPY --from=build /opt/kakehashi/bin/kakehashi /usr/local/bin/
USER kakehashi
VOLUME /data
ENV KAKEHASHI_DATA=/data

# A daemon of its own: TLS on 8443 for everybody, plain on 8080 for its health check inside the container.
FROM base AS daemon
ENV KAKEHASHI_BIND=0.0.0.0 KAKEHASHI_PORT=8443 KAKEHASHI_PLAIN_PORT=8080
EXPOSE 8443
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["kakehashi", "readyz", "http://127.0.0.1:8080"]

FROM daemon AS registry
EXPOSE 2575
COPY --from=build /opt/kakehashi/bin/kakehashi-registry /usr/local/bin/
ENTRYPOINT ["kakehashi-registry"]

FROM daemon AS repository
COPY --from=build /opt/kakehashi/bin/kakehashi-repository /usr/local/bin/
ENTRYPOINT ["kakehashi-repository"]

FROM daemon AS pixmgr
COPY --from=build /opt/kakehashi/bin/kakehashi-pixmgr /usr/local/bin/
ENTRYPOINT ["kakehashi-pixmgr"]

FROM daemon AS gateway
COPY --from=build /opt/kakehashi/bin/kakehashi-gateway /usr/local/bin/
ENTRYPOINT ["kakehashi-gateway"]

FROM daemon AS audit
ENV KAKEHASHI_SYSLOG_PORT=6514 KAKEHASHI_NTP_PORT=1123
EXPOSE 6514 1123/udp
COPY --from=build /opt/kakehashi/bin/kakehashi-audit /usr/local/bin/
ENTRYPOINT ["kakehashi-audit"]

# The control API: plain, with a token (KAKEHASHI_CONTROL_TOKEN).
FROM base AS console
ENV KAKEHASHI_CONTROL_BIND=0.0.0.0 KAKEHASHI_PLAIN_PORT=8080
EXPOSE 8080
COPY --from=build /opt/kakehashi/bin/kakehashi-console /usr/local/bin/
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["kakehashi", "readyz", "http://127.0.0.1:8080"]
ENTRYPOINT ["kakehashi-console"]

FROM base AS kakehashi
COPY --from=build /opt/kakehashi/bin/ /usr/local/bin/
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["kakehashi", "readyz"]
ENTRYPOINT ["kakehashi"]
CMD ["up"]
