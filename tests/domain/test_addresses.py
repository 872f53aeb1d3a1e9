"""Which addresses are called: public ones, however a private one is written."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from annotations.domain.addresses import addresses_said, check_reachable, target_of
from annotations.domain.errors import InvalidData

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - not bound to
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_not_called(address: str) -> None:
    with pytest.raises(InvalidData, match="not public"):
        check_reachable([address], scheme="https", allowed=())
    with pytest.raises(InvalidData, match="not public"):
        check_reachable(["93.184.215.14", address], scheme="https", allowed=())


def test_public_addresses_are_called_over_tls_only() -> None:
    assert check_reachable(["93.184.215.14", "2606:4700::1111"], scheme="https", allowed=()) == "93.184.215.14"
    with pytest.raises(InvalidData, match="https"):
        check_reachable(["93.184.215.14"], scheme="http", allowed=())
    with pytest.raises(InvalidData, match="no address"):
        check_reachable([], scheme="https", allowed=())


def test_networks_that_the_operator_names_are_called_anyhow() -> None:
    allowed = [ip_network("10.0.0.0/8"), ip_network("::1/128")]
    assert check_reachable(["10.1.2.3", "::1"], scheme="http", allowed=allowed) == "10.1.2.3"
    with pytest.raises(InvalidData, match="not public"):
        check_reachable(["10.1.2.3", "192.168.1.1"], scheme="https", allowed=allowed)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "//a.example/", "a.example", "https://",
        "https:///path", "https://name:secret@a.example/", "https://name@a.example/", "https://a.example/#x",
        "https://a.example:99999/", "https://[::1", "https://a.example/ x", "https://a.example/\r\nX: y",
        "https://a.example\\@b.example/", "https://ä.example/", "https://a.example/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_addresses_of_another_form_are_refused(url: str) -> None:
    with pytest.raises(InvalidData):
        target_of(url)


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://hooks.example:8443/a/b?c=d")
    assert (target.scheme, target.host, target.port, target.path) == ("https", "hooks.example", 8443, "/a/b?c=d")
    assert target_of("https://hooks.example").path == "/"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://10.0.0.1:8443/", ["10.0.0.1"]),
        ("https://[2606:4700::1111]/", ["2606:4700::1111"]),
        ("https://LOCALHOST/", ["127.0.0.1"]),
        ("https://a.example/", []),
    ],
)
def test_what_a_host_says_without_being_looked_up(url: str, said: list[str]) -> None:
    assert addresses_said(target_of(url)) == said
