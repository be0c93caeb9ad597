"""From a decision, its rules and its facts to an explanation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from ordinance.rules.deciding.conditions import Verdict
from ordinance.rules.deciding.constants import entries_on
from ordinance.rules.deciding.decider import NOT_IN_FORCE, Decider
from ordinance.rules.deciding.policies import NO_BAND, NO_RULE, Asked, ask, covers, totalled
from ordinance.rules.deciding.program import Program
from ordinance.rules.deciding.rank import NO_CANDIDATES, Rank
from ordinance.rules.deciding.readiness import CLOCK
from ordinance.rules.deciding.unknowns import MOMENT, Search
from ordinance.rules.deciding.vocabulary import CANDIDATES
from ordinance.rules.decision import Decision, Ranked
from ordinance.rules.explaining.answers import answer_words
from ordinance.rules.explaining.candidates import Placing
from ordinance.rules.explaining.explanation import (
    Answered,
    Explanation,
    Fate,
    Reason,
    Standing,
    UsedValue,
)
from ordinance.rules.explaining.fates import Scene, Teller, Told
from ordinance.rules.explaining.voice import Voice
from ordinance.rules.facts import Facts
from ordinance.rules.kinds import Words
from ordinance.rules.point import Hit
from ordinance.rules.tree import (
    NamedList,
    Param,
    Place,
    Total,
)


def explain(decider: Decider, decision: Decision, facts: Facts, at: datetime | None) -> Explanation:
    """Why `decision` came out of these rules and facts at `at`.

    Raises `ValueError` when it did not: an explanation is computed, never guessed.
    """
    found = decider.decide(facts, at)
    if found.to_json() != decision.to_json():
        raise ValueError(_mismatch(found, decision))
    situation = decider.situation(facts, at)
    day = decider.day(situation, at)
    ready = decider.program(day)
    search = Search(ready.builder, decider.tree.as_of or MOMENT, day is not None)
    scene = Scene(
        decider.tree,
        decision,
        situation,
        day,
        ready.policy,
        lambda asked: list(search.behind(asked, situation)),
        frozenset(decision.fired),
    )
    return _Explainer(scene, ready, facts, decider).explanation()


class _Explainer:
    def __init__(self, scene: Scene, ready: Program, facts: Facts, decider: Decider) -> None:
        self.scene = scene
        self.decider = decider
        self.facts = facts
        self.ready = ready
        self.tree = scene.tree
        self.point = scene.tree.point
        zone = scene.decision.at.tzinfo if scene.decision.at else None
        self.zh, self.en = (
            Teller(scene, Voice(lang, scene.tree, ready.builder, zone)) for lang in ("zh", "en")
        )

    def explanation(self) -> Explanation:
        told = self.told()
        decision, tree = self.scene.decision, self.tree
        as_of = self.point.fact(tree.as_of) if tree.as_of else None
        return Explanation(
            decision=decision,
            title=tree.title or self.point.title,
            outcome=tuple(self.answers()),
            settled=self.both(self.settled),
            reasons=tuple(self.reason(item) for item in told),
            candidates=tuple(self.standings(told)),
            values=tuple(self.used()),
            place=_spot(tree.place),
            version=tree.version,
            as_of=as_of.words if as_of else None,
        )

    def both(self, speak: Callable[[Teller], str]) -> Words:
        """The same sentence in both languages."""
        return Words(speak(self.zh), speak(self.en))

    def told(self) -> list[Told]:
        """Every rule with what was asked of it, in file order."""
        policy = self.ready.policy
        every = policy.asked(self.scene.situation)
        count = 1
        if isinstance(policy, Rank):
            count = len(self.scene.situation[CANDIDATES])
        verdicts = self.verdicts(every)
        return [
            Told(
                rule, number, policy, every, tuple(verdicts[number * count : (number + 1) * count])
            )
            for number, rule in enumerate(self.tree.rules)
        ]

    def verdicts(self, every: Sequence[Asked]) -> Sequence[Verdict]:
        """The verdict on everything asked, those included that a decision stops before."""
        situation = self.scene.situation
        if self.ready.answers is not None:
            try:
                return self.ready.answers.verdicts(self.facts, situation[CLOCK], lambda: situation)
            except Exception:
                # The plain conditions fail as well, and say which rule it was.
                pass
        return [ask(asked, self.point, situation) for asked in every]

    def reason(self, told: Told) -> Reason:
        closed = self.scene.decision.failure == NOT_IN_FORCE
        fate = Fate.NOT_IN_FORCE if closed else self.scene.fate(told)

        def speak(lang: str) -> str:
            teller = self.zh if lang == "zh" else self.en
            if closed:
                return teller.voice.say("规则集未生效", "the rule set is not in force")
            return teller.sentence(told, fate)

        return Reason(told.rule.id, told.rule.title, fate, speak, told.rule.place)

    def standings(self, told: Sequence[Told]) -> list[Standing]:
        policy = self.ready.policy
        if not isinstance(policy, Rank):
            return []
        by_id = {item.rule.id: item for item in told}

        def speak(teller: Teller, item: Ranked) -> str:
            why = ""
            if item.excluded_by is not None:
                why = teller.excluding(by_id[item.excluded_by], item.code)
            return Placing(self.scene, policy, teller.voice).sentence(item, why)

        return [
            Standing(item.code, item.place, Words(speak(self.zh, item), speak(self.en, item)))
            for item in self.scene.decision.ranking
        ]

    def settled(self, teller: Teller) -> str:
        """How the outcome came about."""
        decision, say = self.scene.decision, teller.voice.say
        if decision.settled_by == "failure":
            return self._failure(teller)
        if decision.settled_by == "unknown":
            waiting = teller.waiting_for(decision.unknown)
            return say(
                f"结论取决于未知事实, 按“未知时”处理 ({waiting})",
                f"it hangs on what is not known, so `when_unknown` applies ({waiting})",
            )
        fired = teller.voice.join(decision.fired)
        if self.tree.hit is Hit.SCORE:
            return self._score(teller)
        if self.tree.hit is Hit.RANK:
            return say("候选已排序", "the candidates were ranked")
        if not fired and decision.unknown:
            return say(
                "无论未知事实为何值, 结论相同", "every value of what is not known gives this answer"
            )
        if decision.settled_by == "otherwise":
            return say("没有规则命中, 按“否则”处理", "no rule fired, so `otherwise` applies")
        return say(f"由 {fired} 决定", f"decided by {fired}")

    def _score(self, teller: Teller) -> str:
        points, say = self.scene.decision.points, teller.voice.say
        if points is None:
            return say(
                "无论未知事实为何值, 结论相同", "every value of what is not known gives this answer"
            )
        band = next((band for band in self.tree.bands if covers(band, points)), None)
        parts = []
        if band is not None and band.at_least is not None:
            parts.append(say(f"不低于 {band.at_least}", f"at least {band.at_least}"))
        if band is not None and band.below is not None:
            parts.append(say(f"低于 {band.below}", f"below {band.below}"))
        total = f"{say('得分', 'score')} {points}{self._sum(teller, points)}"
        return f"{total} ({teller.voice.join(parts)})"

    def _sum(self, teller: Teller, points: int) -> str:
        """What the points are made of: `: R1 +40, R2 +15`, or the highest of them."""
        said = {ready.id: ready.said for ready in self.ready.policy.rules}
        terms = {id: item.points for id in self.scene.decision.fired if (item := said[id])}
        otherwise = self.ready.fallbacks.otherwise
        base = otherwise.points if otherwise else 0
        total = self.tree.total
        if totalled(total, base, list(terms.values())) != points:
            # Every value of what is not known comes to this, each by other rules.
            return ""
        shown = [f"{id} {worth:+d}" for id, worth in terms.items()]
        if total is not Total.SUM and len(terms) > 1:
            how = ("最高", "the highest of") if total is Total.MAX else ("最低", "the lowest of")
            shown[0] = f"{teller.voice.say(*how)} {shown[0]}"
        if base and (total is Total.SUM or not terms):
            shown.insert(0, teller.voice.say(f"起始 {base}", f"{base} to begin with"))
        return f": {teller.voice.join(shown)}" if shown else ""

    def _failure(self, teller: Teller) -> str:
        failure, say = self.scene.decision.failure or "", teller.voice.say
        points = self.scene.decision.points
        if failure == NOT_IN_FORCE:
            said = teller.not_in_force(self.tree.effective, self.ready.dated)
            return say(f"规则集未生效: {said}", f"the rule set is not in force: {said}")
        if failure == NO_RULE:
            return say("没有规则命中, 而“否则”是报错", "no rule fired, and `otherwise` is an error")
        if failure == NO_BAND:
            total = f"{points}{self._sum(teller, points or 0)}"
            return say(f"没有一档包含得分 {total}", f"no band holds the score {total}")
        if failure == NO_CANDIDATES:
            return say("没有候选", "there are no candidates")
        if self.tree.hit is Hit.UNIQUE:
            held = teller.voice.join(failure.split(", "))
            return say(f"多条规则同时成立: {held}", f"more than one rule is true: {held}")
        return say(f"{failure} 排除了全部候选", f"{failure} excluded every candidate")

    def answers(self) -> list[Answered]:
        """The outcome in words, from the typed values where they are at hand."""
        outcome = self.scene.decision.outcome
        return [
            Answered(
                field.name,
                field.words,
                Words(
                    answer_words(field, outcome[field.name], "zh"),
                    answer_words(field, outcome[field.name], "en"),
                ),
            )
            for field in self.point.fields
            if field.name in outcome
        ]

    def used(self) -> list[UsedValue]:
        """The params and lists that the rules refer to, as they were on the day."""
        used = []
        for name in self.decider.named:
            param = (self.tree.params or {}).get(name)
            named = (self.tree.lists or {}).get(name)
            if param is not None:
                used.append(self._param(param))
            elif named is not None:
                used.append(self._list(named))
        return used

    def _param(self, param: Param) -> UsedValue:
        value = self.ready.constants.params.get(param.name)
        label = param.label or Words(param.name, param.name)
        if value is None:
            absent = self._absent([dated.start for dated in param.values])
            return UsedValue(param.name, label, absent, None, param.source)
        words = self.both(lambda teller: teller.voice.param(param, value))
        since = _since([dated.start for dated in param.values], self.scene.day)
        return UsedValue(param.name, label, words, since, param.source)

    def _list(self, named: NamedList) -> UsedValue:
        values = self.ready.constants.lists.get(named.name)
        label = named.label or Words(named.name, named.name)
        if values is None:
            absent = self._absent([dated.start for dated in named.values])
            return UsedValue(named.name, label, absent, None, named.source)
        words = Words(
            f"{len(values)} 项", "1 entry" if len(values) == 1 else f"{len(values)} entries"
        )
        starts: list[date | None] = []
        if self.scene.day is not None and (held := entries_on(named, self.scene.day)):
            gone = [entry.until for entry in held.entries if entry.until]
            starts = [held.start, *(until + _DAY for until in gone if until < date.max)]
        return UsedValue(named.name, label, words, _since(starts, self.scene.day), named.source)

    def _absent(self, starts: Sequence[date | None]) -> Words:
        """Why a name has no value: the day is not known, or stands before the first one."""
        day, first = self.scene.day, min((start for start in starts if start), default=None)
        if day is None or first is None:
            return self.both(lambda teller: teller.voice.day(None))
        return Words(
            f"{day} 还没有值, 首个值从 {first} 起", f"no value on {day}, the first is from {first}"
        )


_DAY = timedelta(days=1)


def _spot(place: Place) -> str:
    return f"{place.file}:{place.line}"


def _since(starts: Sequence[date | None], day: date | None) -> date | None:
    """The start of the dated value that holds on `day`."""
    if day is None:
        return None
    return max((start for start in starts if start is not None and start <= day), default=None)


def _mismatch(found: Decision, decision: Decision) -> str:
    for what, name in (("rules", "rules_hash"), ("facts", "facts_hash"), ("engine", "engine")):
        if getattr(found, name) != getattr(decision, name):
            return f"the decision was made by other {what} than these"
    return "these rules and facts do not give this decision; was `at` another moment?"
