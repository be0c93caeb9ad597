"""Metrics of a shop for Prometheus; needs `prometheus-client`, the extra `metrics`.

Gauges are read from the store when somebody asks, the same figures that `ordinance status` tells.
What a process has done is counted from what the engine tells its log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ordinance.audit.standing import Alarm, Standing
from ordinance.ports import StorageError
from ordinance.telling import LOGGER, Happening

_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
"""Seconds of a command."""


class StandingCollector(Collector):
    """The gauges of a shop, looked up at each scrape."""

    def __init__(self, look: Callable[[], Standing]) -> None:
        self._look = look

    def describe(self) -> list[Metric]:
        """Nothing is looked up to register it."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every gauge; only `ordinance_up` 0 where the store cannot be read."""
        try:
            standing = self._look()
        except StorageError:
            yield _one("ordinance_up", "Whether the store could be read.", 0)
            return
        yield _one("ordinance_up", "Whether the store could be read.", 1)
        yield from _gauges(standing)


def _one(name: str, text: str, value: float) -> Metric:
    family = GaugeMetricFamily(name, text)
    family.add_metric([], value)
    return family


def _gauges(standing: Standing) -> Iterator[Metric]:
    backlog, at = standing.backlog, standing.at

    orders = GaugeMetricFamily("ordinance_orders", "Orders by status.", labels=["status"])
    for status, count in standing.statuses.items():
        orders.add_metric([status], count)
    yield orders
    holds = GaugeMetricFamily("ordinance_holds_open", "What holds parked orders.", labels=["hold"])
    for code, count in standing.holds.items():
        holds.add_metric([code], count)
    yield holds

    labels = ["kind", "state"]
    effects = GaugeMetricFamily("ordinance_effects", "Effects that are not done.", labels=labels)
    oldest = GaugeMetricFamily(
        "ordinance_effect_oldest_age_seconds",
        "Since when the oldest effect that is not done was asked for.",
        labels=labels,
    )
    for one in backlog.effects:
        effects.add_metric([one.kind, one.state.value], one.count)
        age = (at - one.oldest).total_seconds()
        oldest.add_metric([one.kind, one.state.value], max(age, 0.0))
    yield effects
    yield oldest

    timers = GaugeMetricFamily("ordinance_timers", "Timers that are set.", labels=["kind"])
    due = GaugeMetricFamily("ordinance_timers_due", "Timers that are due.", labels=["kind"])
    lag = GaugeMetricFamily(
        "ordinance_timer_lag_seconds", "How long the first timer is due.", labels=["kind"]
    )
    for timer in backlog.timers:
        timers.add_metric([timer.kind], timer.count)
        due.add_metric([timer.kind], timer.late)
        lag.add_metric([timer.kind], max((at - timer.due).total_seconds(), 0.0))
    yield from (timers, due, lag)

    queue = backlog.queue
    yield _one("ordinance_queue_orders", "Orders that wait for stock.", queue.orders)
    yield _one("ordinance_queue_pieces", "Pieces that orders wait for.", queue.pieces)
    yield _one("ordinance_checkouts_expired", "Checkouts not let go yet.", queue.expired)
    yield _one("ordinance_rules_version", "The version of the rules in force.", standing.live_rules)
    yield _one(
        "ordinance_rules_waiting", "Versions waiting for approval.", len(standing.waiting_rules)
    )
    yield _one("ordinance_store_bytes", "Bytes that the tables take.", standing.store.size)
    if standing.store.log is not None:
        yield _one("ordinance_store_log_bytes", "Bytes of the log.", standing.store.log)
    sealing = standing.sealing
    yield _one("ordinance_audit_unsealed", "Leaves that are not sealed.", sealing.unsealed)
    if sealing.at is not None:
        age = max((at - sealing.at).total_seconds(), 0.0)
        yield _one("ordinance_audit_checkpoint_age_seconds", "Age of the last checkpoint.", age)

    if standing.backup is not None:
        age = max((at - standing.backup.made).total_seconds(), 0.0)
        yield _one("ordinance_backup_age_seconds", "Age of the last backup.", age)

    raised = {one.alarm: one.count for one in standing.alarms}
    alarms = GaugeMetricFamily("ordinance_alarm", "What has to be looked at.", labels=["alarm"])
    for alarm in Alarm:
        alarms.add_metric([alarm.value], raised.get(alarm, 0))
    yield alarms


class CountingHandler(logging.Handler):
    """Counts what this process does, from what the engine tells."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__()
        self._commands = Counter(
            "ordinance_commands_total", "Commands by outcome.", ["outcome"], registry=registry
        )
        self._seconds = Histogram(
            "ordinance_command_seconds",
            "How long commands took.",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._tries = Counter(
            "ordinance_effect_tries_total",
            "Tries at effects by what became of them.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._circuits = Counter(
            "ordinance_circuit_opened_total",
            "How often an adapter was left alone.",
            ["adapter"],
            registry=registry,
        )
        self._others = Counter(
            "ordinance_happenings_total",
            "Everything else that was told, by name.",
            ["happening"],
            registry=registry,
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Count one event."""
        told = getattr(record, "told", None)
        if told is None:
            return
        area, _, outcome = record.getMessage().partition(".")
        if area == "command":
            self._commands.labels(outcome).inc()
            if "ms" in told and outcome == "done":
                self._seconds.observe(max(told["ms"], 0.0) / 1000)
        elif area == "effect":
            self._tries.labels(told["kind"], outcome).inc()
        elif record.getMessage() == Happening.CIRCUIT_OPENED:
            self._circuits.labels(told["adapter"]).inc()
        else:
            self._others.labels(record.getMessage()).inc()


def registry_of(look: Callable[[], Standing], *, counting: bool) -> CollectorRegistry:
    """The metrics of a shop; with `counting`, what this process does from now on, too."""
    registry = CollectorRegistry()
    registry.register(StandingCollector(look))
    if counting:
        logger = logging.getLogger(LOGGER)
        logger.addHandler(CountingHandler(registry))
        # What is counted has to be told; a log that is written keeps a level of its own.
        if not logger.isEnabledFor(logging.INFO):
            logger.setLevel(logging.INFO)
    return registry


def exposition(registry: CollectorRegistry) -> str:
    """The metrics in the text format of Prometheus."""
    return generate_latest(registry).decode()
