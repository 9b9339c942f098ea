package org.commissure.models.npy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Reads a {@code .npy} file, format versions 1 to 3, that holds an array of one of {@link NpyType}'s kinds.
 * One in Fortran order is read as NumPy shows it: values come in C order, whatever the file's; it is then held in memory
 * once more.
 * Nothing is allocated on the word of the header: the sizes it states must first agree with the size of the file. Not
 * thread-safe.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The format</a>
 */
public final class NpyFile implements AutoCloseable {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private final FileChannel channel;
    private final NpyHeader header;
    private final long dataOffset;

    private NpyFile(FileChannel channel, NpyHeader header, long dataOffset) {
        this.channel = channel;
        this.header = header;
        this.dataOffset = dataOffset;
    }

    /** Called once for each row, in order, with the same array. */
    public interface RowConsumer {
        void accept(int row, float[] values);
    }

    /** @throws NpyException if this is not such a file, or is shorter or longer than it says */
    public static NpyFile open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw corrupt("it is not a regular file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return open(channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static NpyFile open(FileChannel channel) throws IOException {
        ByteBuffer preamble = read(channel, 0, 8, "the first 8 bytes");
        for (byte expected : MAGIC) {
            if (preamble.get() != expected) {
                throw corrupt("it does not start with the mark of a .npy file");
            }
        }
        int version = preamble.get() & 0xff;
        if (version < 1 || version > 3) {
            throw corrupt("it is of .npy format version " + version + ", which is unknown");
        }
        int lengthBytes = version == 1 ? 2 : 4;
        ByteBuffer lengthField = read(channel, 8, lengthBytes, "the header's length");
        long length = version == 1 ? lengthField.getShort() & 0xffffL : lengthField.getInt() & 0xffff_ffffL;
        if (length > NpyHeader.MAXIMUM_BYTES) {
            throw corrupt("its header claims " + length + " bytes; at most " + NpyHeader.MAXIMUM_BYTES + " are read");
        }
        ByteBuffer text = read(channel, 8 + lengthBytes, (int) length, "the header");
        NpyHeader header = NpyHeader.parse(StandardCharsets.UTF_8.decode(text).toString());
        long dataOffset = 8 + lengthBytes + length;
        long expected = header.type().bytes();
        try {
            for (int dimension : header.shape()) {
                expected = Math.multiplyExact(expected, (long) dimension);
            }
        } catch (ArithmeticException e) {
            throw corrupt("its shape " + header.shape() + " is larger than any file: it is truncated");
        }
        long actual = channel.size() - dataOffset;
        if (actual != expected) {
            throw corrupt("it holds " + actual + " bytes of values, but its header " + header.shape() + " needs "
                    + expected + (actual < expected ? ": it is truncated" : ""));
        }
        if (expected > Integer.MAX_VALUE) {
            throw NpyException.unsupported("it holds " + expected + " bytes; at most 2 GiB are read");
        }
        return new NpyFile(channel, header, dataOffset);
    }

    public NpyType type() {
        return header.type();
    }

    /** Dimensions, the first index first; empty for a single value. */
    public List<Integer> shape() {
        return header.shape();
    }

    /** Number of values. */
    public int length() {
        return header.shape().stream().reduce(1, Math::multiplyExact);
    }

    /**
     * Streams the array, one row (the last dimension) in memory at a time; float64 is rounded to float32.
     *
     * @throws NpyException if the values are integers
     */
    public void forEachRow(RowConsumer consumer) throws IOException {
        if (!header.type().isFloatingPoint()) {
            throw NpyException.unsupported("the values are integers, not floating point");
        }
        float[] row = new float[header.shape().isEmpty() ? 1 : header.shape().getLast()];
        int rowBytes = row.length * header.type().bytes();
        int rows = row.length == 0 ? 0 : length() / row.length;
        ByteBuffer turned = header.columnsFirst() ? values() : ByteBuffer.allocate(0);
        for (int r = 0; r < rows; r++) {
            ByteBuffer bytes = header.columnsFirst()
                    ? turned // row after row
                    : read(channel, dataOffset + (long) r * rowBytes, rowBytes, "row " + (r + 1))
                            .order(header.byteOrder());
            for (int i = 0; i < row.length; i++) {
                row[i] = header.type() == NpyType.FLOAT32 ? bytes.getFloat() : (float) bytes.getDouble();
            }
            consumer.accept(r, row);
        }
    }

    /**
     * The whole array, row-major; float64 is rounded to float32.
     *
     * @throws NpyException if the values are integers
     */
    public float[] floats() throws IOException {
        float[] values = new float[length()];
        forEachRow((r, row) -> System.arraycopy(row, 0, values, r * row.length, row.length));
        return values;
    }

    /**
     * The whole array, row-major.
     *
     * @throws NpyException if the values are floating point, or exceed 32 bits
     */
    public int[] ints() throws IOException {
        if (header.type().isFloatingPoint()) {
            throw NpyException.unsupported("the values are floating point, not integers");
        }
        int[] values = new int[length()];
        ByteBuffer bytes = values();
        for (int i = 0; i < values.length; i++) {
            long value = header.type() == NpyType.INT32 ? bytes.getInt() : bytes.getLong();
            if (value != (int) value) {
                throw NpyException.unsupported("value " + i + " exceeds 32 bits");
            }
            values[i] = (int) value;
        }
        return values;
    }

    /** The whole array, row-major, of any type; exact for integers up to 2^53. */
    public double[] doubles() throws IOException {
        double[] values = new double[length()];
        ByteBuffer bytes = values();
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (header.type()) {
                case FLOAT32 -> bytes.getFloat();
                case FLOAT64 -> bytes.getDouble();
                case INT32 -> bytes.getInt();
                case INT64 -> bytes.getLong();
            };
        }
        return values;
    }

    /** All of them in C order, in the file's byte order. */
    private ByteBuffer values() throws IOException {
        ByteBuffer stored = read(channel, dataOffset, length() * header.type().bytes(), "the values")
                .order(header.byteOrder());
        return header.columnsFirst() ? inRows(stored) : stored;
    }

    /** From an array whose first index varies fastest to one whose last does. */
    private ByteBuffer inRows(ByteBuffer columns) {
        int size = header.type().bytes();
        ByteBuffer rows = ByteBuffer.allocate(columns.capacity()).order(columns.order());
        int[] shape = header.shape().stream().mapToInt(Integer::intValue).toArray();
        int[] index = new int[shape.length];
        for (int value = 0; value < length(); value++) {
            int from = 0;
            for (int d = shape.length - 1; d >= 0; d--) {
                from = from * shape[d] + index[d];
            }
            rows.put(value * size, columns, from * size, size);
            for (int d = shape.length - 1; d >= 0 && ++index[d] == shape[d]; d--) {
                index[d] = 0;
            }
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static ByteBuffer read(FileChannel channel, long position, int length, String what) throws IOException {
        if (length > channel.size() - position) {
            throw corrupt("it ends before " + what + ": it is truncated");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private static NpyException corrupt(String problem) {
        return NpyException.damaged(problem);
    }
}
