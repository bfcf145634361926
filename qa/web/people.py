"""The person that the guard found behind a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.web.users import Role

STATE = "qa_person"  # key of the person in the state of the request


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may use the page."""

    name: str  # "" without logins
    role: Role
    address: str  # of the client

    @property
    def may_change(self) -> bool:
        """Whether uploads, deletions, corrections and rebuilds are allowed."""
        return self.role == "administrator"


def person_of(request: Any) -> Person:
    """Return the person behind Gradio's or Starlette's request; a stranger may only read."""
    found = getattr(getattr(request, "state", None), STATE, None)
    return found if isinstance(found, Person) else Person("", "reader", "")
