"""Writes the small files that the tests of the readers read.

Run with a Python that has numpy, scipy, h5py and pillow; it replaces the files in
Tests/DomainsTests/Fixtures, and PROVENANCE.txt there says what made them. All files hold the
arrays that `numbers` names, so that a test needs no list of values.
"""

import gzip
import pathlib
import platform
import struct

import h5py
import numpy
import PIL
import scipy
import scipy.io
from PIL import Image

OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/DomainsTests/Fixtures"


VERSION_5 = ["plain", "compressed", "small", "small-compressed", "small-sparse"]


def numbers(rows=3, columns=4):
    """0, 1, 2, … by rows."""
    return numpy.arange(rows * columns).reshape(rows, columns)


def numpy_files(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for code in ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
        for order in "<>" if code[1] != "1" else "|":
            name = {"<": "little", ">": "big", "|": "byte"}[order]
            numpy.save(folder / f"{code}-{name}.npy", numbers().astype(order + code))
    numpy.save(folder / "b1.npy", numbers() % 2 == 1)
    numpy.save(folder / "fortran.npy", numpy.asfortranarray(numbers(2, 12).reshape(2, 3, 4) * 1.0))
    numpy.save(folder / "scalar.npy", numpy.float64(7))
    numpy.save(folder / "empty.npy", numpy.zeros((0, 5)))
    numpy.save(folder / "text.npy", numpy.array([["a", "grün"], ["", "日本"]]))
    numpy.save(folder / "bytes.npy", numpy.array([b"one", b"three"]))
    numpy.save(folder / "complex.npy", numbers() + 1j)
    numpy.save(folder / "record.npy", numpy.zeros(2, dtype=[("a", "<f8"), ("b", "<i4")]))
    numpy.save(folder / "object.npy", numpy.array([None, 1], dtype=object), allow_pickle=True)
    numpy.save(folder / "beyond-2-53.npy", numpy.array([2**53 + 1]))
    for version in [(2, 0), (3, 0)]:
        with open(folder / f"version-{version[0]}.npy", "wb") as file:
            numpy.lib.format.write_array(file, numbers() * 1.0, version=version)
    arrays = dict(x=numbers() * 1.0, y=numpy.array([1, -2, 3]), names=numpy.array(["a", "grün"]))
    numpy.savez(folder / "stored.npz", **arrays)
    numpy.savez_compressed(folder / "deflated.npz", **arrays)


def matlab_files(folder):
    folder.mkdir(parents=True, exist_ok=True)
    widths = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]
    arrays = {width: numbers().astype(width) for width in widths}
    arrays["truth"] = numbers() % 2 == 1
    arrays["cube"] = numbers(2, 12).reshape(2, 3, 4) * 1.0
    arrays["empty"] = numpy.zeros((0, 3))
    arrays["sparse"] = scipy.sparse.csc_matrix(numbers() * (numbers() % 3 == 0) * 1.0)
    arrays["complex"] = numbers() + 1j
    arrays["text"] = "text"
    arrays["cell"] = numpy.array([1, "a"], dtype=object)
    arrays["structure"] = {"a": 1}
    scipy.io.savemat(folder / "plain.mat", arrays, do_compression=False)
    scipy.io.savemat(folder / "compressed.mat", arrays, do_compression=True)
    small = {"x": numbers() * 1.0, "labels": numpy.array([[1], [2], [1]], dtype="u1")}
    scipy.io.savemat(folder / "small.mat", small, do_compression=False)
    scipy.io.savemat(folder / "small-compressed.mat", small, do_compression=True)
    scipy.io.savemat(folder / "small-sparse.mat", {"sparse": arrays["sparse"]})
    for path in (path for path in folder.glob("*.mat") if path.stem in VERSION_5):
        # scipy writes the time of day into the header's text.
        with open(path, "r+b") as file:
            file.write(b"MATLAB 5.0 MAT-file, written by Scripts/golden/formats.py".ljust(116))
    scipy.io.savemat(folder / "version-4.mat", {"x": numbers() * 1.0}, format="4")
    hdf5_file(folder / "hdf5.mat", arrays, widths)
    hdf5_file(folder / "small-hdf5.mat", {"f8": arrays["f8"]}, ["f8"])


def put_class(item, kind):
    """The attribute as MATLAB writes it: a string that fills its type, which ends with a NUL."""
    text = h5py.h5t.C_S1.copy()
    text.set_size(len(kind))
    text.set_strpad(h5py.h5t.STR_NULLTERM)
    space = h5py.h5s.create(h5py.h5s.SCALAR)
    attribute = h5py.h5a.create(item.id, b"MATLAB_class", text, space)
    attribute.write(numpy.array(kind.encode()), mtype=text)


def hdf5_file(path, arrays, widths):
    """A version 7.3 file: an HDF5 file behind MATLAB's header, with reversed axes."""
    classes = dict(
        u1="uint8", i1="int8", u2="uint16", i2="int16", u4="uint32", i4="int32", u8="uint64",
        i8="int64", f4="single", f8="double",
    )
    with h5py.File(path, "w", userblock_size=512) as file:

        def put(name, array, kind, **options):
            data = file.create_dataset(name, data=array.T, track_times=False, **options)
            put_class(data, kind)
            return data

        for width in widths:
            put(width, arrays[width], classes[width])
        if "cube" in arrays:
            put("cube", arrays["cube"], "double", chunks=(2, 3, 2), compression="gzip")
            truth = put("truth", arrays["truth"].astype("u1"), "logical")
            truth.attrs["MATLAB_int_decode"] = numpy.int32(1)
            group = file.create_group("sparse")
            put_class(group, "double")
            group.attrs["MATLAB_sparse"] = numpy.uint64(arrays["sparse"].shape[0])
            for name, part in [
                ("data", arrays["sparse"].data),
                ("ir", arrays["sparse"].indices.astype("u8")),
                ("jc", arrays["sparse"].indptr.astype("u8")),
            ]:
                group.create_dataset(name, data=part, track_times=False)
    header = b"MATLAB 7.3 MAT-file, written by Scripts/golden/formats.py"
    with open(path, "r+b") as file:
        file.write(header.ljust(116) + bytes(8) + struct.pack("<H", 0x0200) + b"IM")


def idx_files(folder):
    folder.mkdir(parents=True, exist_ok=True)
    types = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    for code, kind in types.items():
        array = numbers(2, 12).reshape(2, 3, 4)
        content = bytes([0, 0, code, 3]) + struct.pack(">3I", *array.shape)
        content += array.astype(kind).tobytes()
        (folder / f"type-{code}.idx").write_bytes(content)
        if code == 8:
            (folder / "compressed.idx.gz").write_bytes(gzip.compress(content, mtime=0))


def png_files(folder):
    gray = numbers(3, 4).astype("u1") * 20
    for name, images in [
        ("gray", {"b-cats/1": gray, "b-cats/2": gray + 5, "a-dogs/x": 255 - gray}),
        ("colour", {"one/1": numpy.stack([gray, gray + 1, gray + 2], axis=-1)}),
        ("sizes", {"one/1": gray, "one/2": gray[:2]}),
        ("mixed", {"one/1": gray, "one/2": numpy.stack([gray, gray, gray], axis=-1)}),
        ("transparent", {"one/1": numpy.stack([gray, gray, gray, gray], axis=-1)}),
        ("deep", {"one/1": gray.astype("u2") * 256}),
    ]:
        for place, pixels in images.items():
            path = folder / name / f"{place}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(path)
    palette = folder / "palette/one/1.png"
    palette.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(numpy.stack([gray, gray, gray // 2], axis=-1)).quantize(16).save(palette)
    bits = folder / "bits/one/1.png"
    bits.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(numbers(3, 4) % 2 == 1).save(bits)
    gamma = folder / "gamma/one/1.png"
    gamma.parent.mkdir(parents=True, exist_ok=True)
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add(b"gAMA", struct.pack(">I", 100000))
    Image.fromarray(gray).save(gamma, pnginfo=info)


def main():
    numpy_files(OUT / "numpy")
    matlab_files(OUT / "matlab")
    idx_files(OUT / "idx")
    png_files(OUT / "png")
    (OUT / "PROVENANCE.txt").write_text(
        "Made by Scripts/golden/formats.py.\n"
        f"python {platform.python_version()}, numpy {numpy.__version__}, "
        f"scipy {scipy.__version__}, h5py {h5py.__version__}, pillow {PIL.__version__}\n"
    )


if __name__ == "__main__":
    main()
