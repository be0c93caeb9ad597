"""How a shop stands, as text (zh, en) and as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from ordinance.audit import codes
from ordinance.audit.standing import Alarm, Raised, Standing
from ordinance.orders.states import STATUS_WORDS
from ordinance.rules import Words
from ordinance.rules.decision import Plain
from ordinance.watching import EffectBacklog
from ordinance_adapters.cli.opening import StoredShop
from ordinance_adapters.cli.stock import table

ALARMS = {
    Alarm.DEAD: Words(
        "{0} 个对外动作已放弃, 最早的创建于 {1}前; 见 `ordinance effects list --state dead`",
        "{0} effects were given up, the oldest asked for {1} ago; see "
        "`ordinance effects list --state dead`",
    ),
    Alarm.UNKNOWN: Words(
        "{0} 个对外动作结果不明且不会自行重试, 最早的创建于 {1}前; 请核实后执行 `ordinance effects "
        "retry` 或 `settle`",
        "nobody knows whether {0} effects happened, and they are not tried again by themselves, "
        "the oldest asked for {1} ago; find out, then `ordinance effects retry` or `settle`",
    ),
    Alarm.LATE: Words(
        "{0} 类工作已逾期, 最早的逾期 {1}; 检查 `ordinance work` 是否在运行, 外部系统是否应答",
        "{0} kinds of work are overdue, the first for {1}; see whether `ordinance work` runs, and "
        "whether the systems outside answer",
    ),
    Alarm.UNSEALED: Words(
        "{0} 条记录未封存, 上次封存于 {1}前; 检查封存程序, 见 `ordinance audit`",
        "{0} entries are not sealed, the last checkpoint is {1} old; see whether a sealer runs, "
        "`ordinance audit`",
    ),
    Alarm.UNEXPORTED: Words(
        "{0} 处未收到审计日志的检查点; 见 `ordinance audit places`",
        "{0} places do not take the checkpoints of the audit log; see `ordinance audit places`",
    ),
    Alarm.BACKUP: Words(
        "最近的备份作于 {1}前, 已逾期; 检查定时的 `ordinance backup`",
        "the last backup is {1} old, and another one is overdue; see what became of the job that "
        "runs `ordinance backup`",
    ),
    Alarm.APPROVAL: Words(
        "{0} 个规则版本待第二人批准; 见 `ordinance rules status`",
        "{0} versions of the rules wait for a second person; see `ordinance rules status`",
    ),
}
"""What an alarm says: the count, and how old the first is."""

WORDS = {
    "orders": Words("订单", "orders"),
    "parked": Words("挂起", "parked"),
    "effects": Words("对外动作", "effects"),
    "timers": Words("定时", "timers"),
    "queue": Words("等货", "queue"),
    "rules": Words("规则", "rules"),
    "audit": Words("审计日志", "audit log"),
    "sealed": Words(
        "已封存 {0} 条, 上次于 {1}前; 未封存 {2}",
        "{0} entries sealed, the last {1} ago; {2} are not",
    ),
    "backup": Words("备份", "backup"),
    "made": Words("{0}前作于 {1}", "the last {0} ago, in {1}"),
    "within": Words("应每 {0}备份一次", "another one is due within {0} of it"),
    "never": Words("未记录过备份", "none that the store knows of"),
    "never_sealed": Words(
        "{0} 条或更多记录未封存, 从未封存过; 检查封存程序, 见 `ordinance audit`",
        "{0} entries or more are not sealed, and none ever was; see whether a sealer runs, "
        "`ordinance audit`",
    ),
    "unsealed": Words("从未封存", "nothing was ever sealed"),
    "store": Words("存储", "store"),
    "none": Words("无", "none"),
    "oldest": Words("最早的在 {0}前", "the oldest {0} ago"),
    "nothing": Words("无待办", "nothing waits"),
    "tried": Words("已失败过 {0} 个", "{0} tried before"),
    "due_in": Words("{0}后到期", "due in {0}"),
    "due_for": Words("已到期 {0}", "due for {0}"),
    "by_hand": Words("不会自行重试", "not tried by itself"),
    "set": Words("共 {0} 个, 到期未执行 {1} 个", "{0} set, {1} of them due"),
    "next": Words("下一个{0}", "the next is {0}"),
    "waits": Words(
        "{0} 单等 {1} 件, 最早的下单于 {2}前", "{0} orders wait for {1} pieces, the first for {2}"
    ),
    "freed": Words("{0} 种到货尚未分配", "{0} stock items that came were not offered to them yet"),
    "expired": Words("{0} 个结账锁定已到期未释放", "{0} checkouts ran out and were not let go yet"),
    "live": Words("版本 {0} 生效", "version {0} is in force"),
    "given": Words("由程序自带, 未发布", "none published, the program brings them along"),
    "pending": Words("版本 {0} 待批准", "version {0} waits for a second person"),
    "size": Words("{0}, {1}, 步骤 {2}", "{0}, {1}, made by step `{2}`"),
    "log": Words("日志 {0}", "{0} of log"),
    "alarms": Words("告警", "alarms"),
    "fine": Words("没有告警", "no alarms"),
}


def plain(standing: Standing) -> dict[str, Plain]:
    """The standing as plain values, to be printed as JSON."""
    backlog, store = standing.backlog, standing.store
    return {
        "at": standing.at.isoformat(),
        "orders": dict(standing.statuses),
        "parked": {
            "holds": dict(standing.holds),
            "since": _iso(standing.held_since),
            "orders_read": standing.holds_read,
        },
        "effects": [
            {
                "kind": one.kind,
                "state": one.state.value,
                "count": one.count,
                "tried": one.failing,
                "oldest": one.oldest.isoformat(),
                "due": _iso(one.due),
                "stopped": one.stopped,
            }
            for one in backlog.effects
        ],
        "timers": [
            {"kind": one.kind, "count": one.count, "late": one.late, "due": one.due.isoformat()}
            for one in backlog.timers
        ],
        "queue": {
            "orders": backlog.queue.orders,
            "pieces": backlog.queue.pieces,
            "since": _iso(backlog.queue.since),
            "freed": backlog.queue.freed,
            "expired": backlog.queue.expired,
        },
        "rules": {"live": standing.live_rules, "waiting": list(standing.waiting_rules)},
        "audit": {
            "sealed": standing.sealing.size,
            "at": _iso(standing.sealing.at),
            "unsealed": standing.sealing.unsealed,
            "places": [
                {
                    "name": one.name,
                    "size": one.size,
                    "at": one.at or None,
                    "failures": one.failures,
                    "error": one.error or None,
                }
                for one in standing.places
            ],
        },
        "backup": None
        if standing.backup is None
        else {
            "made": standing.backup.made.isoformat(),
            "where": standing.backup.where,
            "due": _iso(standing.backup.due),
        },
        "store": {
            "kind": store.kind,
            "bytes": store.size,
            "log_bytes": store.log,
            "steps": list(store.steps),
            "warning": store.warning,
        },
        "alarms": [
            {"alarm": one.alarm.value, "count": one.count, "since": _iso(one.since)}
            for one in standing.alarms
        ],
    }


def text(standing: Standing, shop: StoredShop, lang: str) -> str:
    """The standing on one screen."""
    at = standing.at.astimezone(shop.zone).isoformat(" ", "minutes")
    sections = {
        "orders": [_counted(standing.statuses, _status_word, lang)],
        "parked": [_parked(standing, lang)],
        "effects": _effects(standing, lang),
        "timers": [_timers(standing, lang)],
        "queue": _queue(standing, lang),
        "rules": _rules(standing, lang),
        "audit": [_audit(standing, lang)],
        "backup": [_backup(standing, lang)],
        "store": _store(standing, lang),
    }
    names = {name: WORDS[name].get(lang) for name in sections}
    rows = [
        [names[name] if number == 0 else "", line]
        for name, lines in sections.items()
        for number, line in enumerate(lines)
    ]
    alarms = [f"{one.alarm.value}: {_alarm(one, standing.at, lang)}" for one in standing.alarms]
    heading = WORDS["alarms"].get(lang)
    told = [f"{heading}", *(f"  {line}" for line in alarms)] if alarms else [_word("fine", lang)]
    return "\n".join([f"{shop.shop}  {at}", *table(rows), *told])


def _alarm(raised: Raised, at: datetime, lang: str) -> str:
    if raised.alarm is Alarm.UNSEALED and raised.since is None:
        return _word("never_sealed", lang, raised.count)
    age = "" if raised.since is None else span(at - raised.since, lang)
    return ALARMS[raised.alarm].get(lang).replace("{0}", str(raised.count)).replace("{1}", age)


def _parked(standing: Standing, lang: str) -> str:
    told = _counted(
        standing.holds, lambda code, lang: codes.word(code, codes.HOLD_WORDS, lang), lang
    )
    if standing.held_since is None:
        return told
    return f"{told}; {_word('oldest', lang, span(standing.at - standing.held_since, lang))}"


def _effects(standing: Standing, lang: str) -> list[str]:
    found = standing.backlog.effects
    if not found:
        return [_word("nothing", lang)]
    return table(
        [
            [
                one.kind,
                codes.word(one.state.value, codes.EFFECT_STATES, lang),
                str(one.count),
                "; ".join(_about(one, standing.at, lang)),
            ]
            for one in found
        ]
    )


def _about(one: EffectBacklog, at: datetime, lang: str) -> Iterable[str]:
    if one.failing:
        yield _word("tried", lang, one.failing)
    yield _word("oldest", lang, span(at - one.oldest, lang))
    if one.due is not None:
        yield _when(one.due, at, lang)
    if one.stopped:
        yield _word("by_hand", lang)


def _timers(standing: Standing, lang: str) -> str:
    found = standing.backlog.timers
    if not found:
        return _word("none", lang)
    count, late = sum(one.count for one in found), sum(one.late for one in found)
    first = _when(min(one.due for one in found), standing.at, lang)
    return f"{_word('set', lang, count, late)}; {_word('next', lang, first)}"


def _queue(standing: Standing, lang: str) -> list[str]:
    queue = standing.backlog.queue
    lines = []
    if queue.since is not None:
        since = span(standing.at - queue.since, lang)
        lines.append(_word("waits", lang, queue.orders, queue.pieces, since))
    if queue.freed:
        lines.append(_word("freed", lang, queue.freed))
    if queue.expired:
        lines.append(_word("expired", lang, queue.expired))
    return lines or [_word("nothing", lang)]


def _rules(standing: Standing, lang: str) -> list[str]:
    live = standing.live_rules
    lines = [_word("live", lang, live) if live else _word("given", lang)]
    return lines + [_word("pending", lang, version) for version in standing.waiting_rules]


def _audit(standing: Standing, lang: str) -> str:
    sealing = standing.sealing
    if sealing.at is None:
        return _word("unsealed", lang)
    return _word(
        "sealed", lang, sealing.size, span(standing.at - sealing.at, lang), sealing.unsealed
    )


def _backup(standing: Standing, lang: str) -> str:
    last = standing.backup
    if last is None:
        return _word("never", lang)
    told = _word("made", lang, span(standing.at - last.made, lang), last.where)
    if last.within is not None:
        told += f"; {_word('within', lang, span(last.within, lang))}"
    return told


def _store(standing: Standing, lang: str) -> list[str]:
    store = standing.store
    last = store.steps[-1] if store.steps else _word("none", lang)
    told = _word("size", lang, store.kind, bytes_told(store.size), last)
    if store.log is not None:
        told += f"; {_word('log', lang, bytes_told(store.log))}"
    return [told, *([store.warning] if store.warning else [])]


def _counted(counts: Mapping[str, int], word: Callable[[str, str], str], lang: str) -> str:
    told = [f"{word(code, lang)} {count}" for code, count in counts.items()]
    return ", ".join(told) or _word("none", lang)


def _status_word(code: str, lang: str) -> str:
    return STATUS_WORDS[code][lang == "en"] if code in STATUS_WORDS else code


def _when(due: datetime, at: datetime, lang: str) -> str:
    if due > at:
        return _word("due_in", lang, span(due - at, lang))
    return _word("due_for", lang, span(at - due, lang))


def _word(name: str, lang: str, *values: object) -> str:
    told = WORDS[name].get(lang)
    for number, value in enumerate(values):
        told = told.replace(f"{{{number}}}", str(value))
    return told


_UNITS = ((86_400, Words("天", "d")), (3_600, Words("小时", "h")), (60, Words("分钟", "min")))


def span(length: timedelta, lang: str) -> str:
    """A length of time in its largest unit."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, words in _UNITS:
        if seconds >= unit:
            return f"{seconds // unit} {words.get(lang)}"
    return f"{seconds} {Words('秒', 's').get(lang)}"


def bytes_told(count: int) -> str:
    """A number of bytes, short."""
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
