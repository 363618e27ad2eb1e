"""The tree of organizations as a value: who is above whom, and in the register's order."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.rules.people.roles import OrganizationKind


@dataclass(frozen=True, slots=True)
class Node:
    """One organization as far as the tree needs it."""

    id: int
    name: str
    kind: OrganizationKind
    parent_id: int | None
    aliases: tuple[str, ...] = ()
    contact: str = ""


class Tree:
    """All organizations in the register's order, with the branches of each oversight."""

    def __init__(self, nodes: Iterable[Node], oversights: Mapping[int, frozenset[int]] | None = None) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.oversights = dict(oversights or {})
        self._place = {key: place for place, key in enumerate(self.nodes)}
        self._children: dict[int | None, list[int]] = {}
        for node in self.nodes.values():
            self._children.setdefault(node.parent_id, []).append(node.id)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def list_among(self, ids: Collection[int]) -> list[Node]:
        """Those of these organizations that exist, in the register's order."""
        return [self.nodes[key] for key in sorted(self.nodes.keys() & ids, key=self._place.__getitem__)]

    def get_name(self, organization_id: int) -> str:
        """The organization's name."""
        return self.nodes[organization_id].name

    def list_below(self, organization_id: int) -> frozenset[int]:
        """The organization itself and everything under it."""
        found: set[int] = set()
        waiting = [organization_id]
        while waiting:
            here = waiting.pop()
            # A loop in the register, though refused on import, must not hang the program.
            if here not in found:
                found.add(here)
                waiting += self._children.get(here, ())
        return frozenset(found)

    def list_above(self, organization_id: int) -> tuple[int, ...]:
        """The chain of superiors, the nearest first, without the organization itself."""
        chain: list[int] = []
        here = self.nodes[organization_id].parent_id
        while here is not None and here not in chain:
            chain.append(here)
            here = self.nodes[here].parent_id
        return tuple(chain)

    def get_branch(self, organization_id: int) -> int:
        """The branch a group belongs to; any other organization itself."""
        node = self.nodes[organization_id]
        if node.kind is OrganizationKind.GROUP and node.parent_id is not None:
            return node.parent_id
        return organization_id

    def list_tops(self, ids: frozenset[int]) -> list[int]:
        """The organizations that have no superior among these, in the register's order."""
        return [node.id for node in self.list_among(ids) if node.parent_id not in ids]

    def list_with_groups(self, organization_id: int) -> frozenset[int]:
        """The organization and, where it is a branch, its groups: their meetings are reported by it."""
        groups = (
            child
            for child in self._children.get(organization_id, ())
            if self.nodes[child].kind is OrganizationKind.GROUP
        )
        return frozenset((organization_id, *groups))
