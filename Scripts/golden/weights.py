"""Writes the small weights files that the tests of `SafetensorsFile` and `WeightFile` read.

    python -m venv venv
    venv/bin/pip install numpy torch safetensors
    venv/bin/python Scripts/golden/weights.py

It replaces the files in Tests/DomainsTests/Fixtures/weights, and PROVENANCE.txt there says what
made them. The arrays of `types` all count 0, 1, 2, …, so that a test needs no list of values.
"""

import pathlib
import platform

import numpy
import safetensors
import torch
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/DomainsTests/Fixtures/weights"

TYPES = dict(
    U8=torch.uint8, I8=torch.int8, U16=torch.uint16, I16=torch.int16, U32=torch.uint32,
    I32=torch.int32, U64=torch.uint64, I64=torch.int64, F16=torch.float16, BF16=torch.bfloat16,
    F32=torch.float32, F64=torch.float64,
)


def counting(kind):
    return torch.arange(6).reshape(2, 3).to(kind)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    arrays = {name: counting(kind) for name, kind in TYPES.items()}
    arrays["BOOL"] = counting(torch.int64) % 2 == 1
    save_file(arrays, OUT / "types.safetensors", metadata={"format": "pt"})
    save_file({"a": counting(torch.float8_e4m3fn)}, OUT / "f8.safetensors")
    save_file({"n": torch.tensor([2**24])}, OUT / "beyond-2-24.safetensors")
    save_file({"x": torch.tensor([1.0, 1e39], dtype=torch.float64)}, OUT / "large.safetensors")
    # What single precision can hold at its ends, and a scalar, nothing, and names of all kinds.
    ends = [0.0, -0.0, 1.4e-45, -3.4028234663852886e38, float("inf"), float("nan"), 0.1]
    small = {
        "layer.0.weight": counting(torch.float32) / 3,
        "layer.0.bias": torch.tensor(ends),
        "none": torch.zeros(0, 4),
        "scalar": torch.tensor(7.0),
        'grün "\\\n日本🐣': torch.tensor([-1.0]),
    }
    small = {name: small[name] for name in sorted(small)}
    save_file(small, OUT / "small.safetensors", metadata={"format": "pt"})
    numpy.savez(OUT / "small.npz", **{name: array.numpy() for name, array in small.items()})
    (OUT / "PROVENANCE.txt").write_text(
        "Made by Scripts/golden/weights.py.\n"
        f"python {platform.python_version()}, numpy {numpy.__version__}, "
        f"torch {torch.__version__}, safetensors {safetensors.__version__}\n"
    )


if __name__ == "__main__":
    main()
