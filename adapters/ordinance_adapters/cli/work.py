"""`ordinance work`: the pump of a shop, or one worker of many, from the command line."""

from __future__ import annotations

import json
import math
import signal
import time
from collections import Counter
from datetime import datetime
from types import FrameType
from typing import Any

import click

from ordinance.dispatching import Dispatched, Dispatcher, Job
from ordinance.door import SIMULATED, open_outside
from ordinance.oms import Shop
from ordinance.outside import Outside
from ordinance.ports import EffectState
from ordinance.pump import Pump
from ordinance_adapters.cli.counter import RULES, SHOP, at_store
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.metering import HOST, serve_metrics
from ordinance_adapters.cli.sealing import Sealing


@click.command()
@click.option("--outside", "name", help="The installed adapters to the world, by name.")
@click.option(
    "--every",
    type=click.FloatRange(min=0.1, max=86_400),
    help="Go on: look again every so many seconds. Default: work once.",
)
@click.option("--worker", is_flag=True, help="Be one of many workers, until stopped (PostgreSQL).")
@click.option(
    "--metrics", "port", type=click.IntRange(0, 65_535), help="Serve metrics for Prometheus here."
)
@HOST
@JSON
@LANG
@DB
@RULES
@SHOP
def work(
    name: str | None,
    every: float | None,
    worker: bool,
    port: int | None,
    host: str,
    lang: str,
    as_json: bool,
    **where: Any,
) -> None:
    """Fire what is due, serve who waits for stock, and do what is asked for outside.

    Each round runs until nothing more is due. What fails is tried again by the schedule of its
    kind; `ordinance effects` shows what is left. On PostgreSQL, start any number of --worker on any
    number of machines: what is due is handed out among them, and taken from one that dies.
    """
    if every is not None and math.isnan(every):
        raise click.BadParameter("it is no number of seconds", param_hint="--every")
    if worker and every is not None:
        raise click.UsageError("a --worker needs no --every: it is told what is due")
    named, outside = open_outside(name)
    with at_store(**where) as shop:
        if named == SIMULATED:
            click.echo(
                "外部世界为模拟: 不会真正退款、发货或发消息"
                if lang == "zh"
                else "the world outside is simulated: nothing is really paid, sent or shipped",
                err=True,
            )
        notifier = None if named == SIMULATED else outside.notifier
        sealing = Sealing.of(shop.storage, shop.profile, where["db"], notifier)
        if port is not None:
            taken = serve_metrics(shop.storage, shop.profile.shop, port, counting=True, host=host)
            click.echo(f"metrics: http://{host}:{taken}/metrics", err=True)
        if worker:
            serve(shop, outside, sealing)
            return
        while True:
            click.echo(told(round_(shop, outside), lang, as_json))
            sealing.due(shop.clock.now())
            if every is None:
                return
            time.sleep(every)


def serve(shop: Shop, outside: Outside, sealing: Sealing) -> None:
    """Take what a dispatcher hands out until this process is told to stop."""
    if not isinstance(shop.storage, Dispatched):
        raise Refused(
            "a --worker needs a store on PostgreSQL; for a file use --every, one process is enough"
        )
    pump, dispatcher = Pump(shop, outside), shop.storage.dispatcher(shop.profile.shop)

    def do(job: Job) -> datetime | None:
        return pump.job(job, shop.clock.now())

    def sweep() -> None:
        pump.sweep(shop.clock.now())
        sealing.due(shop.clock.now())

    stopped_by_signals(dispatcher)
    dispatcher.run(do, sweep)


def stopped_by_signals(dispatcher: Dispatcher) -> None:
    """Finish what was begun when somebody stops the process."""

    def stop(_: int, __: FrameType | None) -> None:
        dispatcher.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def round_(shop: Shop, outside: Outside) -> dict[str, int]:
    """Work until nothing more is due; what the effects of the shop are after that."""
    touched: Counter[str] = Counter()
    while found := shop.work(shop.clock.now(), outside):
        touched.update(found)
    left: Counter[EffectState] = Counter()
    for (_, state), count in shop.storage.effect_counts(shop.profile.shop).items():
        left[state] += count
    states = (EffectState.WAITING, EffectState.UNKNOWN, EffectState.DEAD)
    return {"orders": len(touched), **{state.value: left[state] for state in states}}


def told(found: dict[str, int], lang: str, as_json: bool) -> str:
    """One line for a round."""
    if as_json:
        return json.dumps(found)
    orders, waiting, unknown, dead = found.values()
    if lang == "zh":
        return f"处理 {orders} 单; 待办 {waiting}, 结果不明 {unknown}, 已放弃 {dead}"
    return f"{orders} orders went on; effects: {waiting} waiting, {unknown} unknown, {dead} dead"
