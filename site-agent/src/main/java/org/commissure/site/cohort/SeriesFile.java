package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.models.npy.NpyException;
import org.commissure.models.npy.NpyFile;
import org.commissure.site.cohort.reading.ParcelSeries;
import org.commissure.site.cohort.reading.SeriesFormat;
import org.commissure.site.cohort.reading.SeriesReading;
import org.commissure.site.cohort.reading.UnreadableSeriesException;

/**
 * A file of one patient's series, float32 [parcels, frames], in any format that is read. A {@code .npy} file is streamed,
 * all others are read when they are opened. Not thread-safe.
 */
sealed interface SeriesFile extends AutoCloseable {

    /** @throws SeriesException if this is no such file, or is shorter or longer than it says */
    static SeriesFile open(Path path, SeriesReading reading) throws IOException, SeriesException {
        if (SeriesFormat.of(path.getFileName().toString()).equals(Optional.of(SeriesFormat.NPY))) {
            return Npy.open(path);
        }
        try {
            return new Read(reading.read(path));
        } catch (UnreadableSeriesException e) {
            RejectionReason reason = switch (e.problem()) {
                case DAMAGED -> RejectionReason.CORRUPT_FILE;
                case UNSUPPORTED -> RejectionReason.UNSUPPORTED_SERIES;
                case NEEDS_ATLAS -> RejectionReason.ATLAS_MISSING;
                case SPACE_MISMATCH -> RejectionReason.SPACE_MISMATCH;
            };
            throw new SeriesException(reason, String.valueOf(e.getMessage()));
        }
    }

    int parcels();

    int frames();

    /** What the file itself says, plausible or not. */
    OptionalDouble repetitionTimeSeconds();

    /** What was done to read it that a person should know. */
    Optional<String> word();

    /** Hands over one parcel after the other, each in the same array; float64 is rounded to float32. */
    void forEachParcel(NpyFile.RowConsumer consumer) throws IOException;

    /** The whole array, row-major [parcels, frames]. */
    float[] load() throws IOException;

    @Override
    void close() throws IOException;

    /** Where it lies, one parcel in memory at a time. */
    record Npy(NpyFile npy) implements SeriesFile {
        static Npy open(Path path) throws IOException, SeriesException {
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
                return new Npy(npy);
            }
            npy.close();
            throw new SeriesException(
                    RejectionReason.UNSUPPORTED_SERIES,
                    npy.shape().size() == 2
                            ? "the values are integers, not float32 or float64"
                            : "the shape is " + npy.shape() + ", not [parcels, time]");
        }

        @Override
        public int parcels() {
            return npy.shape().getFirst();
        }

        @Override
        public int frames() {
            return npy.shape().getLast();
        }

        @Override
        public OptionalDouble repetitionTimeSeconds() {
            return OptionalDouble.empty();
        }

        @Override
        public Optional<String> word() {
            return Optional.empty();
        }

        @Override
        public void forEachParcel(NpyFile.RowConsumer consumer) throws IOException {
            npy.forEachRow(consumer);
        }

        @Override
        public float[] load() throws IOException {
            return npy.floats();
        }

        @Override
        public void close() throws IOException {
            npy.close();
        }
    }

    /** In memory. */
    record Read(ParcelSeries series) implements SeriesFile {
        @Override
        public int parcels() {
            return series.parcels();
        }

        @Override
        public int frames() {
            return series.frames();
        }

        @Override
        public OptionalDouble repetitionTimeSeconds() {
            return series.repetitionTimeSeconds();
        }

        @Override
        public Optional<String> word() {
            return series.word();
        }

        @Override
        public void forEachParcel(NpyFile.RowConsumer consumer) {
            float[] row = new float[frames()];
            for (int parcel = 0; parcel < parcels(); parcel++) {
                System.arraycopy(series.values(), parcel * row.length, row, 0, row.length);
                consumer.accept(parcel, row);
            }
        }

        @Override
        public float[] load() {
            return series.values().clone();
        }

        @Override
        public void close() {}
    }
}
