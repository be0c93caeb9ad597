"""The project's own order files: JSON Lines, a JSON list or a YAML list of orders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from ordinance.profile import Profile
from ordinance.rules.kinds import Words
from ordinance.rules.reading.guard import Limits
from ordinance.rules.reading.nodes import Seq, described
from ordinance.rules.scalar import clip
from ordinance.story import BrokenRow, PlacedRow, Row, Story
from ordinance_adapters.plainyaml import read_nodes, to_plain
from ordinance_adapters.readers.fault import ReadError, RowFault, joined
from ordinance_adapters.readers.stories import story_of
from ordinance_adapters.textfile import LONGEST_LINE, Unreadable, numbered_lines, whole

MOST_JSON_BYTES = 64 * 1024 * 1024
YAML_LIMITS = Limits(bytes=8 * 1024 * 1024, depth=32, nodes=300_000)
"""JSON and YAML lists are held in memory; JSON Lines are not, and may be of any length."""

_LIST_INSTEAD = "put the orders in a list, or one on each line of a `.jsonl` file"


def read_orders(path: Path, profile: Profile, seed: int) -> Iterator[Row]:
    """Each item is the mapping that `Order` takes, with an optional `story:` beside its fields.

    Whether the order itself is right is left to the one who places it. The seed is not needed:
    these files say all that they know.
    """
    zone = ZoneInfo(profile.zone)
    name = path.name.lower().removesuffix(".gz")
    try:
        if name.endswith((".jsonl", ".ndjson")):
            yield from _json_lines(path, zone)
        elif name.endswith(".json"):
            yield from _items(_json_list(path), zone)
        elif name.endswith((".yaml", ".yml")):
            yield from _items(_yaml_list(path), zone)
        else:
            raise ReadError(
                f"{path}: orders are read from .jsonl, .json or .yaml files (also with .gz); "
                "for another format set `reader:` in the shop file"
            )
    except Unreadable as error:
        raise ReadError(f"{path}: {error}") from error


def _json_lines(path: Path, zone: ZoneInfo) -> Iterator[Row]:
    rows = 0
    for number, line in numbered_lines(path):
        if line is not None and not line.strip():
            continue
        rows += 1
        if rows == 1 and line is not None and line.strip() == b"[":
            raise ReadError(f"{path}:{number}: this is a JSON list; name the file `.json`")
        try:
            if line is None:
                raise RowFault([_too_long()])
            item = _decoded(line)
        except RowFault as fault:
            yield BrokenRow(number, joined(list(fault.reasons)))
        else:
            yield _row(number, item, zone)
    if rows == 0:
        raise ReadError(f"{path}: holds no orders; {_LIST_INSTEAD}")


def _items(items: list[object], zone: ZoneInfo) -> Iterator[Row]:
    for number, item in enumerate(items, start=1):
        yield _row(number, item, zone)


def _row(number: int, item: object, zone: ZoneInfo) -> Row:
    if not isinstance(item, dict):
        return BrokenRow(
            number,
            Words("这一行不是一张订单: 需要 `字段: 值`", "this is not an order: fields are needed"),
        )
    order = {str(name): value for name, value in item.items() if name != "story"}
    try:
        story = Story() if item.get("story") is None else story_of(item["story"], zone)
    except RowFault as fault:
        source_id = order.get("source_id")
        named = source_id if isinstance(source_id, str) else None
        return BrokenRow(number, joined(list(fault.reasons)), named)
    return PlacedRow(number, order, story)


def _json_list(path: Path) -> list[object]:
    data = whole(path, MOST_JSON_BYTES)
    if not data.strip():
        raise ReadError(f"{path}: holds no orders; {_LIST_INSTEAD}")
    try:
        items = _decoded(data)
    except RowFault as fault:
        raise ReadError(f"{path}: {fault}") from fault
    if not isinstance(items, list):
        raise ReadError(f"{path}: holds no list; {_LIST_INSTEAD}")
    return items


def _yaml_list(path: Path) -> list[object]:
    root, problems = read_nodes(whole(path, YAML_LIMITS.bytes), str(path), YAML_LIMITS)
    if problems:
        first = problems[0]
        help = f"; {first.help}" if first.help else ""
        raise ReadError(f"{first.place}: {first.message}{help}")
    if not isinstance(root, Seq):
        found = described(root) if root is not None else "nothing"
        raise ReadError(f"{path}:1: holds {found}, not a list; begin each order with `- `")
    return [to_plain(item) for item in root.items]


def _decoded(data: bytes) -> object:
    """The JSON value in `data`, with every number that has a fraction as its text, exact.

    Raises `RowFault`.
    """
    try:
        text = data.decode("utf-8")
        value: object = json.loads(
            text,
            object_pairs_hook=_unrepeated,
            parse_float=str,
            parse_constant=_not_finite,
        )
        if "\\u" in text:
            # A lone half of a character can be written in JSON, but nothing can store it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        place = Words(
            f"第 {error.lineno} 行第 {error.colno} 列", f"line {error.lineno}, column {error.colno}"
        )
        if error.lineno == 1:
            place = Words(f"第 {error.colno} 列", f"column {error.colno}")
        raise RowFault(
            [
                Words(
                    f"不是合法的 JSON: {place.zh} ({error.msg})",
                    f"this is not JSON: {place.en}, {error.msg[0].lower()}{error.msg[1:]}",
                )
            ]
        ) from None
    except UnicodeDecodeError:
        raise RowFault([Words("不是 UTF-8 文本", "this is not UTF-8 text")]) from None
    except UnicodeEncodeError:
        raise RowFault([Words("含半个字符", "the text holds half of a character")]) from None
    except RecursionError:
        raise RowFault([Words("嵌套过深", "nested too deeply")]) from None
    except ValueError:
        # Python refuses to convert whole numbers of thousands of digits.
        raise RowFault([Words("数字过长", "a number has too many digits")]) from None
    return value


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = clip(next(name for name in names if names.count(name) > 1))
        raise RowFault([Words(f"字段 `{twice}` 重复", f"`{twice}` is given twice")])
    return found


def _not_finite(text: str) -> object:
    raise RowFault([Words(f"`{text}` 不是数字", f"`{text}` is not a number")])


def _too_long() -> Words:
    most = LONGEST_LINE // (1024 * 1024)
    return Words(f"这一行超过 {most} MiB", f"the line is longer than {most} MiB")
