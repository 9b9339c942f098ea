package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Path;
import org.commissure.models.npy.NpyException;
import org.commissure.models.npy.NpyFile;

/** A {@code .npy} file of float32 or float64 [parcels, frames]. Not thread-safe. */
final class SeriesFile implements AutoCloseable {
    private final NpyFile npy;

    private SeriesFile(NpyFile npy) {
        this.npy = npy;
    }

    /** @throws SeriesException if this is not such a file, or is shorter or longer than it says */
    static SeriesFile open(Path path) throws IOException, SeriesException {
        NpyFile npy;
        try {
            npy = NpyFile.open(path);
        } catch (NpyException e) {
            RejectionReason reason = switch (e.problem()) {
                case DAMAGED -> RejectionReason.CORRUPT_FILE;
                case UNSUPPORTED -> RejectionReason.UNSUPPORTED_SERIES;
            };
            throw new SeriesException(reason, String.valueOf(e.getMessage()));
        }
        if (npy.shape().size() == 2 && npy.type().isFloatingPoint()) {
            return new SeriesFile(npy);
        }
        npy.close();
        throw new SeriesException(
                RejectionReason.UNSUPPORTED_SERIES,
                npy.shape().size() == 2
                        ? "the values are integers, not float32 or float64"
                        : "the shape is " + npy.shape() + ", not [parcels, time]");
    }

    int parcels() {
        return npy.shape().getFirst();
    }

    int frames() {
        return npy.shape().getLast();
    }

    /** Streams the array, one parcel in memory at a time; float64 is rounded to float32. */
    void forEachParcel(NpyFile.RowConsumer consumer) throws IOException {
        npy.forEachRow(consumer);
    }

    /** The whole array, row-major [parcels, frames]. */
    float[] load() throws IOException {
        return npy.floats();
    }

    @Override
    public void close() throws IOException {
        npy.close();
    }
}
