"""What became of every rule, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ordinance.rules.deciding.conditions import Node, Situation, Verdict
from ordinance.rules.deciding.policies import Asked, Policy, RulePolicy
from ordinance.rules.deciding.readiness import Ready
from ordinance.rules.deciding.specificity import generality
from ordinance.rules.deciding.unknowns import Blank
from ordinance.rules.deciding.vocabulary import CODE
from ordinance.rules.decision import Decision
from ordinance.rules.explaining.explanation import Fate
from ordinance.rules.explaining.shortfalls import Shortfalls
from ordinance.rules.explaining.voice import Voice
from ordinance.rules.kinds import Value
from ordinance.rules.point import Hit
from ordinance.rules.tree import AllOf, Effective, LineTest, Rule, RuleSet

MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One rule as it was asked: of the order, or of every candidate."""

    rule: Rule
    number: int
    policy: Policy
    every: Sequence[Asked]
    """Everything that was asked, by all rules."""
    verdicts: tuple[Verdict, ...]

    @property
    def ready(self) -> Ready:
        """The rule made ready for the day."""
        return self.policy.rules[self.number]

    @property
    def asked(self) -> Sequence[Asked]:
        """What was asked by this rule."""
        first = self.number * len(self.verdicts)
        return self.every[first : first + len(self.verdicts)]


@dataclass(frozen=True, slots=True)
class Scene:
    """The decision to explain, and everything that it was made from."""

    tree: RuleSet
    decision: Decision
    situation: Situation
    day: date | None
    policy: Policy
    blanks: Callable[[Asked], Sequence[Blank]]
    fired: frozenset[str]

    def fate(self, told: Told) -> Fate:
        """What became of a rule."""
        if told.rule.id in self.fired:
            return Fate.FIRED
        if told.rule.id in self.decision.skipped:
            return Fate.SKIPPED
        # Most rules of a large set have no period and no scope: they are not made ready for this.
        if told.rule.effective is not None and self._closed(told.ready):
            return Fate.NOT_IN_FORCE
        if True in told.verdicts:
            return self._true_but_idle(told)
        if None in told.verdicts:
            return Fate.UNKNOWN
        if told.rule.scope and any(
            node.check(self._about(told)) is False for node in told.ready.scope
        ):
            return Fate.OUT_OF_SCOPE
        return Fate.FAILED

    def _closed(self, ready: Ready) -> bool:
        daily = ready.daily is not None and ready.daily(self.situation) is False
        return ready.dated is False or daily

    def _true_but_idle(self, told: Told) -> Fate:
        if self.decision.settled_by in ("failure", "unknown"):
            return Fate.SET_ASIDE
        if self.tree.hit is Hit.COLLECT:
            return Fate.GROUP_TAKEN if self.served(told.rule.group) else Fate.UNKNOWN
        # With no rule fired, one that stands before it is unknown.
        return Fate.PRECEDED if self.decision.fired else Fate.UNKNOWN

    def served(self, group: str | None) -> str | None:
        """The rule of a group that fired; None when none did for sure."""
        return next(
            (rule.id for rule in self.tree.rules if rule.id in self.fired and rule.group == group),
            None,
        )

    def _about(self, told: Told) -> Situation:
        return told.asked[0].about(self.situation) if told.asked else self.situation


class Teller:
    """Says in one language what became of a rule."""

    def __init__(self, scene: Scene, voice: Voice) -> None:
        self.scene = scene
        self.voice = voice
        self.shortfalls = Shortfalls(voice, scene.situation)

    def sentence(self, told: Told, fate: Fate) -> str:
        """Why a rule fired or did not."""
        say = self.voice.say
        match fate:
            case Fate.FIRED:
                return self._fired(told)
            case Fate.NOT_IN_FORCE:
                return self.not_in_force(told.rule.effective, told.ready.dated)
            case Fate.UNKNOWN:
                return self._unknown(told)
            case Fate.GROUP_TAKEN:
                first = self.scene.served(told.rule.group)
                return say(
                    f"同组 {told.rule.group} 的 {first} 已先命中",
                    f"{first} of the same group `{told.rule.group}` fired first",
                )
            case Fate.PRECEDED:
                return self._preceded(told)
            case Fate.SET_ASIDE:
                return self._set_aside(told)
            case Fate.SKIPPED:
                return say(
                    f"会排除全部剩余候选, 因此跳过: {self._fired(told)}",
                    f"it would have left no candidate, so it was skipped: {self._fired(told)}",
                )
            case Fate.OUT_OF_SCOPE | Fate.FAILED:
                return self._failed(told)

    def excluding(self, told: Told, code: str) -> str:
        """What an excluding rule says about one candidate."""
        for asked in told.asked:
            about = asked.about(self.scene.situation)
            if about[CODE] == code:
                return self._because(told, about)
        return ""

    def not_in_force(self, effective: Effective | None, dated: Verdict) -> str:
        """When something is in force, and what the day or the hour is."""
        say = self.voice.say
        if effective is None or (dated is not False and effective.daily is None):
            return say("未生效", "not in force")
        if dated is not False and effective.daily is not None:
            start, end = (moment.strftime("%H:%M") for moment in effective.daily)
            at = self.scene.decision.at
            now = self.voice.day(None) if at is None else at.strftime("%H:%M")
            return say(
                f"每日 {start} 到 {end} 才生效, 决策时刻为 {now}",
                f"in force daily from {start} to {end}, decided at {now}",
            )
        day = self.voice.day(self.scene.day)
        if effective.start is not None and (
            self.scene.day is None or self.scene.day < effective.start
        ):
            return say(
                f"{effective.start} 起才生效, 取值日为 {day}",
                f"in force from {effective.start}, the day is {day}",
            )
        return say(
            f"{effective.end} 起不再生效, 取值日为 {day}",
            f"in force until {effective.end} (excluded), the day is {day}",
        )

    def waiting_for(self, names: Sequence[str]) -> str:
        """What is not known, in words."""
        said = self.voice.join(self.voice.subject(name) for name in dict.fromkeys(names))
        return self.voice.say(f"尚不知道: {said}", f"not known: {said}")

    def _fired(self, told: Told) -> str:
        if self.scene.tree.hit is not Hit.RANK:
            if True not in told.verdicts:
                waiting = self._unknown(told)
                return self.voice.say(
                    f"无论未知事实为何值都成立 ({waiting})",
                    f"holds for every value of what is not known ({waiting})",
                )
            return self._because(told, self.scene.situation)
        return self._per_candidate(told, True, self._because)

    def _failed(self, told: Told) -> str:
        if self.scene.tree.hit is not Hit.RANK:
            return self._shortfall(told, self.scene.situation)
        if not told.asked:
            return self.voice.say("没有候选", "there are no candidates")
        return self._per_candidate(told, False, self._shortfall)

    def _per_candidate(
        self, told: Told, verdict: Verdict, speak: Callable[[Told, Situation], str]
    ) -> str:
        """One sentence per candidate, or a single one where it is the same for all."""
        said: dict[str, list[str]] = {}
        for asked, found in zip(told.asked, told.verdicts, strict=True):
            if found is verdict:
                about = asked.about(self.scene.situation)
                said.setdefault(speak(told, about), []).append(str(about[CODE]))
        if len(said) == 1 and verdict is False:
            return next(iter(said))
        shown = list(said.items())[:MOST_CANDIDATES]
        return "; ".join(f"{self.voice.join(codes)}: {why}" for why, codes in shown)

    def _because(self, told: Told, about: Situation) -> str:
        """The sentence of the rule, and which lines it is about."""
        if told.rule.because is None:
            scope = [self.shortfalls.why_true(node, about) for node in told.ready.scope]
            bare = told.ready.when.condition == AllOf(()) and (scope or told.rule.effective)
            held = [] if bare else [self.shortfalls.why_true(told.ready.when, about)]
            return "; ".join([*scope, *held, *self._in_force(told.rule.effective)])
        said = [self.voice.filled(told.rule.because, lambda name: self._value(name, about))]
        for node in _line_nodes(told.ready.when):
            if node.check(about) is True:
                said.extend(self.shortfalls.lines_found(node, about))
        return "; ".join(dict.fromkeys(said))

    def _in_force(self, effective: Effective | None) -> Iterator[str]:
        """The period and the daily window that a rule is in."""
        say = self.voice.say
        if effective is not None and (effective.start or effective.end):
            day = self.voice.day(self.scene.day)
            yield say(f"取值日 {day} 在生效期内", f"in force on {day}")
        if effective is not None and effective.daily is not None:
            start, end = (moment.strftime("%H:%M") for moment in effective.daily)
            at = self.scene.decision.at
            now = self.voice.day(None) if at is None else at.strftime("%H:%M")
            yield say(
                f"决策时刻 {now} 在每日 {start} 到 {end} 之间",
                f"decided at {now}, in force daily from {start} to {end}",
            )

    def _shortfall(self, told: Told, about: Situation) -> str:
        ready = told.ready
        if not ready.scope and told.verdicts == (False,):
            # Nothing else can have made it false.
            return self.shortfalls.why_false(ready.when, about)
        for node in (*ready.scope, ready.when):
            if node.check(about) is False:
                return self.shortfalls.why_false(node, about)
        return self.voice.say("未命中", "did not fire")

    def _unknown(self, told: Told) -> str:
        if True in told.verdicts and self.scene.tree.hit is not Hit.RANK:
            waiting = self.waiting_for(self.scene.decision.unknown)
            return self.voice.say(
                f"成立, 但是否由它决定取决于排在前面的规则 ({waiting})",
                f"holds, but whether it decides hangs on a rule before it ({waiting})",
            )
        names: list[str] = []
        for asked, verdict in zip(told.asked, told.verdicts, strict=True):
            if verdict is None:
                names.extend(blank.name for blank in self.scene.blanks(asked))
        return self.waiting_for(names)

    def _preceded(self, told: Told) -> str:
        fired = self.voice.join(self.scene.decision.fired)
        if self._is_less_specific(told):
            return self.voice.say(
                f"也成立, 但 {fired} 更具体", f"holds too, but {fired} is more specific"
            )
        return self.voice.say(
            f"也成立, 但 {fired} 排在前面", f"holds too, but {fired} stands before it"
        )

    def _is_less_specific(self, told: Told) -> bool:
        """Whether a rule that fired goes before this one because it is more specific."""
        policy, situation = self.scene.policy, self.scene.situation
        if self.scene.tree.most_specific is None or not isinstance(policy, RulePolicy):
            return False
        own = generality(policy, told.ready, situation)
        return any(
            generality(policy, ready, situation) < own
            for ready in policy.rules
            if ready.id in self.scene.decision.fired
        )

    def _set_aside(self, told: Told) -> str:
        held = self._fired(told)
        return self.voice.say(f"成立, 但未采用: {held}", f"holds, but was set aside: {held}")

    def _value(self, name: str, about: Situation) -> Value | None:
        value: Value | None = about.get(name, self.voice.builder.vocabulary.default(name))
        return value


def _line_nodes(node: Node) -> list[Node]:
    if isinstance(node.condition, LineTest):
        return [node]
    return [found for part in node.parts for found in _line_nodes(part)]
