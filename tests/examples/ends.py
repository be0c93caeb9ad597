"""How each order of the tea shop ends: what its comment in `orders.yaml` promises."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class End:
    """How an order ends. Lists are words in one text, in the order in which they came about."""

    status: str
    cause: str = ""
    held: str = ""
    """Holds that are still open."""
    was_held: str = ""
    """Holds that were lifted."""
    ships: str = ""
    """Parcels as warehouse-carrier, with what became of them when they were not just delivered."""
    back: str = ""
    """Refunds, in yuan."""
    cases: str = ""
    """After-sale cases as remedy-state."""


ENDS = {
    "CS-01": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-02": End("ARCHIVED", "unpaid"),
    "CS-03": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-04": End("ARCHIVED", "unpaid", back="158.00"),
    "CS-05": End("PARKED", held="AMOUNT_MISMATCH"),
    "CS-06": End("PARKED", held="DUPLICATE_PAYMENT"),
    "CS-07": End("PARKED", held="SKU_UNMAPPED"),
    "CS-08": End("PARKED", held="SKU_DISCONTINUED"),
    "CS-09": End("PARKED", held="ADDRESS_INCOMPLETE"),
    "CS-10": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-11": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-12": End("PARKED", held="REGION_UNKNOWN"),
    "CS-13": End("PARKED", held="PHONE_INVALID"),
    "CS-14": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-15": End("PARKED", held="PAYMENT_INVALID"),
    "CS-16": End("ARCHIVED", "refused"),
    "CS-17": End("PARKED", held="ADDRESS_INCOMPLETE"),
    "CS-18": End("ARCHIVED", "completed", ships="CD-FEILU"),
    "CS-19": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-20": End("ARCHIVED", "completed"),
    "CS-21": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-22": End("ARCHIVED", "completed", was_held="MANUAL_REVIEW", ships="BJ-FEILU"),
    "CS-23": End("ARCHIVED", "consent", was_held="MANUAL_REVIEW CONSENT", back="2560.00"),
    "CS-24": End("PARKED", held="SUPERVISOR", was_held="MANUAL_REVIEW"),
    "CS-25": End("ARCHIVED", "completed", was_held="MANUAL_REVIEW", ships="HZ-YILU"),
    "CS-26": End("ARCHIVED", "completed", was_held="MANUAL_REVIEW", ships="CD-YILU"),
    "CS-27": End("ARCHIVED", "completed", ships="CD-XUEYUAN"),
    "CS-28": End("ARCHIVED", "completed", was_held="MANUAL_REVIEW", ships="HZ-FEILU"),
    "CS-29": End("ARCHIVED", "completed", was_held="MANUAL_REVIEW", ships="BJ-YILU"),
    "CS-30": End("ARCHIVED", "completed", ships="CD-YILU"),
    "CS-31": End("ARCHIVED", "completed", ships="BJ-YILU"),
    "CS-32": End("ARCHIVED", "completed", ships="BJ-YILU CD-YILU"),
    "CS-33": End("ARCHIVED", "completed", was_held="STOCK_SHORT", ships="HZ-YILU"),
    "CS-34": End("ARCHIVED", "completed", was_held="STOCK_SHORT", ships="HZ-FEILU HZ-FEILU"),
    "CS-35": End("ARCHIVED", "completed", was_held="CONSENT", ships="HZ-YILU", back="176.00"),
    "CS-36": End("ARCHIVED", "completed", ships="JX-QINGYU"),
    "CS-37": End("PARKED", held="WAREHOUSE_UNASSIGNED"),
    "CS-38": End("PARKED", held="CARRIER_UNREACHABLE", ships="CD-nobody-WAIT_PUSH"),
    "CS-39": End("ARCHIVED", "completed", ships="CD-FEILU"),
    "CS-40": End("ARCHIVED", "completed", ships="BJ-YILU"),
    "CS-41": End("ARCHIVED", "completed", ships="HZ-FEILU"),
    "CS-42": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-43": End("ARCHIVED", "completed", ships="HZ-YILU-CANCELLED BJ-YILU"),
    "CS-44": End("ARCHIVED", "completed", ships="BJ-YILU"),
    "CS-45": End("ARCHIVED", "completed", ships="HZ-YILU-reship HZ-YILU"),
    "CS-46": End("ARCHIVED", "fully_refunded", ships="HZ-YILU-refund", back="1292.00"),
    "CS-47": End("ARCHIVED", "completed", ships="HZ-FEILU-reship HZ-FEILU"),
    "CS-48": End("ARCHIVED", "fully_refunded", ships="BJ-YILU-take_back", back="204.00"),
    "CS-49": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-50": End("ARCHIVED", "completed", ships="HZ-YILU"),
    "CS-51": End("ARCHIVED", "buyer_cancelled", was_held="MANUAL_REVIEW", back="47.00"),
    "CS-52": End("ARCHIVED", "buyer_cancelled", ships="HZ-YILU-CANCELLED", back="128.00"),
    "CS-53": End(
        "ARCHIVED", "completed", ships="CD-YILU", back="198.00", cases="RETURN_REFUND-DONE"
    ),
    "CS-54": End("ARCHIVED", "completed", ships="HZ-YILU-CANCELLED HZ-YILU", back="78.00"),
    "CS-55": End(
        "ARCHIVED", "completed", ships="HZ-YILU", back="128.00", cases="RETURN_REFUND-DONE"
    ),
    "CS-56": End(
        "ARCHIVED", "completed", ships="HZ-YILU", back="68.00", cases="RETURN_REFUND-DONE"
    ),
    "CS-57": End("ARCHIVED", "completed", ships="HZ-YILU", cases="REFUSE-REFUSED"),
    "CS-58": End("ARCHIVED", "completed", ships="HZ-FEILU", cases="REFUSE-REFUSED"),
    "CS-59": End("ARCHIVED", "completed", ships="HZ-YILU", cases="REFUSE-REFUSED"),
    "CS-60": End(
        "ARCHIVED", "completed", ships="CD-FEILU", back="693.00", cases="RETURN_REFUND-DONE"
    ),
    "CS-61": End("ARCHIVED", "completed", ships="HZ-YILU", back="39.00", cases="REFUND_ONLY-DONE"),
    "CS-62": End("REFUNDING", held="CASE_REVIEW", ships="HZ-YILU", cases="ASK_PERSON-REVIEW"),
    "CS-63": End("ARCHIVED", "completed", ships="BJ-YILU", back="20.00", cases="REFUND_ONLY-DONE"),
    "CS-64": End(
        "ARCHIVED",
        "completed",
        ships="HZ-YILU",
        back="151.33 302.67",
        cases="RETURN_REFUND-DONE RETURN_REFUND-DONE",
    ),
    "CS-65": End("ARCHIVED", "completed", ships="HZ-YILU", cases="RETURN_REFUND-CLOSED_TIMEOUT"),
    "CS-66": End("REFUNDING", held="DISPUTE", ships="BJ-YILU", cases="RETURN_REFUND-DISPUTE"),
    "CS-67": End("ARCHIVED", "completed", was_held="MANUAL_REVIEW", ships="HZ-YILU"),
    "CS-68": End("ARCHIVED", "completed", ships="BJ-YILU"),
    "CS-69": End("ARCHIVED", "consent", was_held="RISK CONSENT", back="2028.00"),
    "CS-70": End("PARKED", held="NOT_SHIPPED", ships="HZ-YILU-PUSHED"),
    "CS-73": End(
        "ARCHIVED", "completed", was_held="STOCK_SHORT CONSENT", ships="CD-YILU", back="78.00"
    ),
}
