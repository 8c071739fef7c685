"""RFC 8785 canonical JSON on the few kinds of value that a journal holds.

A value is None, a bool, an int within ±(2^53 - 1), NFC text, a list of values, or a dict of values
under ASCII keys. A float is refused, because two programs may print it differently; write a
decimal as text. Keys are ASCII, because RFC 8785 sorts by UTF-16 units and Python by code points,
and on ASCII both orders are the same.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any, NoReturn, TypeAlias

Json: TypeAlias = Any
"""None, bool, int, str, list or dict, as above: recursive types would be copied all over."""

LARGEST = 2**53 - 1


def encode(value: Json) -> str:
    """The canonical text of a value.

    Raises ValueError for text that is not NFC or holds half a surrogate pair, for an int beyond
    ±(2^53 - 1) and for a key that is not ASCII; TypeError for a float and any other kind.

    >>> encode({"b": [1, True, None], "a": "凤凰"})
    '{"a":"凤凰","b":[1,true,null]}'
    """
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        if -LARGEST <= value <= LARGEST:
            return int.__repr__(value)
        raise ValueError(f"{value} is beyond ±(2^53 - 1); write it as text")
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([encode(item) for item in value]) + "]"
    if isinstance(value, Mapping):
        return join({key: encode(item) for key, item in value.items()})
    raise TypeError(f"a journal holds no {type(value).__name__}: {value!r}")


def join(members: Mapping[str, str]) -> str:
    """The canonical text of an object whose values are canonical text already."""
    for key in members:
        if not key.isascii():
            raise ValueError(f"the key {key!r} is not ASCII")
    return (
        "{"
        + ",".join([f"{encode_basestring(key)}:{members[key]}" for key in sorted(members)])
        + "}"
    )


def decode(text: str) -> Json:
    """The value of a JSON text; ValueError if it is none or holds a float."""
    try:
        return _decoder.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def nfc(value: Json) -> Json:
    """The same value with all text in Unicode normal form C; keys stay as they are."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, (list, tuple)):
        return [nfc(item) for item in value]
    if isinstance(value, Mapping):
        return {key: nfc(item) for key, item in value.items()}
    return value


def _text(value: str) -> str:
    if not value.isascii():
        value.encode()  # half a surrogate pair has no UTF-8 and raises here
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError(f"not in normal form C: {value!r}")
    return encode_basestring(value)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"a journal holds no float: {text}")


_decoder = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
