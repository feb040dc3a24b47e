"""What rules.yaml knows of the platforms is what the channels of these platforms do."""

from datetime import UTC, datetime

import httpx
import pytest

from notifier.channels import PLATFORMS, SANDBOX, Recipient, Sandbox, build
from obligations.rules import ChannelSpec, Means, Person
from obligations.rules.platforms import PLATFORMS as WRITTEN
from obligations.rules.platforms import knows, means_of

ACCOUNTS = (
    (Person("周敏", mobile="13800000001"), Recipient("周敏", mobile="13800000001")),
    (Person("周敏", wecom="zhoumin"), Recipient("周敏", wecom="zhoumin")),
    (Person("周敏", dingtalk="0421"), Recipient("周敏", dingtalk="0421")),
    (Person("周敏", feishu="ou_8c1d"), Recipient("周敏", feishu="ou_8c1d")),
    (Person("周敏", mail="zhou@example.cn"), Recipient("周敏", mail="zhou@example.cn")),
)


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 7, 1, 4, tzinfo=UTC)


def test_every_platform_that_rules_may_name_has_a_channel_and_the_other_way_round() -> None:
    assert set(WRITTEN) == set(PLATFORMS)


@pytest.mark.parametrize(("person", "recipient"), ACCOUNTS)
@pytest.mark.parametrize("name", [name for name in PLATFORMS if means_of(name) != Means.GROUP])
def test_both_know_by_which_account_somebody_is_reached(
    name: str, person: Person, recipient: Recipient
) -> None:
    spec, clock = ChannelSpec("甲", name, SANDBOX), Noon()
    channel = build(spec, {}, httpx.AsyncClient(), Sandbox(clock), clock)
    assert channel.reaches(recipient) == knows(spec, person)
