"""`ordinance metrics`: what a shop and its workers do, for Prometheus."""

from __future__ import annotations

import time

import click

from ordinance.audit.standing import look
from ordinance.door import clock_of
from ordinance.ports import Storage
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB
from ordinance_adapters.cli.opening import existing

HELP = "metrics need `prometheus-client`; install `ordinance[metrics]`"


def demand_metrics() -> None:
    """Refuse where the extra is not installed."""
    from importlib.util import find_spec

    if find_spec("prometheus_client") is None:
        raise Refused(HELP)


def serve_metrics(storage: Storage, shop: str, port: int, *, counting: bool, host: str) -> int:
    """Answer scrapes in a thread of this process from now on; the port that is listened on."""
    demand_metrics()
    from prometheus_client import start_http_server

    from ordinance_adapters.metrics import registry_of

    clock = clock_of(storage)
    registry = registry_of(lambda: look(storage, shop, clock.now()), counting=counting)
    try:
        server, _ = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise Refused(f"--port {port} of --host {host}: {error.strerror}; give others") from error
    return int(server.server_port)


HOST = click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address that metrics listen on."
)


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), help="Serve them here until stopped.")
@HOST
@DB
def metrics(port: int | None, host: str, db: str) -> None:
    """Print the metrics of a shop in the format of Prometheus, or serve them on --port.

    They are read from the store. What a worker does it counts itself: `ordinance work --metrics`.
    """
    demand_metrics()
    from ordinance_adapters.metrics import exposition, registry_of

    shop = existing(db)
    try:
        if port is None:
            registry = registry_of(
                lambda: look(shop.storage, shop.shop, shop.clock.now()), counting=False
            )
            click.echo(exposition(registry), nl=False)
            return
        taken = serve_metrics(shop.storage, shop.shop, port, counting=False, host=host)
        click.echo(f"http://{host}:{taken}/metrics", err=True)
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return
    finally:
        shop.storage.close()
