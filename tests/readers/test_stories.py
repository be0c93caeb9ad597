"""The story of an order as a file tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ordinance.orders.order import Payment
from ordinance.story import Piece, Request, Story
from ordinance_adapters.readers.fault import RowFault
from ordinance_adapters.readers.stories import STORY_FIELDS, story_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


def reasons(value: object) -> list[str]:
    with pytest.raises(RowFault) as caught:
        story_of(value, SHANGHAI)
    assert all(reason.zh and reason.en for reason in caught.value.reasons)
    return [reason.en for reason in caught.value.reasons]


def test_a_story_may_tell_everything() -> None:
    told = {
        "payments": [{"transaction": "T1", "amount": "19.90", "paid_at": "2026-11-05T10:05"}],
        "handed_over_at": "2026-11-06T09:00:00+08:00",
        "delivered_at": "2026-11-08T09:00:00Z",
        "ends_at": "2026-12-01",
        "lost": False,
        "damaged": "是",
        "refused": "no",
        "clerk": "confirm",
        "short_pick": "T1",
        "signed_by": "locker",
        "scans": [{"at": "2026-11-07T00:00:00Z", "state": "IN_TRANSIT"}],
        "requests": [
            {
                "kind": "aftersale",
                "at": "2026-11-09T12:00",
                "reason": "DAMAGED",
                "pieces": [{"sku": "T1", "quantity": "2"}],
                "demand": "REFUND_ONLY",
                "evidence": True,
                "goods": "damaged",
                "amount": 12.5,
            }
        ],
        "survey_score": 5,
    }

    story = story_of(told, SHANGHAI)

    assert set(told) == set(STORY_FIELDS)
    assert Payment.model_validate(story.payments[0]).amount == Decimal("19.90")
    assert story.requests == (
        Request(
            kind="aftersale",
            at=datetime(2026, 11, 9, 12, tzinfo=SHANGHAI),
            reason="DAMAGED",
            pieces=(Piece("T1", 2),),
            demand="REFUND_ONLY",
            evidence=True,
            goods="damaged",
            amount=Decimal("12.5"),
        ),
    )
    assert story.scans == ((datetime(2026, 11, 7, tzinfo=UTC), "IN_TRANSIT"),)
    assert (story.damaged, story.refused, story.survey_score) == (True, False, 5)


def test_a_story_without_fields_leaves_everything_open() -> None:
    assert story_of({"lost": None, "requests": []}, SHANGHAI) == Story()


def test_a_moment_without_a_zone_is_in_the_zone_of_the_shop() -> None:
    story = story_of({"delivered_at": "2026-11-08T09:00"}, SHANGHAI)

    assert story.delivered_at == datetime(2026, 11, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([], "`story` needs fields"),
        ({"delivered": "x"}, "`story` has no field `delivered`; did you mean `delivered_at`?"),
        ({"delivered_at": "soon"}, "`story.delivered_at` must be a moment such as"),
        ({"delivered_at": 20261108}, "`story.delivered_at` must be a moment such as"),
        ({"lost": 1}, "`story.lost` must be true or false"),
        ({"clerk": "yes"}, "`story.clerk` must be one of confirm, deny, unreachable"),
        ({"signed_by": "dog"}, "`story.signed_by` must be one of self, proxy, locker"),
        ({"short_pick": 12}, "`story.short_pick` must be a text"),
        ({"survey_score": 6}, "`story.survey_score` must lie from 1 to 5"),
        ({"survey_score": True}, "`story.survey_score` must be a whole number"),
        ({"scans": {}}, "`story.scans` must be a list of at most 1000 items"),
        ({"scans": [{}] * 1001}, "`story.scans` must be a list of at most 1000 items"),
        ({"scans": [{"at": "2026-11-05"}]}, "`story.scans[1].state` is missing"),
        ({"requests": ["cancel"]}, "`story.requests[1]` needs fields"),
        (
            {"requests": [{"kind": "refund", "at": "2026-11-05", "reason": "X"}]},
            "`story.requests[1].kind` must be one of cancel, aftersale",
        ),
        ({"payments": [{"amount": -1}]}, "`story.payments[1].amount` must not be negative"),
        ({"payments": [{"amount": "1 EUR"}]}, "`story.payments[1].amount` must be like 12.50"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_place(told: object, reason: str) -> None:
    assert any(found.startswith(reason) for found in reasons(told))


def test_every_reason_is_given_at_once() -> None:
    told = {
        "clerk": "maybe",
        "requests": [{"kind": "cancel", "pieces": [{"sku": "T1", "quantity": 0}, {}]}],
    }

    assert reasons(told) == [
        "`story.clerk` must be one of confirm, deny, unreachable",
        "`story.requests[1].at` is missing",
        "`story.requests[1].reason` is missing",
        "`story.requests[1].pieces[1].quantity` must lie from 1 to 1000000000",
        "`story.requests[1].pieces[2].sku` is missing",
        "`story.requests[1].pieces[2].quantity` is missing",
    ]
