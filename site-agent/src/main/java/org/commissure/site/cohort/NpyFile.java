package org.commissure.site.cohort;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a {@code .npy} file, format versions 1 to 3, that holds a C-order array [parcels, frames] of
 * little-endian float32 or float64. Nothing is allocated on the word of the header: the sizes it
 * states must first agree with the size of the file. Not thread-safe.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">The format</a>
 */
final class NpyFile implements AutoCloseable {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    private final FileChannel channel;
    private final NpyHeader header;
    private final long dataOffset;

    private NpyFile(FileChannel channel, NpyHeader header, long dataOffset) {
        this.channel = channel;
        this.header = header;
        this.dataOffset = dataOffset;
    }

    /** Called once for each parcel, in order, with the same array. */
    interface RowConsumer {
        void accept(int parcel, float[] values);
    }

    /** @throws SeriesException if this is not such a file, or is shorter or longer than it says */
    static NpyFile open(Path path) throws IOException, SeriesException {
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

    private static NpyFile open(FileChannel channel) throws IOException, SeriesException {
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
        long expected = (long) header.parcels() * header.frames() * header.bytesPerValue();
        long actual = channel.size() - dataOffset;
        if (actual != expected) {
            throw corrupt("it holds " + actual + " bytes of values, but its header [" + header.parcels() + ", "
                    + header.frames() + "] needs " + expected + (actual < expected ? ": it is truncated" : ""));
        }
        if (expected > Integer.MAX_VALUE) {
            throw new SeriesException(
                    RejectionReason.UNSUPPORTED_SERIES, "it holds " + expected + " bytes; at most 2 GiB are read");
        }
        return new NpyFile(channel, header, dataOffset);
    }

    int parcels() {
        return header.parcels();
    }

    int frames() {
        return header.frames();
    }

    /** Streams the array, one parcel in memory at a time; float64 is rounded to float32. */
    void forEachParcel(RowConsumer consumer) throws IOException, SeriesException {
        int rowBytes = header.frames() * header.bytesPerValue();
        float[] row = new float[header.frames()];
        for (int parcel = 0; parcel < header.parcels(); parcel++) {
            ByteBuffer bytes = read(channel, dataOffset + (long) parcel * rowBytes, rowBytes, "parcel " + (parcel + 1));
            for (int frame = 0; frame < row.length; frame++) {
                row[frame] = header.bytesPerValue() == 4 ? bytes.getFloat() : (float) bytes.getDouble();
            }
            consumer.accept(parcel, row);
        }
    }

    /** The whole array, row-major [parcels, frames]. */
    float[] load() throws IOException, SeriesException {
        float[] values = new float[header.parcels() * header.frames()];
        forEachParcel((parcel, row) -> System.arraycopy(row, 0, values, parcel * row.length, row.length));
        return values;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static ByteBuffer read(FileChannel channel, long position, int length, String what)
            throws IOException, SeriesException {
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

    private static SeriesException corrupt(String problem) {
        return new SeriesException(RejectionReason.CORRUPT_FILE, problem);
    }
}
