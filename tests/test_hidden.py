"""A complaint is absent for whom it is about, everywhere: in lists, counts, exports, findings and published figures.

Each service, also a new one, is told of complaints and then asked for all that it shows, by people who hold every role.
Whoever a complaint names is shown the same to the letter as before there was one, and whoever it does not name is not:
so nothing can be told from a row, a count or a difference.
"""

import json

import pytest
from uuid6 import uuid7

from deploy.local.layout import service_names
from shared.contracts.internal_affairs import ConductConflictFound
from tests.support.office import OFFICER, UNIT, Headers, Office, answer_text, office_of
from tests.support.room import until
from tests.support.servers import Servers

SERVICES = service_names()


async def is_absent(office: Office, complaints: list[str], who: Headers) -> None:
    for complaint in complaints:
        hidden, absent = await office.all_shown(who, complaint), await office.all_shown(who, str(uuid7()))
        assert hidden == absent
        assert complaint not in json.dumps(hidden)


@pytest.mark.parametrize("name", SERVICES)
async def test_whom_a_complaint_names_is_shown_the_same_as_if_there_were_none(name: str, real_servers: Servers) -> None:
    async with office_of(name, real_servers) as office:
        nobody = str(uuid7())
        await office.told()
        await office.examined()
        before = {who: await office.all_shown(token, nobody) for who, token in office.named.items()}
        free = await office.all_shown(office.free, nobody)
        hidden = await office.told(OFFICER, UNIT, fast=False)
        await office.examined()
        for who, token in office.named.items():
            assert await office.all_shown(token, nobody) == before[who], who
            await is_absent(office, hidden, token)
        # Without this, a test that tells the service nothing would prove nothing.
        assert await office.all_shown(office.free, hidden[0]) != free


@pytest.mark.parametrize("name", SERVICES)
async def test_whom_internal_affairs_finds_out_later_is_shown_no_more_of_it(name: str, real_servers: Servers) -> None:
    async with office_of(name, real_servers) as office:
        nobody = str(uuid7())
        before = {who: await office.all_shown(token, nobody) for who, token in office.named.items()}
        found = await office.told(fast=False)
        shown = {who: await office.all_shown(token, found[0]) for who, token in office.named.items()}
        assert all(shown[who] != before[who] for who in shown)
        for complaint in found:
            if name == "internal_affairs":
                body = {"names": [OFFICER, UNIT]}
                answer = await office.service.http.post(f"/cases/{complaint}/conflicts", json=body, headers=office.free)
                assert answer.status_code == 204, answer_text(answer)
            else:
                await office.service.hear(ConductConflictFound(names=(OFFICER, UNIT)), complaint, sequence=9)
        for who, token in office.named.items():

            async def gone(token: Headers = token, who: str = who) -> bool:
                return await office.all_shown(token, found[0]) == before[who] and (
                    await office.all_shown(token, nobody) == before[who]
                )

            await until(gone, f"{name} shows it no more to the {who}")
            await is_absent(office, found, token)
