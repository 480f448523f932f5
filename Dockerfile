# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY tsconfig.json nest-cli.json ./
COPY bin bin
COPY src src
COPY client client
RUN npm run build && npm prune --omit=dev --no-fund --no-audit

FROM node:24-slim
LABEL org.opencontainers.image.title="LLM Proxy" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=3000 \
  DATA_DIR=/data
WORKDIR /app
# Everything but /data belongs to root: the process cannot change its own code.
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/client/dist client/dist
COPY package.json LICENSE ./
COPY bin/llm-proxy.js bin/run-on-node.js bin/
RUN ln -s /app/bin/llm-proxy.js /usr/local/bin/llm-proxy \
  && install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}${process.env.BASE_PATH ?? ''}/health/live`).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]
# An exec form, so that SIGTERM reaches the proxy itself; it finishes what is open.
CMD ["node", "--max-semi-space-size=8", "--no-parallel-scavenge", "--v8-pool-size=1", "--no-allocation-site-pretenuring", "bin/llm-proxy.js", "start"]
