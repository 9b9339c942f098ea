package org.commissure.coordinator.console;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.zip.GZIPInputStream;

/**
 * The parcels of a NIfTI-1 volume of labels (https://nifti.nimh.nih.gov/nifti-1): where each lies, and how far the whole
 * reaches. Voxels of value 0 are no parcel's.
 */
final class LabelVolume {
    private static final int HEADER = 348;
    private static final int LARGEST_BYTES = 1 << 28;

    /** Rows of an outline are this wide. */
    private static final double STEP_MILLIMETRES = 4;

    private LabelVolume() {}

    /** @param bytes of the file, gzipped or not @throws IOException naming what is wrong with them */
    static BrainAtlas read(byte[] bytes, String name, String sha256) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(unzipped(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.limit() < HEADER) {
            throw new IOException("it is shorter than a NIfTI header");
        }
        if (file.getInt(0) != HEADER) {
            file.order(ByteOrder.BIG_ENDIAN);
        }
        if (file.getInt(0) != HEADER || file.get(344) != 'n') {
            throw new IOException("it is no NIfTI-1 file");
        }
        int[] size = {file.getShort(42), file.getShort(44), file.getShort(46)};
        int voxels = Math.multiplyExact(Math.multiplyExact(size[0], size[1]), size[2]);
        IntToDoubleFunction values = values(file, (int) file.getFloat(108), voxels);
        double[][] affine = affine(file);
        Map<Integer, double[]> sums = new TreeMap<>();
        Outline[] outlines = {new Outline(1, 2), new Outline(0, 2), new Outline(0, 1)};
        for (int v = 0; v < voxels; v++) {
            int label = (int) Math.round(values.applyAsDouble(v));
            if (label > 0) {
                double[] place = place(affine, v % size[0], v / size[0] % size[1], v / (size[0] * size[1]));
                double[] sum = sums.computeIfAbsent(label, unknown -> new double[4]);
                for (int axis = 0; axis < 3; axis++) {
                    sum[axis] += place[axis];
                }
                sum[3]++;
                for (Outline outline : outlines) {
                    outline.add(place);
                }
            }
        }
        if (sums.isEmpty()) {
            throw new IOException("it holds no label");
        }
        List<BrainAtlas.Parcel> parcels = new ArrayList<>();
        sums.forEach((label, sum) -> parcels.add(new BrainAtlas.Parcel(
                parcels.size() + 1, "label " + label, sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3])));
        return new BrainAtlas(
                name,
                sha256,
                parcels,
                new BrainAtlas.Outlines(outlines[0].points(), outlines[1].points(), outlines[2].points()));
    }

    private static byte[] unzipped(byte[] bytes) throws IOException {
        boolean zipped = bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
        if (!zipped) {
            return bytes;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] plain = in.readNBytes(LARGEST_BYTES);
            if (in.read() >= 0) {
                throw new IOException("it unpacks to more than " + LARGEST_BYTES + " bytes");
            }
            return plain;
        }
    }

    /** Value of a voxel by its place; types of the standard that labels come in. */
    private static IntToDoubleFunction values(ByteBuffer file, int offset, int voxels) throws IOException {
        int type = file.getShort(70);
        int bytes = switch (type) {
            case 2, 256 -> 1;
            case 4, 512 -> 2;
            case 8, 16 -> 4;
            case 64 -> 8;
            default -> throw new IOException("its data type " + type + " is none of whole or real numbers");
        };
        if (offset < HEADER || file.limit() < offset + (long) voxels * bytes) {
            throw new IOException("it ends before its last voxel");
        }
        return switch (type) {
            case 2 -> v -> file.get(offset + v) & 0xff;
            case 256 -> v -> file.get(offset + v);
            case 4 -> v -> file.getShort(offset + 2 * v);
            case 512 -> v -> file.getShort(offset + 2 * v) & 0xffff;
            case 8 -> v -> file.getInt(offset + 4 * v);
            case 16 -> v -> file.getFloat(offset + 4 * v);
            default -> v -> file.getDouble(offset + 8 * v);
        };
    }

    /** From voxels to millimetres: the sform, else the qform. */
    private static double[][] affine(ByteBuffer file) throws IOException {
        double[][] affine = new double[3][4];
        if (file.getShort(254) > 0) {
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 4; column++) {
                    affine[row][column] = file.getFloat(280 + 16 * row + 4 * column);
                }
            }
            return affine;
        }
        if (file.getShort(252) <= 0) {
            throw new IOException("it does not say where its voxels lie (neither sform nor qform)");
        }
        double b = file.getFloat(256);
        double c = file.getFloat(260);
        double d = file.getFloat(264);
        double a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
        double[][] rotation = {
            {a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
            {2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
            {2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}
        };
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                double side = column == 2 && file.getFloat(76) < 0 ? -1 : 1;
                affine[row][column] = rotation[row][column] * file.getFloat(80 + 4 * column) * side;
            }
            affine[row][3] = file.getFloat(268 + 4 * row);
        }
        return affine;
    }

    private static double[] place(double[][] affine, int i, int j, int k) {
        double[] place = new double[3];
        for (int row = 0; row < 3; row++) {
            place[row] = affine[row][0] * i + affine[row][1] * j + affine[row][2] * k + affine[row][3];
        }
        return place;
    }

    /** How far a projection reaches to either side, row by row. */
    private static final class Outline {
        private final int across;
        private final int up;
        private final TreeMap<Long, double[]> rows = new TreeMap<>();

        Outline(int across, int up) {
            this.across = across;
            this.up = up;
        }

        void add(double[] place) {
            double x = place[across];
            double[] row =
                    rows.computeIfAbsent(Math.round(place[up] / STEP_MILLIMETRES), unknown -> new double[] {x, x});
            row[0] = Math.min(row[0], x);
            row[1] = Math.max(row[1], x);
        }

        /** Up one side and down the other. */
        List<double[]> points() {
            List<double[]> points = new ArrayList<>();
            rows.forEach((row, reach) -> points.add(new double[] {reach[0], row * STEP_MILLIMETRES}));
            rows.descendingMap().forEach((row, reach) -> points.add(new double[] {reach[1], row * STEP_MILLIMETRES}));
            return points;
        }
    }
}
