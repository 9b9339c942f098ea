package org.commissure.site.regional;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.privacy.durable.DurableFile;

/**
 * The statistics that this site put into the sum of a run, exactly as they were masked, noise included.
 * Refinement works from them and not from patients, so it costs no further privacy. Not thread-safe.
 */
final class LocalStatistics {
    private final Path folder;

    /** @param folder one file in it for each run */
    LocalStatistics(Path folder) {
        this.folder = folder;
    }

    void write(String runId, double[] values) throws IOException {
        DurableFile.createFolders(folder);
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
        bytes.asDoubleBuffer().put(values);
        DurableFile.writeSecret(file(runId), bytes.array());
    }

    /** Empty where this site took no part in the sum. */
    Optional<double[]> read(String runId) throws IOException {
        if (!Files.exists(file(runId))) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file(runId)));
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(values);
        return Optional.of(values);
    }

    private Path file(String runId) {
        return folder.resolve(runId.replaceAll("[^A-Za-z0-9._-]", "_") + ".statistics");
    }
}
