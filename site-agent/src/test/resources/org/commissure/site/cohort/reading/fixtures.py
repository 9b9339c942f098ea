"""Makes the files beside it with the tools that other people use: numpy, scipy, h5py, nibabel.

Parcel p (from 0) of frame t holds 100 * (p + 1) + t + 0.25, four parcels and seven frames, unless said otherwise.
"""
import numpy, scipy.io, h5py, nibabel
from nibabel import cifti2

P, T = 4, 7
x = numpy.array([[100 * (p + 1) + t + 0.25 for t in range(T)] for p in range(P)])  # [parcels, time]

# DPABI: time x regions. MATLAB 5 with and without compression, big-endian doubles are not written by scipy.
scipy.io.savemat("dpabi.mat", {"ROISignals": x.T}, do_compression=True)
scipy.io.savemat("dpabi_plain.mat", {"ROISignals": x.T.astype("<f4")})
scipy.io.savemat("one_matrix.mat", {"series": x, "TR": 2.0, "label": "rest"}, do_compression=True)
scipy.io.savemat("two_matrices.mat", {"a": x, "b": x})
scipy.io.savemat("square.mat", {"a": x[:, :P]})

# CONN: cells of columns, with the regions of an atlas among other sources.
names = ["Grey Matter", "White Matter", "CSF"] + [f"atlas.region {p}" for p in range(P)] + ["networks.a", "networks.b"]
columns = [numpy.zeros((T, 1))] * 3 + [x[p][:, None] for p in range(P)] + [numpy.ones((T, 1))] * 2
cells, texts = numpy.empty((1, len(names)), object), numpy.empty((1, len(names)), object)
for i, name in enumerate(names):
    cells[0, i], texts[0, i] = columns[i], name
scipy.io.savemat("conn.mat", {"data": cells, "names": texts}, do_compression=True)

# MATLAB 7.3: HDF5 behind 512 bytes of MATLAB's own, sides swapped.
with h5py.File("dpabi_v73.mat", "w", userblock_size=512) as f:
    f.create_dataset("ROISignals", data=x)  # [regions, time] in the file is [time, regions] in MATLAB
with open("dpabi_v73.mat", "r+b") as f:
    f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM")



def version73(name, cells):
    """CONN's cells in MATLAB 7.3: references to objects in #refs#; text in 16 bits; sides swapped; classes as attributes."""
    with h5py.File(name, "w", userblock_size=512) as f:
        refs = f.create_group("#refs#")

        def put(value):
            key = f"{len(refs):03d}"
            if isinstance(value, str):
                made = refs.create_dataset(key, data=numpy.array([[ord(c)] for c in value], "<u2"))
                made.attrs["MATLAB_class"] = numpy.bytes_("char")
            else:
                made = refs.create_dataset(key, data=value.T)
                made.attrs["MATLAB_class"] = numpy.bytes_("double")
            return made.ref

        for variable, values in cells.items():
            made = f.create_dataset(variable, (len(values), 1), h5py.ref_dtype)
            made.attrs["MATLAB_class"] = numpy.bytes_("cell")
            for i, value in enumerate(values):
                if value is not None:  # else a reference to nothing
                    made[i, 0] = put(value)
    with open(name, "r+b") as f:
        f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM")


wide = [numpy.zeros((T, 5))] * 3 + columns[3:]  # CONN keeps several components of the tissues
version73("conn_v73.mat", {"data": wide, "names": names})
version73("conn_v73_uneven.mat", {"data": wide[:4] + [x[1][:3, None]] + wide[5:], "names": names})
version73("conn_v73_missing.mat", {"data": wide[:4] + [None] + wide[5:], "names": names})
version73("conn_v73_nameless.mat", {"data": wide[:3], "names": names[:3]})

with h5py.File("series.h5", "w") as f:
    f.create_dataset("group/timeseries", data=x.T.astype("<f4"), chunks=(3, 2), compression="gzip", shuffle=True)
    f.create_dataset("group/mask", data=numpy.ones((P, P)))

# Volumes: 3 x 2 x 2, two background voxels, parcels of 1 to 4 voxels around their mean.
labels = numpy.array([0, 7, 8, 8, 9, 9, 9, 30, 30, 30, 30, 0], "<i2").reshape((3, 2, 2), order="F")
affine = numpy.array([[-2.0, 0, 0, 10], [0, 2, 0, -20], [0, 0, 2, 5], [0, 0, 0, 1]])
bold = numpy.zeros((3, 2, 2, T))
for p, label in enumerate([7, 8, 9, 30]):
    where = numpy.argwhere(labels == label)
    around = numpy.arange(len(where)) - (len(where) - 1) / 2
    for place, shift in zip(where, around):
        bold[tuple(place)] = x[p] + shift


def volumes(kind, dtype, name, form=affine, time=2.5, units=("mm", "sec"), slope=None):
    header = kind.header_class()
    header.set_data_dtype(dtype)
    stored = bold if slope is None else numpy.round((bold - 5) / slope)
    image = kind(stored.astype(dtype), form, header)
    image.header.set_zooms((2, 2, 2, time))
    image.header.set_xyzt_units(*units)
    if slope is not None:
        image.header["scl_slope"], image.header["scl_inter"] = slope, 5
    image.to_filename(name)
    if slope is not None:  # nibabel takes the scale out of the header again
        raw = bytearray(open(name, "rb").read())
        order = ">" if image.header.endianness == ">" else "<"
        raw[112:120] = numpy.array([slope, 5], order + "f4").tobytes()
        open(name, "wb").write(raw)


nibabel.Nifti1Image(labels, affine).to_filename("atlas_dseg.nii.gz")
volumes(nibabel.Nifti1Image, "<f4", "plain_bold.nii.gz")
volumes(nibabel.Nifti2Image, "<f8", "second_bold.nii.gz", time=2500, units=("mm", "msec"))
volumes(nibabel.Nifti1Image, "<f4", "shifted_bold.nii.gz", form=affine + numpy.array([[0, 0, 0, 1.5]] + [[0] * 4] * 3))


class BigEndian(nibabel.Nifti1Image):
    class header_class(nibabel.Nifti1Header):
        def __init__(self, binaryblock=None, endianness=">", check=True, extensions=()):
            super().__init__(binaryblock, endianness, check, extensions)


big = nibabel.Nifti1Header(endianness=">")
big.set_data_dtype(">i2")
image = nibabel.Nifti1Image(numpy.round((bold - 5) / 0.25).astype(">i2"), affine, big)
image.header.set_zooms((2, 2, 2, 2.5))
image.to_filename("big_bold.nii")
raw = bytearray(open("big_bold.nii", "rb").read())
order = ">" if raw[:4] == b"\x00\x00\x01\x5c" else "<"
raw[112:120] = numpy.array([0.25, 5], order + "f4").tobytes()
open("big_bold.nii", "wb").write(raw)

# CIFTI-2: six grayordinates of two structures; 0 is no parcel.
surface = cifti2.BrainModelAxis.from_surface([0, 2, 5], 9, name="CortexLeft")
other = cifti2.BrainModelAxis.from_surface([1, 3, 4], 9, name="CortexRight")
models = surface + other
keys = numpy.array([3, 5, 5, 8, 9, 0])
gray = numpy.vstack([x[0], x[1] - 1, x[1] + 1, x[2], x[3], numpy.full(T, 9e9)]).astype("<f4")
series = cifti2.SeriesAxis(0, 0.72, T, unit="SECOND")
cifti2.Cifti2Image(gray.T, (series, models)).to_filename("rest.dtseries.nii")
parcels = cifti2.ParcelsAxis.from_brain_models([(f"p{i}", models[[i]]) for i in range(P)])
cifti2.Cifti2Image(x.T.astype("<f4"), (series, parcels)).to_filename("rest.ptseries.nii")
label = cifti2.LabelAxis(["atlas"], {int(k): (f"k{k}", (1, 0, 0, 1)) for k in set(keys.tolist())})
cifti2.Cifti2Image(keys[None].astype("<f4"), (label, models)).to_filename("atlas.dlabel.nii")
other_models = cifti2.BrainModelAxis.from_surface([0, 2, 6], 9, name="CortexLeft") + other
cifti2.Cifti2Image(keys[None].astype("<f4"), (label, other_models)).to_filename("other.dlabel.nii")
