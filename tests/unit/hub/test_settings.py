"""What the environment says of the province is right, or is said to be wrong before anything starts."""

from __future__ import annotations

import pytest

from hub.kernel.errors import Refused
from hub.settings import read

WHOLE = {"HUB_PROVINCE_URL": "https://exchange.example.cn", "HUB_PROVINCE_KEY": "0a" * 32, "HUB_PROVINCE_CODE": "330100"}


def test_a_province_has_an_address_a_key_and_a_code():
    assert read(WHOLE).province == {"url": "https://exchange.example.cn", "key": "0a" * 32, "code": "330100"}
    assert read({"HUB_PROVINCE_KEY": "half of it"}).province == {}


@pytest.mark.parametrize(("name", "value"), [("HUB_PROVINCE_KEY", ""), ("HUB_PROVINCE_KEY", "0a" * 31), ("HUB_PROVINCE_CODE", ""), ("HUB_PROVINCE_CODE", "杭 州")])
def test_half_a_province_is_refused_by_the_name_of_what_lacks(name: str, value: str):
    with pytest.raises(Refused) as refusal:
        read(WHOLE | {name: value})

    assert refusal.value.field == name
