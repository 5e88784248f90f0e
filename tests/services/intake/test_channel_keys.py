"""What channels seal to: one key to seal to, several that open, and nothing of another command's."""

import json

import pytest
from pydantic import SecretStr

from deploy.demo.sealed_command import sealed_command
from services.intake.channel_keys import ChannelKeys
from shared.contracts.refusals import Invalid
from tests.support.room import key

OLD, NEW = SecretStr(key("channel old")), SecretStr(key("channel new"))


def test_what_is_shown_is_the_newest_key_without_its_private_half() -> None:
    (shown,) = ChannelKeys({"9": OLD, "10": NEW}).public()["keys"]
    assert shown["kid"] == "10"
    assert "d" not in shown
    assert shown == ChannelKeys({"10": NEW}).public()["keys"][0], "it is the same after each start"


def test_an_office_without_channels_shows_no_key() -> None:
    assert ChannelKeys({}).public() == {"keys": []}


def test_what_was_sealed_to_the_key_before_is_still_opened() -> None:
    command = sealed_command(ChannelKeys({"1": OLD}).public(), "c-1", {"what": "x"})
    opened = ChannelKeys({"1": OLD, "2": NEW}).opened("c-1", command["data"])
    assert json.loads(opened) == {"what": "x"}


@pytest.mark.parametrize(
    ("keys", "id_", "slug"),
    [({"2": NEW}, "c-1", "not_sealed"), ({"1": NEW}, "c-1", "not_sealed"), ({"1": OLD}, "c-2", "sealed_for_another")],
)
def test_what_is_not_for_us_or_for_this_command_is_refused(keys: dict[str, SecretStr], id_: str, slug: str) -> None:
    command = sealed_command(ChannelKeys({"1": OLD}).public(), "c-1", {"what": "x"})
    with pytest.raises(Invalid) as refused:
        ChannelKeys(keys).opened(id_, command["data"])
    assert (refused.value.slug, refused.value.field) == (slug, "data")
