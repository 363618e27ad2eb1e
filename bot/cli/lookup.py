"""Finds organizations and requirements by the names given on the command line."""

from difflib import get_close_matches

import click
from sqlalchemy.orm import Session

from models.register import organizations
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Requirement


def get_organization_id(session: Session, name: str) -> int:
    """Return the id of the organization with this name or alias.

    Raises UsageError with the nearest name.
    """
    tree = organizations.load_tree(session)
    known = {called: node.id for node in tree for called in (*node.aliases, node.name)}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"；是不是“{near[0]}”？" if near else "；名册里还没有组织，请先 qingli import" if not known else ""
    raise click.UsageError(f"没有组织“{name}”{hint}")


def get_requirement(rules: Rulebook, name: str) -> Requirement:
    """Return the requirement with this name, alias or key.

    Raises UsageError with the nearest name.
    """
    known = {called: rule for rule in rules.requirements for called in (*rule.aliases, rule.name, rule.key)}
    if name in known:
        return rules.by_key[known[name].key]
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"；是不是“{known[near[0]].name}”？" if near else ""
    raise click.UsageError(f"没有要求“{name}”{hint}")
