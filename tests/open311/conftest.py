"""A program that speaks Open311, and how it reads what it is answered."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from fenghuang.api.actions import issue_token

ROOT, TEST_ROOT = "/open311/v2", "/open311/test/v2"
STREET = "990102003000"
#: A point in 东园第一网格, and the same as it may be told.
POINT = {"lat": "27.625432", "long": "113.855678"}
SHOWN = (27.625, 113.856)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/open311" in item.nodeid:
            item.add_marker(pytest.mark.line("requests"))


@dataclass
class Program:
    """Asks below one address, with its key if it has one."""

    key: str = ""
    root: str = ROOT

    def get(self, path: str, **given: Any) -> Any:
        return Client().get(f"{self.root}/{path}", self._with_key(given))

    def post(self, path: str, given: dict[str, Any] | None = None, **more: Any) -> Any:
        return Client().post(f"{self.root}/{path}", self._with_key((given or {}) | more))

    def _with_key(self, given: dict[str, Any]) -> dict[str, Any]:
        own = {"api_key": self.key} if self.key else {"jurisdiction_id": STREET}
        return own | given

    def json(self, path: str, **given: Any) -> Any:
        return self.get(f"{path}.json", **given).json()

    def xml(self, path: str, **given: Any) -> ET.Element:
        return read(self.get(f"{path}.xml", **given))

    def raised(self, **given: Any) -> str:
        """The number of a report that was taken."""
        answer = self.post(
            "requests.json", {"service_code": "lighting", "description": "路灯不亮"} | POINT | given
        )
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()[0]["service_request_id"]


def read(answer: Any) -> ET.Element:
    return ET.fromstring(answer.content)


def picture(size: int = 2) -> SimpleUploadedFile:
    pixels = io.BytesIO()
    Image.new("RGB", (size, size), (20, 90, 40)).save(pixels, "PNG")
    return SimpleUploadedFile("lamp.png", pixels.getvalue(), "image/png")


@pytest.fixture
def anybody(cast) -> Program:
    return Program()


@pytest.fixture
def city(cast) -> Program:
    """Another system, in whose name the governance centre acts."""
    return Program(issue_token(cast.centre, "城市平台", 30, actor=cast.centre)[0])


@pytest.fixture
def other_city(cast) -> Program:
    return Program(issue_token(cast.office, "另一平台", 30, actor=cast.office)[0])
