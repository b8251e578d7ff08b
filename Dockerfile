# The live store. It runs without root and with a read-only file system; only /data is written to.
#
#   docker build -t rehearse .
#   docker run --read-only --tmpfs /tmp -v rehearse-data:/data -p 8080:8080 rehearse
#
# opens the demonstration. What stands behind the image's name takes its place: `rehearse
# --scenario /sale.yaml`. Secrets come at the start, from the environment or from files, never
# into the image (docs/deploy.md).

FROM node:20.19.5-bookworm-slim AS build
# SQLite is machine code; where no build of it can be fetched it is compiled.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends build-essential python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm install --no-save --ignore-scripts --no-audit --no-fund && npm rebuild better-sqlite3
COPY tsconfig.json ./
COPY build build
COPY engine engine
COPY store store
COPY twin twin
COPY tui tui
RUN node build/bundle.mjs && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20.19.5-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/live').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/rehearse.js", "serve", "--host", "0.0.0.0", "--port", "8080", "--data", "/data", "--log-level", "info"]
CMD ["--demo"]
