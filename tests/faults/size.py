"""How large a fault case is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """`members` told `deliveries`, secretaries writing `reports`; `crashes` in a row; `patient` cases too."""

    members: int
    deliveries: int
    reports: int
    crashes: int
    patient: bool = False


SMALL = Size(members=60, deliveries=120, reports=48, crashes=4)
FULL = Size(members=400, deliveries=1000, reports=500, crashes=20, patient=True)
