package org.commissure.site;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A BIDS-like folder of random series. */
public final class ExampleCohort {
    private static final int FRAMES = 30;

    private ExampleCohort() {}

    public static Path write(Path folder, int patients, long seed) throws IOException {
        Files.createDirectories(folder);
        StringBuilder table = new StringBuilder("participant_id\tage\n");
        Random random = new Random(seed);
        for (int i = 0; i < patients; i++) {
            String id = String.format("sub-%05d", seed * 1000 + i);
            table.append(id).append("\t30\n");
            Path file = series(folder, id);
            Files.createDirectories(file.getParent());
            Files.write(file, npy(ExampleStudy.PARCELS, FRAMES, random));
        }
        Files.writeString(folder.resolve("participants.tsv"), table);
        Files.writeString(folder.resolve("task-rest_timeseries.json"), "{\"RepetitionTime\": 2.0}");
        return folder;
    }

    public static Path series(Path folder, String id) {
        return folder.resolve(id)
                .resolve("func")
                .resolve(id + "_task-rest_atlas-CC200_desc-nofiltnoglobal_timeseries.npy");
    }

    private static byte[] npy(int parcels, int frames, Random random) {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + parcels + ", " + frames + "), }";
        int padded = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        byte[] text = (header + " ".repeat(padded - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + parcels * frames * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        bytes.putShort((short) text.length).put(text);
        for (int p = 0; p < parcels; p++) {
            double level = 0;
            for (int t = 0; t < frames; t++) {
                level = 0.8 * level + random.nextGaussian();
                bytes.putFloat((float) level);
            }
        }
        return bytes.array();
    }
}
