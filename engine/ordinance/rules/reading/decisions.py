"""One decision of a rule file: everything under `decision:` becomes one rule set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo

from ordinance.rules.canonical import content_hash
from ordinance.rules.kinds import Kind
from ordinance.rules.law import MARKS as LAW_MARKS
from ordinance.rules.law import is_law, law_on
from ordinance.rules.point import DecisionPoint, Hit
from ordinance.rules.reading.about import Ids, read_effective
from ordinance.rules.reading.bands import check_reach, read_bands, read_total
from ordinance.rules.reading.cases import read_cases
from ordinance.rules.reading.context import Context, Named
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import missing_key, read_keys, read_text, read_words
from ordinance.rules.reading.law import as_law
from ordinance.rules.reading.named import Values, declare, typed
from ordinance.rules.reading.nodes import Entry, Node, Scalar
from ordinance.rules.reading.outcomes import check_required, read_outcome
from ordinance.rules.reading.rank import read_prefer, read_tie_break, read_weights
from ordinance.rules.reading.rulelist import read_rules_of
from ordinance.rules.reading.table import read_table
from ordinance.rules.reading.vocabulary import Vocabulary
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Outcome, Rule, RuleSet
from ordinance.rules.words import FAIL, HITS

SHARED = ("title", "version", "effective", "as_of", "params", "lists")
"""Keys that a file with `decisions:` may hold beside them."""

_HIT_KEYS: dict[str, tuple[Hit, ...]] = {
    "bands": (Hit.SCORE,),
    "total": (Hit.SCORE,),
    "exclude": (Hit.RANK,),
    "prefer": (Hit.RANK,),
    "weights": (Hit.RANK,),
    "tie_break": (Hit.RANK,),
    "most_specific": (Hit.FIRST, Hit.UNIQUE),
    "rules": (Hit.FIRST, Hit.UNIQUE, Hit.COLLECT, Hit.SCORE),
    "table": (Hit.FIRST, Hit.UNIQUE, Hit.COLLECT, Hit.SCORE),
}
"""The keys that only some hit policies have; the most telling ones first."""
KEYS_OF_DECISION = ("decision", *SHARED, "hit", *_HIT_KEYS, "when_unknown", "otherwise", "tests")
_REQUIRED = ("decision", "hit", "when_unknown", "otherwise")
_HITS = {spelling: Hit(hit) for hit, zh in HITS.items() for spelling in (hit, zh)}


@dataclass(slots=True)
class Draft:
    """A rule set whose parameters and lists are not typed yet."""

    rule_set: RuleSet | None
    context: Context | None
    local: dict[str, Named]

    def finish(self, shared: Values, findings: Findings) -> RuleSet | None:
        """The rule set with the values that it uses, and its hash."""
        own = typed(self.local, findings)
        if self.rule_set is None or self.context is None or findings.failed:
            return None
        params = {**shared.params, **own.params}
        lists = {**shared.lists, **own.lists}
        used = self.context.used
        whole = replace(
            self.rule_set,
            params={name: params[name] for name in used if name in params},
            lists={name: lists[name] for name in used if name in lists},
        )
        return replace(whole, hash=content_hash(whole))


def read_decision(
    node: Node,
    points: Mapping[str, DecisionPoint],
    shared: Mapping[str, Named],
    defaults: Mapping[str, Entry],
    zone: tzinfo,
    findings: Findings,
) -> Draft:
    """The draft of one decision. `defaults` are the entries of the file that it may repeat."""
    what = "the decision"
    found = read_keys(node, KEYS_OF_DECISION, findings, what, required=_REQUIRED)
    for name in ("title", "version", "effective", "as_of"):
        if name in defaults:
            found.setdefault(name, defaults[name])
    local = declare(found.get("params"), found.get("lists"), findings, shared)
    point = _point(found.get("decision"), points, findings)
    if point is None:
        return Draft(None, None, {})
    others = {name: other for name, other in points.items() if name != point.name}
    context = Context(findings, Vocabulary(point, others), {**shared, **local}, zone)
    hit = _hit(found.get("hit"), context)
    if hit is None:
        hit = _apparent_hit(found)
    _check_keys_of_hit(found, hit, findings)
    parts = _Parts(found, node, hit, context)
    return Draft(parts.read(), context, local)


class _Parts:
    """The parts of one decision that depend on its hit policy."""

    def __init__(self, found: dict[str, Entry], node: Node, hit: Hit, context: Context) -> None:
        self.found = found
        self.node = node
        self.hit = hit
        self.context = context
        self.ids = Ids()

    def read(self) -> RuleSet | None:
        """The rule set without parameters, lists and hash; None when anything is wrong."""
        findings, found, context = self.context.findings, self.found, self.context
        scored = self.hit is Hit.SCORE
        rules = self._rules()
        if is_law(context.words.point.name):
            rules = as_law(rules, findings)
        bands = read_bands(found["bands"], context) if "bands" in found else ()
        total = read_total(found.get("total"), findings)
        prefer = read_prefer(found["prefer"], context, self.ids) if "prefer" in found else ()
        weights = read_weights(found["weights"], context, self.ids) if "weights" in found else ()
        tie_break = read_tie_break(found["tie_break"], context) if "tie_break" in found else ()
        when_unknown = self._outcome("when_unknown")
        otherwise = self._otherwise()
        draft = RuleSet(
            point=context.words.point,
            hit=self.hit,
            rules=rules,
            otherwise=otherwise,
            when_unknown=when_unknown or {},
            place=self.node.place,
            hash="",
            title=read_words(found.get("title"), findings),
            version=read_text(found.get("version"), findings),
            effective=read_effective(found.get("effective"), findings),
            as_of=self._fact("as_of", (Kind.DATE, Kind.INSTANT), "a date or a moment"),
            total=total,
            bands=bands,
            prefer=prefer,
            weights=weights,
            tie_break=tie_break,
            most_specific=self._fact("most_specific", (Kind.REGION,), "a region"),
            tests=read_cases(found.get("tests"), context, self.ids.places, points=scored),
        )
        if findings.failed:
            return None
        check_complete(draft, context)
        if scored:
            check_reach(draft, context)
        return draft

    def _rules(self) -> tuple[Rule, ...]:
        findings, found = self.context.findings, self.found
        if self.hit is Hit.RANK:
            if "prefer" in found and "weights" in found:
                findings.error(
                    "E_CONFLICT",
                    "`prefer` and `weights` are two ways to say the same",
                    found["weights"].key.place,
                    "keep one of the two",
                )
            if "tie_break" not in found:
                missing_key("tie_break", self.node.place, findings, "the decision")
            if "exclude" not in found:
                return ()
            return read_rules_of(
                found["exclude"], self.context, self.ids, points=False, excludes=True
            )
        if self.hit is Hit.SCORE and "bands" not in found:
            missing_key("bands", self.node.place, findings, "the decision")
        points = self.hit is Hit.SCORE
        if "rules" in found and "table" in found:
            findings.error(
                "E_CONFLICT",
                "`rules` and `table` stand side by side, so their order is not said",
                found["table"].key.place,
                "write all as rules, or all as a table",
            )
        if "table" in found:
            return read_table(found["table"], self.context, self.ids, points=points)
        if "rules" not in found:
            missing_key("rules", self.node.place, findings, "the decision")
            return ()
        return read_rules_of(found["rules"], self.context, self.ids, points=points)

    def _outcome(self, key: str) -> Outcome | None:
        entry = self.found.get(key)
        if entry is None:
            return None
        points = self.hit is Hit.SCORE and key == "otherwise"
        # What no rule asked for may be nothing at all; required fields are checked afterwards.
        return read_outcome(entry.value, self.context, f"`{key}`", points=points, empty=True)

    def _otherwise(self) -> Outcome | None:
        entry = self.found.get("otherwise")
        if entry is not None and isinstance(entry.value, Scalar) and entry.value.text in FAIL:
            return None
        return self._outcome("otherwise")

    def _fact(self, key: str, kinds: tuple[Kind, ...], wanted: str) -> str | None:
        """The fact that a key names, which is the same for the whole order."""
        text = read_text(self.found.get(key), self.context.findings)
        if text is None:
            return None
        node = self.found[key].value
        assert isinstance(node, Scalar)
        fact = self.context.words.fact(node, self.context.findings)
        if fact is None:
            return None
        if fact.kind not in kinds or fact.name.startswith(("line.", "candidate.")):
            self.context.findings.error(
                "E_TYPE",
                f"`{fact.name}` cannot be `{key}`",
                node.place,
                f"name a fact of the order that is {wanted}",
            )
            return None
        return fact.name


def check_complete(rules: RuleSet, context: Context) -> None:
    """Every way to an outcome must set the fields that every outcome has."""
    check_required(rules.when_unknown, context, "`when_unknown`", rules.place)
    if rules.hit is Hit.SCORE:
        for band in rules.bands:
            check_required(band.then, context, "the band", band.place, rules.otherwise)
        for rule in rules.rules:
            if "points" not in rule.then:
                context.findings.error(
                    "E_REQUIRED",
                    f"rule `{rule.id}` gives no points",
                    rule.place,
                    "add `points:` to `then` (0 if it only says something)",
                )
        return
    if rules.otherwise is not None:
        check_required(rules.otherwise, context, "`otherwise`", rules.place)
    one_rule_decides = rules.hit in (Hit.FIRST, Hit.UNIQUE)
    if one_rule_decides or (rules.hit is Hit.COLLECT and rules.otherwise is None):
        for rule in rules.rules:
            check_required(rule.then, context, f"rule `{rule.id}`", rule.place)


def _point(
    entry: Entry | None, points: Mapping[str, DecisionPoint], findings: Findings
) -> DecisionPoint | None:
    name = read_text(entry, findings)
    if entry is None or name is None:
        return None
    law = next((name.removeprefix(mark) for mark in LAW_MARKS if name.startswith(mark)), None)
    titled = [point for point in points.values() if point.title.zh == (law or name)]
    point = points.get(law or name) or (titled[0] if len(titled) == 1 else None)
    if point is not None and law is not None:
        return law_on(point)
    if point is None:
        known = [*points, *(point.title.zh for point in points.values())]
        findings.unknown_word(
            "E_REF",
            f"there is no decision `{clip(name)}`",
            name,
            entry.value.place,
            known,
            f"decisions: {', '.join(f'`{known_name}`' for known_name in points)}",
        )
    return point


def _hit(entry: Entry | None, context: Context) -> Hit | None:
    """The hit policy, or None after the problem was noted."""
    allowed = context.words.point.hits
    text = read_text(entry, context.findings)
    if entry is None or text is None:
        return None
    hit = _HITS.get(text)
    usable = ", ".join(f"`{item}`" for item in allowed)
    if hit is None:
        context.findings.unknown_word(
            "E_HIT",
            f"`{clip(text)}` is not a hit policy",
            text,
            entry.value.place,
            _HITS,
            f"use {usable}",
        )
    elif hit not in allowed:
        context.findings.error(
            "E_HIT",
            f"`{text}` does not suit `{context.words.point.name}`",
            entry.value.place,
            f"use {usable}",
        )
        return None
    return hit


def _apparent_hit(found: Mapping[str, Entry]) -> Hit:
    """The hit policy that the other keys belong to, so that reading can go on without one."""
    return next((hits[0] for name, hits in _HIT_KEYS.items() if name in found), Hit.FIRST)


def _check_keys_of_hit(found: dict[str, Entry], hit: Hit, findings: Findings) -> None:
    for name, hits in _HIT_KEYS.items():
        if name in found and hit not in hits:
            findings.error(
                "E_UNKNOWN_KEY",
                f"`{found[name].key.text}` has no meaning with `hit: {hit}`",
                found[name].key.place,
                f"it belongs to {', '.join(f'`hit: {item}`' for item in hits)}",
            )
            del found[name]
