package org.commissure.site.cohort.reading;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The values of a NIfTI file in their order, one buffer of them in memory whatever the file's size; gzip is recognised by
 * its mark, not by the name. Not thread-safe.
 */
final class NiftiStream implements AutoCloseable {
    private static final int CIFTI_EXTENSION = 32;
    private static final int MAXIMUM_EXTENSION_BYTES = 256 << 20;
    private static final int BUFFER_BYTES = 1 << 18;

    /** A day of scanning at a repetition time of one second; bounds what a header can make a reader allocate. */
    private static final int MAXIMUM_FRAMES = 86_400;

    private final InputStream in;
    private final NiftiHeader header;
    private final byte[] block = new byte[BUFFER_BYTES];
    private final Optional<byte[]> cifti;

    private NiftiStream(InputStream in) throws IOException {
        this.in = in;
        this.header = header(in);
        long position = header.version() == 2 ? NiftiHeader.BYTES_2 : NiftiHeader.BYTES_1;
        this.cifti = extensions(position);
    }

    /** @throws UnreadableSeriesException if it is no NIfTI file, or one that ends within its header */
    static NiftiStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            raw.mark(2);
            boolean compressed = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            NiftiStream stream = new NiftiStream(compressed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw);
            if (!compressed && Files.size(file) < stream.bytes()) {
                throw new EOFException();
            }
            return stream;
        } catch (EOFException | ZipException e) {
            raw.close();
            throw truncated(e);
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private static NiftiHeader header(InputStream in) throws IOException {
        byte[] size = in.readNBytes(4);
        if (size.length < 4) {
            throw new EOFException();
        }
        int little = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getInt();
        int big = Integer.reverseBytes(little);
        boolean isLittle = little == NiftiHeader.BYTES_1 || little == NiftiHeader.BYTES_2;
        int bytes = isLittle ? little : big;
        if (bytes != NiftiHeader.BYTES_1 && bytes != NiftiHeader.BYTES_2) {
            throw UnreadableSeriesException.damaged("it does not start like a NIfTI file");
        }
        ByteBuffer all = ByteBuffer.allocate(bytes).order(isLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        all.put(size);
        if (in.readNBytes(all.array(), 4, bytes - 4) < bytes - 4) {
            throw new EOFException();
        }
        return NiftiHeader.parse(all.position(0));
    }

    /** Goes on to the first value; keeps the extension of CIFTI-2. */
    private Optional<byte[]> extensions(long position) throws IOException {
        if (header.dataOffset() < position) {
            throw UnreadableSeriesException.damaged("its values would begin within its header");
        }
        Optional<byte[]> found = Optional.empty();
        long left = header.dataOffset() - position;
        boolean present = left >= 4 && in.readNBytes(4)[0] != 0;
        left = Math.max(0, left - 4);
        while (present && left >= 8) {
            byte[] head = in.readNBytes(8);
            if (head.length < 8) {
                throw new EOFException();
            }
            ByteBuffer sizes = ByteBuffer.wrap(head).order(header.order());
            int size = sizes.getInt();
            int kind = sizes.getInt();
            if (size < 8 || size > left || size > MAXIMUM_EXTENSION_BYTES) {
                throw UnreadableSeriesException.damaged("a header extension claims " + size + " bytes");
            }
            byte[] content = in.readNBytes(size - 8);
            left -= size;
            if (kind == CIFTI_EXTENSION) {
                found = Optional.of(content);
            }
        }
        in.skipNBytes(left);
        return found;
    }

    NiftiHeader header() {
        return header;
    }

    /** What the header says that the file has at least, uncompressed. */
    private long bytes() {
        return header.dataOffset() + header.count() * header.type().bytes();
    }

    /** @throws UnreadableSeriesException if there are more frames than any scan has */
    static int frames(int stated) throws UnreadableSeriesException {
        if (stated > MAXIMUM_FRAMES) {
            throw UnreadableSeriesException.unsupported("it has " + stated + " frames");
        }
        return stated;
    }

    /** The XML of CIFTI-2. */
    Optional<byte[]> cifti() {
        return cifti;
    }

    /** Takes values in the order of the file. */
    interface Sink {
        void accept(long index, double value);
    }

    /**
     * Streams every value, scaled, and then reads to the end of the file, so that gzip's checksum is checked.
     *
     * @throws UnreadableSeriesException if the file ends before its last value, or its gzip is damaged
     */
    void forEach(Sink sink) throws IOException {
        int bytes = header.type().bytes();
        long count = header.count();
        boolean scaled = header.scale() != 1 || header.offset() != 0;
        try {
            for (long index = 0; index < count; ) {
                int wanted = (int) Math.min(block.length, (count - index) * bytes);
                if (in.readNBytes(block, 0, wanted) < wanted) {
                    throw new EOFException();
                }
                ByteBuffer values = ByteBuffer.wrap(block, 0, wanted).order(header.order());
                for (int i = 0; i < wanted / bytes; i++) {
                    double stored = header.type().next(values);
                    sink.accept(index++, scaled ? header.scale() * stored + header.offset() : stored);
                }
            }
            while (in.read(block) >= 0) {
                // past the values there may be padding; the gzip trailer comes after it
            }
        } catch (EOFException | ZipException e) {
            throw truncated(e);
        }
    }

    private static UnreadableSeriesException truncated(IOException cause) {
        return new UnreadableSeriesException(
                UnreadableSeriesException.Problem.DAMAGED,
                cause instanceof ZipException
                        ? "its gzip stream is damaged"
                        : "it ends before its last value: it is truncated",
                cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
