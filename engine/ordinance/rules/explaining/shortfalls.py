"""The first condition that failed, and what a condition that held looked like."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.deciding.conditions import Node, Situation, Verdict
from ordinance.rules.deciding.vocabulary import LINES
from ordinance.rules.explaining.distance import distance
from ordinance.rules.explaining.voice import COUNTED, Voice
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.phrases import OPPOSITES
from ordinance.rules.tree import AllOf, AnyOf, Comparator, LineTest, NotOf, SomeOf, Test

MOST_LINES = 3


class Shortfalls:
    """Says in one language why a condition is not true."""

    def __init__(self, voice: Voice, order: Situation) -> None:
        """`order` is the situation of the order as a whole."""
        self.voice = voice
        self.order = order
        # Many rules of a large set fail by the same comparison, and then in the same words.
        self.said: dict[object, str] = {}

    def why_false(self, node: Node, situation: Situation) -> str:
        """Why a condition that is false is not true: its first part that failed."""
        match node.condition:
            case Test() as test:
                return self._of_test(test, situation)
            case LineTest() as test:
                return self._lines(node, test, situation)
            case AllOf():
                return self.why_false(next(self._parts(node, situation, False)), situation)
            case AnyOf():
                reasons = [self.why_false(part, situation) for part in node.parts]
                if len(reasons) == 1:
                    return reasons[0]
                said = "; ".join(reasons)
                return self.voice.say(f"各项都不成立: {said}", f"no alternative holds: {said}")
            case SomeOf(at_least):
                held = sum(1 for _ in self._parts(node, situation, True))
                said = "; ".join(
                    self.why_false(part, situation) for part in self._parts(node, situation, False)
                )
                return self.voice.say(
                    f"{len(node.parts)} 项中成立 {held} 项, 要求至少 {at_least} 项: {said}",
                    f"{held} of {len(node.parts)} conditions hold, needs {at_least}: {said}",
                )
            case NotOf():
                return self._not(node.parts[0], situation)

    def _of_test(self, test: Test, situation: Situation) -> str:
        if situation is not self.order or self.voice.facts[test.fact].kind is Kind.INSTANT:
            # Moments with the same hands of the clock would count as one.
            return self._test(test, situation)
        key = (test.fact, test.comparator, test.operands)
        said = self.said.get(key)
        if said is None:
            said = self.said[key] = self._test(test, situation)
        return said

    def why_true(self, node: Node, situation: Situation) -> str:
        """What a condition that is true found: the facts with their values."""
        said = list(dict.fromkeys(self._found(node, situation)))
        return "; ".join(said) or self.voice.say("总是成立", "always holds")

    def _parts(self, node: Node, situation: Situation, verdict: Verdict) -> Iterator[Node]:
        return (part for part in node.parts if part.check(situation) is verdict)

    def _test(self, test: Test, situation: Situation, *, denied: bool = False) -> str:
        voice = self.voice
        fact = voice.facts[test.fact]
        known = self._value(test.fact, situation)
        subject = voice.subject(test.fact)
        if test.comparator is Comparator.MISSING:
            if known is None:
                return voice.say(
                    f"{subject} 缺失, 要求有值", f"{subject} is missing, needs a value"
                )
            said = voice.value(fact, known)
            return voice.say(
                f"{subject} {said}, 要求缺失", f"{subject} {said}, needs to be missing"
            )
        if known is None:
            # Only facts that are declared "no match when missing" come here.
            return voice.say(f"{subject} 缺失", f"{subject} is missing")
        need = voice.need(test, situation, denied=denied)
        if isinstance(known, bool):
            # However it is asked for, it is the other one of the two.
            other = voice.value(fact, not known)
            need = voice.say(f"为 {other}", other)
        said = voice.value(fact, known)
        sentence = voice.say(f"{subject} {said}, 要求{need}", f"{subject} {said}, needs {need}")
        operands = voice.builder.operands(test, situation)
        wanted = OPPOSITES.get(test.comparator) if denied else test.comparator
        if operands is None or wanted is None:
            return sentence
        far = distance(voice, fact, wanted, known, operands)
        return sentence if far is None else f"{sentence}, {far}"

    def _not(self, part: Node, situation: Situation) -> str:
        if isinstance(part.condition, Test):
            return self._test(part.condition, situation, denied=True)
        if isinstance(part.condition, NotOf):
            return self.why_false(part.parts[0], situation)
        said = self.why_true(part, situation)
        return self.voice.say(f"不应成立, 却成立: {said}", f"holds, but must not: {said}")

    def _lines(self, node: Node, test: LineTest, situation: Situation) -> str:
        voice, count = self.voice, len(situation[LINES])
        inner = [node.inner(situation, index) for index in range(count)]
        verdicts = [node.parts[0].check(line) for line in inner]
        if test.quantifier == "count":
            held = verdicts.count(True)
            need = voice.need(test, situation)
            subject = COUNTED.words.get(voice.lang)
            sentence = voice.say(
                f"{subject} {held}, 要求{need}", f"{subject}: {held}, needs {need}"
            )
            operands = voice.builder.operands(test, situation)
            if operands is None or test.comparator is None:
                return sentence
            far = distance(voice, COUNTED, test.comparator, held, operands)
            return sentence if far is None else f"{sentence}, {far}"
        if not count:
            return voice.say("没有商品行", "there are no lines")
        reasons = [
            self._line(index, self.why_false(node.parts[0], inner[index]))
            for index, verdict in enumerate(verdicts)
            if verdict is False
        ]
        if test.quantifier == "all":
            return reasons[0]
        if count == 1:
            return reasons[0]
        said = "; ".join(reasons[:MOST_LINES])
        return voice.say(f"{count} 行商品都不符合: {said}", f"none of {count} lines: {said}")

    def _line(self, index: int, said: str) -> str:
        return self.voice.say(f"第 {index + 1} 行: {said}", f"line {index + 1}: {said}")

    def _found(self, node: Node, situation: Situation) -> Iterator[str]:
        condition = node.condition
        if isinstance(condition, Test):
            yield self._holds(condition, situation)
        elif isinstance(condition, LineTest):
            yield from self._found_in_lines(node, condition, situation)
        elif isinstance(condition, NotOf):
            yield self._holds_not(node.parts[0], situation)
        else:
            for part in self._parts(node, situation, True):
                yield from self._found(part, situation)

    def _found_in_lines(self, node: Node, test: LineTest, situation: Situation) -> Iterator[str]:
        if test.quantifier == "count":
            subject = COUNTED.words.get(self.voice.lang)
            phrase = self.voice.phrase(test, situation)
            count = len(self._held(node, situation))
            yield self.voice.say(f"{subject} {count} ({phrase})", f"{subject}: {count} ({phrase})")
        yield from self.lines_found(node, situation)

    def lines_found(self, node: Node, situation: Situation) -> list[str]:
        """The first few lines of which the `where` of a line test is true."""
        return [
            self._line(index, self.why_true(node.parts[0], node.inner(situation, index)))
            for index in self._held(node, situation)[:MOST_LINES]
        ]

    def _held(self, node: Node, situation: Situation) -> list[int]:
        lines = range(len(situation[LINES]))
        return [
            index for index in lines if node.parts[0].check(node.inner(situation, index)) is True
        ]

    def _holds(self, test: Test, situation: Situation) -> str:
        voice = self.voice
        subject = voice.subject(test.fact)
        said = voice.value(voice.facts[test.fact], self._value(test.fact, situation))
        if test.comparator is Comparator.MISSING and self._value(test.fact, situation) is None:
            return voice.say(f"{subject} 缺失", f"{subject} is missing")
        equal = test.comparator is Comparator.IS and voice.facts[test.fact].kind is not Kind.REGION
        if equal or test.comparator is Comparator.MISSING:
            return f"{subject} {said}"
        return f"{subject} {said} ({voice.phrase(test, situation)})"

    def _holds_not(self, part: Node, situation: Situation) -> str:
        test = part.condition
        if isinstance(test, Test) and test.comparator is not Comparator.MISSING:
            subject = self.voice.subject(test.fact)
            known = self._value(test.fact, situation)
            said = self.voice.value(self.voice.facts[test.fact], known)
            return f"{subject} {said} ({self.voice.phrase(test, situation, denied=True)})"
        said = self.why_false(part, situation)
        return self.voice.say(f"不成立: {said}", f"does not hold: {said}")

    def _value(self, name: str, situation: Situation) -> Value | None:
        value: Value | None = situation.get(name, self.voice.builder.vocabulary.default(name))
        return value
