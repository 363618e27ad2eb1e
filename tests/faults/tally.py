"""What became of a fault case, as a line of the table."""

from dataclasses import dataclass, field


@dataclass
class Tally:
    """What became of a case's deliveries and reports."""

    sent: int = 0
    lost: int = 0
    repeated: int = 0
    labelled: int = 0
    uncertain: int = 0
    recorded: int = 0
    unrecorded: int = 0
    twice: int = 0
    wrong: int = 0
    dead: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing repeated blindly, every report recorded once, all as the case demands."""
        return not (self.lost or self.repeated or self.unrecorded or self.twice or self.wrong)

    def must(self, holds: object, otherwise: str) -> None:
        """What the case demands besides."""
        if not holds:
            self.wrong += 1
            self.notes.append(f"WRONG: {otherwise}")

    def bound(self, most: int, what: str) -> None:
        """No more may be uncertain than this."""
        self.notes.append(f"{what} {most}")
        self.must(self.uncertain <= most, "more are uncertain")

    def line(self) -> str:
        """One line of the table."""
        return (
            f"sent {self.sent:5}  lost {self.lost}  repeated {self.repeated}  labelled {self.labelled:3}  "
            f"uncertain {self.uncertain:3}  recorded {self.recorded:4}  lost {self.unrecorded}  "
            f"twice {self.twice}  {self.seconds:5.1f} s"
        ) + "".join(f"  {note}" for note in self.notes)

    def row(self, group: int, name: str, engine: str) -> str:
        """The same as a line of a Markdown table."""
        numbers = (self.sent, self.lost, self.repeated, self.labelled, self.uncertain, self.recorded,
                   self.unrecorded, self.twice)  # fmt: skip
        cells = " | ".join(str(number) for number in numbers)
        return f"| {group} | {name} | {engine} | {cells} | {'; '.join(self.notes)} |\n"
