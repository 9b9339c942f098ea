package org.commissure.site.cohort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.site.cohort.reading.SeriesReading;

/**
 * One pass over a series.
 *
 * @param constantParcels 1-based rows whose values are all the same
 * @param notFinite how many values are NaN or infinite (as float32)
 * @param sha256 hex digest of shape and float32 values, so that a float64 copy of a series counts as
 *     the same series
 * @param repetitionTimeSeconds what the file itself says, plausible or not
 * @param word what was done to read it that a person should know
 */
record SeriesInspection(
        int parcels,
        int frames,
        List<Integer> constantParcels,
        long notFinite,
        String sha256,
        OptionalDouble repetitionTimeSeconds,
        Optional<String> word,
        PowerSpectrum spectrum) {

    static SeriesInspection of(Path path, SeriesReading reading) throws IOException, SeriesException {
        try (SeriesFile file = SeriesFile.open(path, reading)) {
            MessageDigest digest = start(file.parcels(), file.frames());
            List<Integer> constant = new ArrayList<>();
            long[] notFinite = {0};
            PowerSpectrum spectrum = new PowerSpectrum(file.parcels(), file.frames());
            file.forEachParcel((parcel, row) -> {
                float minimum = Float.POSITIVE_INFINITY;
                float maximum = Float.NEGATIVE_INFINITY;
                boolean finite = true;
                for (float value : row) {
                    if (!Float.isFinite(value)) {
                        notFinite[0]++;
                        finite = false;
                    }
                    minimum = Math.min(minimum, value);
                    maximum = Math.max(maximum, value);
                }
                if (finite && minimum >= maximum) {
                    constant.add(parcel + 1);
                }
                update(digest, row, 0, row.length);
                spectrum.add(parcel, row);
            });
            return new SeriesInspection(
                    file.parcels(),
                    file.frames(),
                    List.copyOf(constant),
                    notFinite[0],
                    hex(digest),
                    file.repetitionTimeSeconds(),
                    file.word(),
                    spectrum);
        }
    }

    static String digest(float[] values, int parcels, int frames) {
        MessageDigest digest = start(parcels, frames);
        for (int parcel = 0; parcel < parcels; parcel++) {
            update(digest, values, parcel * frames, frames);
        }
        return hex(digest);
    }

    private static MessageDigest start(int parcels, int frames) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(
                    ("commissure/v1/series\0" + parcels + "," + frames + "\0").getBytes(StandardCharsets.US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, float[] values, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, offset, length);
        digest.update(bytes);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
