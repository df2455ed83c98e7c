"""safetensors files, as the tests of the terminal write and read them."""
import json
import struct
from pathlib import Path


def safetensors(path, tensors, metadata=None):
    """tensors: name -> (dtype, shape, bytes)"""
    header, at = {"__metadata__": metadata} if metadata else {}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(d for _, _, d in tensors.values()))


def read_safetensors(path):
    data = Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    return header, data[8 + length:]


def read_rows(path, name):
    """of a matrix of float32: its rows"""
    header, data = read_safetensors(path)
    (first, end), (rows, columns) = header[name]["data_offsets"], header[name]["shape"]
    values = struct.unpack(f"<{rows * columns}f", data[first:end])
    return [values[i * columns:(i + 1) * columns] for i in range(rows)]
