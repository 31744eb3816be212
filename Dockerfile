# One image for every role; docker-compose.yml gives each its command.
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/claimwatch
COPY requirements/ requirements/
RUN /opt/claimwatch/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/pip.txt \
 && /opt/claimwatch/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY monitor/ monitor/
COPY workers/ workers/
RUN /opt/claimwatch/bin/python -m pip install --no-cache-dir --no-index --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/claimwatch --create-home claimwatch
COPY --from=build /opt/claimwatch /opt/claimwatch
COPY --chown=root:root rules/ /etc/claimwatch/rules/
ENV PATH=/opt/claimwatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CLAIMWATCH_RULES=/etc/claimwatch/rules \
    CLAIMWATCH_DATA_DIR=/var/lib/claimwatch
WORKDIR /var/lib/claimwatch
USER claimwatch
VOLUME /var/lib/claimwatch
# SIGTERM ends every role cleanly; work that is cut off is taken up again after its lease.
ENTRYPOINT ["claimwatch"]
CMD ["--help"]
