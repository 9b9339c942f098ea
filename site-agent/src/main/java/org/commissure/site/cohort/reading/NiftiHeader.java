package org.commissure.site.cohort.reading;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The head of a NIfTI-1 (348 bytes) or NIfTI-2 (540 bytes) file, little- or big-endian.
 *
 * @param dimensions seven, slowest last; 1 where the file has fewer
 * @param scale values are {@code scale · stored + offset} (scl_slope, scl_inter)
 * @param affine the sform if there is one, else the qform, else the spacing alone
 * @param repetitionTimeSeconds what the fourth dimension's spacing says; empty if it says nothing
 * @see <a href="https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h">nifti1.h</a>
 */
record NiftiHeader(
        int version,
        ByteOrder order,
        int[] dimensions,
        NiftiType type,
        long dataOffset,
        double scale,
        double offset,
        Affine affine,
        OptionalDouble repetitionTimeSeconds) {
    static final int BYTES_1 = 348;
    static final int BYTES_2 = 540;

    /** A tenth of a usual voxel: more than rounding to float32 explains. */
    private static final double FORMS_DIFFER_MILLIMETRES = 0.3;

    /** Larger than any image's. */
    private static final long MAXIMUM_DIMENSION = 10_000_000;

    /** 2⁵⁰ values: more than any disk holds; their bytes still fit a long. */
    private static final long MAXIMUM_VALUES = 1L << 50;

    /** @param bytes the whole header; its byte order is set to what it says */
    static NiftiHeader parse(ByteBuffer bytes) throws UnreadableSeriesException {
        boolean second = bytes.limit() == BYTES_2;
        String magic = second ? text(bytes, 4, 3) : text(bytes, 344, 3);
        if (!magic.equals(second ? "n+2" : "n+1")) {
            throw magic.startsWith("ni")
                    ? UnreadableSeriesException.unsupported("it is a pair of .hdr and .img files; save it as one .nii")
                    : UnreadableSeriesException.damaged("it has no NIfTI header");
        }
        int[] dimensions = dimensions(bytes, second);
        double[] spacing = new double[8];
        for (int i = 0; i < 8; i++) {
            spacing[i] = second ? bytes.getDouble(104 + 8 * i) : bytes.getFloat(76 + 4 * i);
        }
        double slope = second ? bytes.getDouble(176) : bytes.getFloat(112);
        double intercept = second ? bytes.getDouble(184) : bytes.getFloat(116);
        boolean scaled = slope != 0 && Double.isFinite(slope) && Double.isFinite(intercept);
        int units = second ? bytes.getInt(500) : bytes.get(123);
        return new NiftiHeader(
                second ? 2 : 1,
                bytes.order(),
                dimensions,
                NiftiType.of(second ? bytes.getShort(12) : bytes.getShort(70)),
                second ? bytes.getLong(168) : (long) bytes.getFloat(108),
                scaled ? slope : 1,
                scaled ? intercept : 0,
                affine(bytes, second, dimensions, spacing),
                seconds(spacing[4], units));
    }

    private static int[] dimensions(ByteBuffer bytes, boolean second) throws UnreadableSeriesException {
        long count = second ? bytes.getLong(16) : bytes.getShort(40);
        if (count < 1 || count > 7) {
            throw UnreadableSeriesException.damaged("its header states " + count + " dimensions");
        }
        int[] dimensions = new int[7];
        long values = 1;
        for (int i = 0; i < 7; i++) {
            long length = i >= count ? 1 : second ? bytes.getLong(24 + 8 * i) : bytes.getShort(42 + 2 * i);
            if (length < 1 || length > MAXIMUM_DIMENSION || values > MAXIMUM_VALUES / length) {
                throw UnreadableSeriesException.damaged("its header states " + length + " in dimension " + (i + 1));
            }
            dimensions[i] = (int) length;
            values *= length;
        }
        return dimensions;
    }

    private static Affine affine(ByteBuffer bytes, boolean second, int[] dimensions, double[] spacing)
            throws UnreadableSeriesException {
        int qform = second ? bytes.getInt(344) : bytes.getShort(252);
        int sform = second ? bytes.getInt(348) : bytes.getShort(254);
        double[] millimetres = {spacing[1], spacing[2], spacing[3]};
        double[] quaternion = new double[6];
        for (int i = 0; i < 6; i++) {
            quaternion[i] = second ? bytes.getDouble(352 + 8 * i) : bytes.getFloat(256 + 4 * i);
        }
        Affine byQuaternion = Affine.ofQuaternion(
                quaternion[0],
                quaternion[1],
                quaternion[2],
                new double[] {quaternion[3], quaternion[4], quaternion[5]},
                millimetres,
                spacing[0]);
        double[][] rows = new double[3][4];
        for (int i = 0; i < 12; i++) {
            rows[i / 4][i % 4] = second ? bytes.getDouble(400 + 8 * i) : bytes.getFloat(280 + 4 * i);
        }
        Affine byRows = new Affine(rows);
        if (qform > 0 && sform == qform) { // of different codes they lead to different spaces, and may differ
            double distance = byQuaternion.largestDistance(byRows, dimensions);
            if (!(distance <= FORMS_DIFFER_MILLIMETRES)) {
                throw UnreadableSeriesException.mismatch(String.format(
                        Locale.ROOT,
                        "its qform and its sform name the same space and place voxels %.1f mm apart",
                        distance));
            }
        }
        return sform > 0 ? byRows : qform > 0 ? byQuaternion : Affine.ofSpacing(millimetres);
    }

    /** Units of time are bits 3 to 5: 8 seconds, 16 milliseconds, 24 microseconds; none is taken as seconds. */
    private static OptionalDouble seconds(double spacing, int units) {
        double seconds = switch (units & 0x38) {
            case 16 -> spacing / 1e3;
            case 24 -> spacing / 1e6;
            default -> spacing;
        };
        return seconds > 0 && Double.isFinite(seconds)
                ? OptionalDouble.of(roundFloat(seconds))
                : OptionalDouble.empty();
    }

    /** 1.35 as float32 is 1.35000002…; six digits are what scanners state. */
    private static double roundFloat(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (bytes.get(at + i) & 0x7f));
        }
        return text.toString();
    }

    /** The three of space. */
    int[] grid() {
        return new int[] {dimensions[0], dimensions[1], dimensions[2]};
    }

    /** Values in the file. */
    long count() {
        long count = 1;
        for (int length : dimensions) {
            count *= length;
        }
        return count;
    }
}
