"""Why each candidate of a rank stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ordinance.rules.deciding.rank import TIE_BREAK, WEIGHTS, Rank
from ordinance.rules.deciding.vocabulary import CANDIDATES, CODE
from ordinance.rules.decision import Ranked
from ordinance.rules.explaining.fates import Scene
from ordinance.rules.explaining.voice import UNKNOWN, Voice
from ordinance.rules.kinds import Value
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
        preference = next(
            preference for preference in self.scene.tree.prefer if preference.id == item.lost_on
        )
        return self._behind(item.code, winner.code, preference)

    def _first(self, ranking: Sequence[Ranked]) -> str:
        left = [item for item in ranking if item.place is not None]
        if len(left) == 1:
            return self.voice.say("唯一剩下的候选", "the only candidate left")
        criteria = self.voice.join(dict.fromkeys(item.lost_on or "" for item in left[1:]))
        return self.voice.say(
            f"在 {len(left)} 个候选中居首, 决定于 {criteria}",
            f"first of {len(left)}, decided by {criteria}",
        )

    def _behind(self, code: str, winner: str, preference: Preference) -> str:
        voice = self.voice
        mine, best = (self._value(each, preference.fact) for each in (code, winner))
        subject = voice.subject(preference.fact)
        wanted = (
            voice.say("取大", "the most")
            if preference.direction == "most"
            else voice.say("取小", "the least")
        )
        tolerance = self.policy.tolerance(preference, self.scene.situation)
        within = ""
        if tolerance is not None:
            said = voice.value(voice.facts[preference.fact], tolerance)
            within = voice.say(f", 相差不到 {said} 算并列", f", less than {said} apart is a tie")
        return voice.say(
            f"在 {preference.id} ({subject}{wanted}) 上落后: {mine}, {winner} 为 {best}{within}",
            f"fell behind on {preference.id} ({wanted} of {subject}): {mine}, "
            f"{winner} has {best}{within}",
        )

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
        mine, best = (self._value(each, name) for each in (code, winner))
        return self.voice.say(
            f"并列, 按{subject}取小: {mine}, {winner} 为 {best}",
            f"tied, the least {subject} goes first: {mine}, {winner} has {best}",
        )

    def _total(self, code: str) -> str:
        total = self.policy.total(self.candidates[code])
        if total is None:
            return UNKNOWN.get(self.voice.lang)
        return format(total.normalize(), "f")

    def _compared(self, code: str, name: str) -> Any:
        return self.policy.comparable(self.candidates[code], name)

    def _value(self, code: str, name: str) -> str:
        default = self.voice.builder.vocabulary.default(name)
        return self.voice.value(self.voice.facts[name], self.candidates[code].get(name, default))
