"""Why each candidate of a rank stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ordinance.rules.deciding.rank import TIE_BREAK, WEIGHTS, Rank
from ordinance.rules.deciding.vocabulary import CANDIDATES, CODE
from ordinance.rules.decision import Ranked
from ordinance.rules.explaining.fates import Scene
from ordinance.rules.explaining.voice import UNKNOWN, Voice
from ordinance.rules.kinds import Value
from ordinance.rules.numeral import decimal_text
from ordinance.rules.tree import Preference


class Placing:
    """Says in one language why a candidate is first, behind, or excluded."""

    def __init__(self, scene: Scene, policy: Rank, voice: Voice) -> None:
        self.scene = scene
        self.policy = policy
        self.voice = voice
        self.candidates: Mapping[str, Mapping[str, Value]] = {
            str(part[CODE]): part for part in scene.situation[CANDIDATES]
        }

    def sentence(self, item: Ranked, because: str) -> str:
        """Why `item` has its place; `because` is what its excluding rule says, if it has one."""
        say = self.voice.say
        ranking = self.scene.decision.ranking
        if item.excluded_by is not None:
            return say(
                f"被 {item.excluded_by} 排除: {because}",
                f"excluded by {item.excluded_by}: {because}",
            )
        winner = ranking[0]
        if item.place == 1:
            return self._first(ranking)
        if item.lost_on == WEIGHTS:
            return self._behind_on_weights(item.code, winner.code)
        if item.lost_on == TIE_BREAK:
            return self._behind_on_tie_break(item.code, winner.code)
        return self._behind(item.code, self._preference(item.lost_on or ""))

    def _first(self, ranking: Sequence[Ranked]) -> str:
        left = [item for item in ranking if item.place is not None]
        if len(left) == 1:
            return self.voice.say("唯一剩下的候选", "the only candidate left")
        criteria = self.voice.join(
            dict.fromkeys(self._criterion(item.lost_on or "", ranking[0].code) for item in left[1:])
        )
        return self.voice.say(
            f"在 {len(left)} 个候选中居首, 决定于 {criteria}",
            f"first of {len(left)}, decided by {criteria}",
        )

    def _criterion(self, name: str, winner: str) -> str:
        """What a criterion is called: its id, and the reason that the file gives for it."""
        if name == TIE_BREAK:
            return self.voice.say("决胜规则", "the tie-break")
        if name == WEIGHTS:
            return self.voice.say("加权得分", "the weighted sum")
        preference = self._preference(name)
        if preference.because is None:
            return name
        known = {**self.scene.situation, **self.candidates[winner]}
        said = self.voice.filled(
            preference.because,
            lambda fact: known.get(fact, self.voice.builder.vocabulary.default(fact)),
        )
        return f"{name} ({said})"

    def _preference(self, id: str) -> Preference:
        return next(item for item in self.scene.tree.prefer if item.id == id)

    def _behind(self, code: str, preference: Preference) -> str:
        voice, leader = self.voice, self._leader(preference)
        mine, best = (self._value(each, preference.fact) for each in (code, leader))
        subject = voice.subject(preference.fact)
        wanted = (
            voice.say("取大", "the most")
            if preference.direction == "most"
            else voice.say("取小", "the least")
        )
        tolerance = self.policy.tolerance(preference, self.scene.situation)
        after = ""
        if self._compared(code, preference.fact) is None:
            after = voice.say(", 未知的排在已知的后面", ", what is unknown goes last")
        elif tolerance is not None:
            said = voice.value(voice.facts[preference.fact], tolerance)
            after = voice.say(
                f", 要算并列, 相差须小于 {said}", f", less than {said} apart is a tie"
            )
        return voice.say(
            f"在 {preference.id} ({subject}{wanted}) 上落后: {mine}, {leader} 为 {best}{after}",
            f"fell behind on {preference.id} ({wanted} of {subject}): {mine}, "
            f"{leader} has {best}{after}",
        )

    def _leader(self, preference: Preference) -> str:
        """The best of those that were still tied when a criterion was asked.

        It may lose on a later criterion to the winner, which was near enough to it.
        """
        order = [*(item.id for item in self.scene.tree.prefer), TIE_BREAK]
        turn = order.index(preference.id)
        tied = [
            item.code
            for item in self.scene.decision.ranking
            if item.place == 1 or (item.lost_on is not None and order.index(item.lost_on) >= turn)
        ]
        known = {code: self._compared(code, preference.fact) for code in tied}
        known = {code: value for code, value in known.items() if value is not None}
        if not known:
            return tied[0]
        best = (max if preference.direction == "most" else min)(known.values())
        return next(code for code, value in known.items() if value == best)

    def _behind_on_weights(self, code: str, winner: str) -> str:
        mine, best = (self._total(each) for each in (code, winner))
        return self.voice.say(
            f"加权得分落后: {mine}, {winner} 为 {best}",
            f"fell behind on the weighted sum: {mine}, {winner} has {best}",
        )

    def _behind_on_tie_break(self, code: str, winner: str) -> str:
        names = [*self.scene.tree.tie_break, CODE]
        name = next(
            (name for name in names if self._compared(code, name) != self._compared(winner, name)),
            CODE,
        )
        subject = self.voice.subject(name)
        if name == CODE:
            return self.voice.say(
                f"并列, 按{subject}排在 {winner} 之后", f"tied, by {subject} it goes after {winner}"
            )
        mine, best = (self._value(each, name) for each in (code, winner))
        return self.voice.say(
            f"并列, 按{subject}取小: {mine}, {winner} 为 {best}",
            f"tied, the least {subject} goes first: {mine}, {winner} has {best}",
        )

    def _total(self, code: str) -> str:
        """The weighted sum with its terms: `-1.58 = 2 × 1 - 10 × 0.333 - 2.5 × 0.1`."""
        total = self.policy.total(self.candidates[code])
        if total is None:
            return UNKNOWN.get(self.voice.lang)
        terms = ""
        for weight in self.scene.tree.weights:
            value = decimal_text(Decimal(self._compared(code, weight.fact)))
            sign = "-" if weight.weight < 0 else "+"
            terms += f" {sign} {value} × {decimal_text(abs(weight.weight))}"
        return f"{decimal_text(total)} ={terms.removeprefix(' +')}"

    def _compared(self, code: str, name: str) -> Any:
        return self.policy.comparable(self.candidates[code], name)

    def _value(self, code: str, name: str) -> str:
        default = self.voice.builder.vocabulary.default(name)
        return self.voice.value(self.voice.facts[name], self.candidates[code].get(name, default))
