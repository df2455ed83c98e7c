"""Reads TensorBoard's event files by their public definition, with nothing but Python: for tests of what writes them."""
import struct


def crc32c(data):
    remainder = 0xffffffff
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ (0x82f63b78 if remainder & 1 else 0)
    return remainder ^ 0xffffffff


assert crc32c(b"123456789") == 0xe3069283  # RFC 3720's polynomial; the usual check value
assert crc32c(bytes(32)) == 0x8a9136aa  # its example B.4


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff


def records(data):
    at = 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        assert check == masked(data[at:at + 8])
        body = data[at + 12:at + 12 + length]
        (check,) = struct.unpack_from("<I", data, at + 12 + length)
        assert len(body) == length and check == masked(body)
        at += 16 + length
        yield body


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def message(data):
    """number of a field → its values: integers, bytes of 4 or 8, or bytes"""
    fields, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            length = {1: 8, 5: 4}.get(key & 7)
            if length is None:
                assert key & 7 == 2
                length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        fields.setdefault(key >> 3, []).append(value)
    return fields


def read(data):
    """the events of a file: (wall time, step, tag, value), where an image is (height, width, channels, PNG); the first says the version"""
    events = []
    for body in records(data):
        event = message(body)
        (when,) = struct.unpack("<d", event[1][0])
        if 3 in event:
            assert not events and event[3] == [b"brain.Event:2"]
            events.append((when, None, None, None))
            continue
        for value in message(event[5][0])[1]:
            fields = message(value)
            if 2 in fields:
                (number,) = struct.unpack("<f", fields[2][0])
            else:
                image = message(fields[4][0])
                number = (image[1][0], image[2][0], image[3][0], image[4][0])
            events.append((when, event.get(2, [0])[0], fields[1][0].decode(), number))
    return events
