"""A complaint's panel: its forms, each answered by the panel as it stands then."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from shared.contracts.envelope import Person
from shared.forms import FormAsking
from shared.gate import Acting
from shared.http import Ask, ComplaintId
from shared.pages import Pages, Sent
from shared.room import Room

FIRST = 3  # cases that a service's summary on the desk names

M = TypeVar("M", bound=BaseModel)
# What shows a complaint's panel to somebody, with what became of the form that they sent from it.
ShowPanel = Callable[[Request, Room, Person, str, Sent], Awaitable[Response]]


class FromPanel:
    """A form that an officer sent from a complaint's panel. It is named by the rest of its address, as `offers`."""

    def __init__(self, request: Request, person: Acting, ask: FormAsking, complaint_id: ComplaintId) -> None:
        self.request = request
        self.person = person
        self.ask = ask
        self.complaint = complaint_id

    @property
    def whose(self) -> tuple[Ask, Person, str]:
        """Who asks, and about which complaint."""
        return self.ask, self.person, self.complaint

    async def act(
        self, pages: Pages, model: type[M], do: Callable[[M], Awaitable[object]], show: ShowPanel
    ) -> Response:
        """Has done what the form asks, and shows the panel again."""
        name = self.request.url.path.partition(f"/panels/{self.complaint}/")[2]

        async def shown(sent: Sent) -> Response:
            sent = replace(sent, form=name)
            return await show(self.request, self.ask.room, self.person, self.complaint, sent)

        return await pages.act(self.request, model, do, shown)


PanelForm = Annotated[FromPanel, Depends(FromPanel)]
