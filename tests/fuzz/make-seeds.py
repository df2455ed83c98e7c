#!/usr/bin/env python3
# Writes the seeds of the fuzzers: small good files and files that are wrong in one way each.
# usage: make-seeds.py [FOLDER], by default corpus/ beside this file
import gzip
import io
import json
import os
import struct
import sys
import tarfile
import zipfile


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(dtype, shape, start, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def idx(dims, data, kind=8):
    return bytes((0, 0, kind, len(dims))) + b"".join(struct.pack(">I", d) for d in dims) + data


def packed(data):
    return gzip.compress(data, mtime=0)


def tar(form=tarfile.USTAR_FORMAT, **files):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as target:
        for name, content in files.items():
            entry = tarfile.TarInfo("folder/" + name)
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return data.getvalue()


def npy(kind, shape, data, order=False):
    text = repr({"descr": kind, "fortran_order": order, "shape": shape}).encode()
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text + data


def npz(images, labels, packing=zipfile.ZIP_STORED):
    return archive({"x_train.npy": images, "y_train.npy": labels}, packing)


def pickled(labels, count):
    """as Python 2 wrote CIFAR's batches"""
    return (b"\x80\x02}(U\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K" + bytes((count,))
            + b"M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T"
            + struct.pack("<I", 3072 * count) + bytes(3072 * count) + b"tbU" + bytes((len(labels),)) + labels + b"](K\x01K\x02eu.")


def archive(members, method=zipfile.ZIP_STORED):
    """as PyTorch writes them; no date, so that the same members give the same bytes"""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, data in members.items():
            target.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def patched(data, at, change):
    return data[:at] + change + data[at + len(change):]


def storage(kind="FloatStorage", key="0", count=4):
    return b"(Vstorage\nctorch\n%s\nV%s\nVcpu\nI%d\ntQ" % (kind.encode(), key.encode(), count)


def rebuilt(dims=(2, 2), strides=(2, 1), offset=0, **options):
    numbers = [b"(" + b"".join(b"I%d\n" % n for n in list) + b"t" for list in (dims, strides)]
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(**options) + b"I%d\n" % offset + b"".join(numbers) + b"I00\nNtR"


def state_dict(**tensors):
    return b"ccollections\nOrderedDict\n)R(" + b"".join(b"V%s\n" % name.encode() + tensor for name, tensor in tensors.items()) + b"u."


def older(state, *keys):
    """PyTorch's format before 1.6: pickles in a row, then each storage with its count"""
    heading = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}X\r\0\0\0little_endian\x88s."
    return (heading + state + b"](" + b"".join(b"V%s\n" % key.encode() for key in keys) + b"e."
            + b"".join(struct.pack("<q4f", 4, 1, 2, 3, 4) for key in keys))


floats = struct.pack("<4f", 1, 2, 3, 4)
plain = archive({"a/data.pkl": b"N.", "a/data/0": floats})
checkpoint = {"archive/data.pkl": state_dict(weight=rebuilt()), "archive/data/0": floats, "archive/byteorder": b"little"}
array = (b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01K\x02K\x03\x86cnumpy\ndtype\nU\x02u1K\0K\x01\x87R"
         b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb%bU\x06abcdeftb.")

sizes = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2,
         "U8": 1, "BOOL": 1}
every, at = {}, 0
for name, size in sizes.items():
    every["t." + name] = tensor(name, [1, 2], at, at + 2 * size)
    at += 2 * size

seeds = {
    "safetensors/every-type": safetensors(every, bytes(range(at))),
    "safetensors/metadata": safetensors(
        {"__metadata__": {"network": "\"wrn16_1\"", "mean": "[0.2190]", "note": "\u00e9\U0001f600\n"},
         "fc.weight": tensor("F32", [1], 0, 4)}, struct.pack("<f", 1.5)),
    "safetensors/scalar-and-empty": safetensors(
        {"scalar": tensor("I64", [], 0, 8), "empty": tensor("F32", [0, 3], 8, 8)}, struct.pack("<q", -7)),
    "safetensors/no-tensors": safetensors(b"{}      "),
    "safetensors/overlap": safetensors({"a": tensor("U8", [2], 0, 2), "b": tensor("U8", [2], 1, 3)}, b"abc"),
    "safetensors/twice": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                                     b'"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', b"ab"),
    "safetensors/huge-shape": safetensors({"a": tensor("F32", [1 << 32, 1 << 32], 0, 0)}),
    "safetensors/huge-header": struct.pack("<Q", (1 << 64) - 1) + b"{}",
    "safetensors/deep": safetensors(b'{"a":' * 200),
    "safetensors/cut": safetensors(every, bytes(range(at)))[:-1],
    "experiment/runs": b'{"name":"A","base":"demo","seeds":[0,1],"parameters":{"k":2},"runs":[{"name":"a"},'
                       b'{"name":"b","base":{"bn":1},"parameters":{"reuse":"none"}}]}',
    "experiment/grid": b'{"name":"A","sweep":{"kind":"grid","parameters":{"k":[1,2],"reuse":["none","common"]}}}',
    "experiment/random": b'{"name":"A","sweep":{"kind":"random","count":3,"seed":1,"parameters":{'
                         b'"lr_g":{"from":1e-4,"to":0.1},"k":[1,2]}}}',
    "experiment/halving": b'{"name":"A","parameters":{"data":"none"},"sweep":{"kind":"halving","by":"agreement",'
                          b'"least":8,"eta":3,"count":9,"parameters":{"lr":{"from":0.01,"to":1}}}}',
    "experiment/names": b'{"name":"../\\u0000\\n","runs":[{"name":"..//.."},{"name":"\xe4\xb8\xad"},'
                        b'{"name":"' + b"x" * 300 + b'"}]}',
    "experiment/deep": b'{"name":"A","base":' + b'{"k":' * 20000,
    "experiment/hidden-brackets": b'/* " */' + b"[" * 20000,
    "csv/results": b'recipe,k,state,folder,message\n"a, ""b""",5,failed,a-seed0,"no\nroom"\r\nb,,,,\n',
    "csv/quotes": b'a"b,"c"d"e,"\r\n",""\n\n,first is empty\n"never closed, ""',
    "idx/images": idx((2, 3, 3), bytes(range(18))),
    "idx/labels": idx((5,), bytes(range(5))),
    "idx/images-packed": packed(idx((2, 3, 3), bytes(range(18)))),
    "idx/cut-packed": packed(idx((2, 3, 3), bytes(range(18))))[:-9],
    "idx/checksum": packed(idx((5,), bytes(range(5))))[:-8] + bytes(8),
    "idx/longer": idx((4,), bytes(5)),
    "idx/promise": idx((0xffffffff,), bytes(5)),
    "idx/huge": idx((0xffffffff,) * 4, bytes(5)),
    "idx/floats": idx((2,), bytes(8), kind=13),
    "idx/rank": idx((1,) * 5, bytes(1)),
    "cifar/ten": b"\0" + b"\x03" + bytes(3072) + b"\x04" + bytes(3072),
    "cifar/ten-cut": b"\0" + b"\x03" + bytes(3071),
    "cifar/ten-label": b"\0" + b"\x0a" + bytes(3072),
    "cifar/hundred": b"\x01" + b"\x13\x63" + bytes(3072),
    "cifar/hundred-coarse": b"\x05" + b"\x14\x63" + bytes(3072),
    "cifar/ten-pickle": b"\x02" + pickled(b"labels", 2),
    "cifar/ten-pickle-count": b"\x02" + pickled(b"labels", 3),
    "cifar/hundred-pickle": b"\x03" + pickled(b"fine_labels", 2),
    "cifar/names": b"\x08" + b"one\ntwo\nthree\n\n",
    "cifar/names-pickle": b"\x0a" + b"\x80\x02}U\x0blabel_names](U\x01aU\x01bU\x01ces.",
    "npz/bytes": npz(npy("|u1", (2, 2, 3), bytes(range(12))), npy("|u1", (2,), b"\1\0")),
    "npz/floats-packed": npz(npy("<f4", (2, 2, 2, 1), struct.pack("<8f", *[i / 8 for i in range(8)])), npy("<i8", (2, 1), struct.pack("<2q", 3, 4)),
                             zipfile.ZIP_DEFLATED),
    "npz/channels-first": npz(npy("|u1", (1, 3, 2, 2), bytes(12)), npy("|i1", (1,), b"\1")),
    "npz/label": npz(npy("|u1", (1, 2, 2), bytes(4)), npy("<i8", (1,), b"\xff" * 8)),
    "npz/order": npz(npy("|u1", (1, 2, 2), bytes(4), True), npy("|u1", (1,), b"\0")),
    "npz/huge": npz(npy("|u1", (1 << 31, 1 << 31, 1 << 31), b""), npy("|u1", (1 << 31,), b"")),
    "npz/nan": npz(npy("<f4", (1, 1, 1), struct.pack("<f", float("nan"))), npy("|u1", (1,), b"\0")),
    "tar/ustar": tar(one=b"1", not_wanted=b"22", two=b"333"),
    "tar/gnu-long": tar(tarfile.GNU_FORMAT, **{"x" * 120: b"1", "two": b"2"}),
    "tar/pax": tar(tarfile.PAX_FORMAT, **{"\u00fc" * 120: b"1", "two": b"2"}),
    "tar/packed": packed(tar(one=b"1", two=b"333")),
    "tar/cut": tar(one=b"1", two=b"333")[:2000],
    "tar/twice": tar(one=b"1")[:1024] + tar(one=b"2"),
    "tar/large": tar(one=bytes(5000)),
    "idx/bomb-packed": packed(idx((5,), bytes(100000))),
    "zip/stored": plain,
    "zip/deflated": archive({"a/data.pkl": b"N." * 50, "a/empty": b""}, zipfile.ZIP_DEFLATED),
    "zip/nothing": archive({}),
    "zip/path": archive({"../evil": b"x"}),
    "zip/dots": archive({"..../il": b"x", "a../b": b"y"}),
    "zip/checksum": patched(plain, 14, b"abcd"),
    "zip/offset": patched(plain, len(plain) - 6, b"\xff\xff\xff\x7f"),
    "zip/comment": patched(plain, len(plain) - 2, b"\x05\0") + b"hello",
    "zip/bomb": archive({"a": bytes(1 << 18)}, zipfile.ZIP_DEFLATED),
    "zip/large": plain[:-22] + b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 2, 2, *struct.unpack("<II", plain[-10:-2]))
                 + b"PK\6\7" + struct.pack("<IQI", 0, len(plain) - 22, 1) + b"PK\5\6" + b"\0" * 4 + b"\xff" * 12 + b"\0" * 2,
    "pickle/nothing": b"",
    "pickle/values": b"\x80\x04\x95\x20\0\0\0\0\0\0\0}(\x8c\x01a\x94]\x94(K\x01M\x01\x02J\xff\xff\xff\xffG?\xf0\0\0\0\0\0\0eh\0\x88NC\x02ab\x8a\x01\xffu.",
    "pickle/text": b"(dp0\nS'a\\x00b'\nI01\nsVu\\u00fc\nL12L\nsF1.5\n(I1\nI2\ntp1\nsg1\ng1\ns.",
    "pickle/array": array % b"\x89",
    "pickle/array-turned": array % b"\x88",
    "pickle/scalar": b"cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nVf4\nI0\nI1\ntRC\x04abcd\x86R.",
    "pickle/encoded": b"c_codecs\nencode\nV\xff\x80\nVlatin1\n\x86R.",
    "pickle/tensor": state_dict(weight=rebuilt()),
    "pickle/counter": b"ccollections\nCounter\n}KPK\x01s\x85R.",
    "pickle/beside": b"(dVtype\nctorch\nfloat32\nsVversion\nctorch.torch_version\nTorchVersion\nV2.1.0\n\x85Rs"
                     b"Vpath\ncpathlib\nPosixPath\n(V/\nVa\ntRsVhistory\nccollections\ndefaultdict\nc__builtin__\nlist\n\x85RVloss\n](F0.5\neus.",
    "pickle/system": b"cos\nsystem\n(S'true'\ntR.",
    "pickle/itself": b"]q\0h\0a.",
    "pickle/laughs": b"N" + b"q\0h\0\x86" * 50 + b".",
    "pickle/deep": b"]" * 70 + b"a" * 69 + b".",
    "pickle/long": b"X\xff\xff\xff\x7fabc.",
    "torch-checkpoint/zip": archive(checkpoint),
    "torch-checkpoint/nested": archive({**checkpoint, "archive/data.pkl": b"(dVepoch\nI3\nsVmodel\n" + state_dict(a=rebuilt())[:-1] + b"sVema\n"
                                        + state_dict(b=rebuilt())[:-1] + b"s."}),
    "torch-checkpoint/older": older(state_dict(a=rebuilt((2, 2), (1, 2)), b=rebuilt((1,), (1,), 3)), "0"),
    "torch-checkpoint/beyond": older(state_dict(a=rebuilt((2, 2), (2, 1), 1)), "0"),
    "torch-checkpoint/negative": older(state_dict(a=rebuilt((2, 2), (-2, 1), 3)), "0"),
    "torch-checkpoint/expanded": older(state_dict(a=rebuilt((1 << 31, 1 << 31), (0, 0))), "0"),
    "torch-checkpoint/types": older(state_dict(a=rebuilt((4,), (1,), kind="HalfStorage"), b=rebuilt((4,), (1,), key="1")), "0", "1"),
    "torch-checkpoint/cut": older(state_dict(a=rebuilt()), "0")[:-1],
    "recipe/some": json.dumps({"name": "x", "parameters": {"k": 5, "lr_g": 3e-3, "reuse": "common", "teacher": "a.pth", "teacher_mean": "0.5, 0.25",
                                                           "teacher_std": "1"}}).encode(),
    "recipe/none": b'{"parameters": {}}',
    "recipe/unknown": b'{"parameters": {"kk": 5}}',
    "recipe/type": b'{"parameters": {"k": "five"}}',
    "recipe/range": b'{"parameters": {"k": 1e99, "bn": -1}}',
    "recipe/twice": b'{"parameters": {"k": 5, "k": 6}}',
    "recipe/list": b"[]",
    "recipe/deep": b'{"parameters": ' * 40,
    "recipe/text": b'{"name": "\\ud83d\\ude00\\u0000", "parameters": {"teacher": "\\ud800"}}',
    "recipe/half": b'{"name": "\\udd\\ude00\\u0000", "parameters": {"teacher": "\\ud244"}}',
    "cifar/break": b")",
}


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
    for name, data in seeds.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(data)


main()
