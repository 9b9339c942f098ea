package org.commissure.site.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.training.Checkpoint;
import org.commissure.models.training.CheckpointFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the local training of one attempt writes down how far it is, so that a site that was killed goes
 * on within the same attempt. What a checkpoint is of (run, round, attempt, model, study, cohort) is in
 * it as facts; one with other facts, or a damaged one, is dropped and training begins anew. Not
 * thread-safe.
 *
 * <p>Under differential privacy the parameters and moments in it are those after whole, noised steps.
 * Steps after it that were lost with the process are taken again with fresh patients and fresh noise;
 * of the lost ones nothing is left and nothing had left the site. So what is uploaded in the end still
 * follows from exactly the charged number of noised steps. A training that fails deletes its checkpoint:
 * nobody can go back to before an unlucky step.
 */
public final class TrainingCheckpoint {
    /** Part of every checkpoint's file name, also of one that was being written. */
    public static final String SUFFIX = ".checkpoint";

    private static final Logger LOG = LoggerFactory.getLogger(TrainingCheckpoint.class);

    private final Path file;
    private final Map<String, String> facts;
    private final Duration interval;
    private long savedNanos = System.nanoTime();
    private int savedStep = -1;

    /** @param interval time between two checkpoints */
    public TrainingCheckpoint(Path file, Map<String, String> facts, Duration interval) {
        this.file = file;
        this.facts = Map.copyOf(facts);
        this.interval = interval;
    }

    /** A site trains one sum at a time: checkpoints of others are of no use any more. */
    public void removeOthers() {
        try (Stream<Path> listing = Files.list(file.toAbsolutePath().getParent())) {
            for (Path other : listing.toList()) {
                String name = other.getFileName().toString();
                if (name.contains(SUFFIX) && !name.equals(file.getFileName().toString())) {
                    Files.deleteIfExists(other);
                }
            }
        } catch (IOException e) {
            LOG.warn("old checkpoints beside {} cannot be deleted: {}", file, e.getMessage());
        }
    }

    /** What an earlier process of the same attempt left; otherwise empty, and the file is gone. */
    Optional<Checkpoint> find(int parameters, int steps) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Checkpoint found = CheckpointFile.read(file);
            List<String> differences = found.differences(facts);
            if (differences.isEmpty() && fits(found, parameters, steps)) {
                savedStep = (int) found.step();
                return Optional.of(found);
            }
            LOG.warn("dropped the checkpoint {}, which is of other work: {}", file, differences);
        } catch (IOException e) {
            LOG.warn("dropped a checkpoint that cannot be read: {}", e.getMessage());
        }
        delete();
        return Optional.empty();
    }

    private static boolean fits(Checkpoint found, int parameters, int steps) {
        return found.parameters().length == parameters && found.step() > 0 && found.step() <= steps;
    }

    /** Whether so much time has passed that the next step should be saved. */
    boolean isDue() {
        return System.nanoTime() - savedNanos >= interval.toNanos();
    }

    /** Writes durably; a disk that refuses costs the checkpoint, not the training. */
    void save(int step, float[] parameters, OptimiserState optimiser) {
        if (step == savedStep || step == 0) {
            return;
        }
        try {
            CheckpointFile.write(
                    file, new Checkpoint(step, facts, parameters, new float[0], optimiser, Optional.empty()));
            savedStep = step;
        } catch (IOException e) {
            LOG.warn("the checkpoint {} cannot be written: {}", file, e.getMessage());
        }
        savedNanos = System.nanoTime();
    }

    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("the checkpoint {} cannot be deleted: {}", file, e.getMessage());
        }
    }
}
