package org.commissure.site.compute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.OptimiserState;
import org.commissure.models.training.Checkpoint;
import org.commissure.models.training.CheckpointFile;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.Study;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that this site trains alone, for the comparison in the report: a federation of one. It takes as many steps as
 * the federation's rounds, from the same initial model, with the same settings, and adds each round's update as it is.
 * Patients are clipped as the study says; nothing is noised. Neither the model nor a part of it leaves the site.
 *
 * <p>It is trained round by round beside the federated one and kept in a file, so that no round takes more than twice its
 * time; rounds that the site missed are made up for when the model is next needed. A file of another run, study or cohort, or
 * a damaged one, is dropped and training begins anew. Not thread-safe.
 */
public final class SingleSiteModel {
    /** Of the file's name. */
    public static final String SUFFIX = ".alone";

    private static final Logger LOG = LoggerFactory.getLogger(SingleSiteModel.class);

    private final Path file;
    private final Map<String, String> facts;

    /** @param facts what the file must be of: run, study, cohort */
    public SingleSiteModel(Path file, Map<String, String> facts) {
        this.file = file;
        this.facts = Map.copyOf(facts);
    }

    /** Where the initial model comes from, if it is needed. */
    @FunctionalInterface
    public interface Initial<E extends Exception> {
        float[] load() throws E, IOException, InterruptedException;
    }

    /**
     * Its parameters after so many rounds, trained as far as they are not yet.
     *
     * @param weight as in {@link LocalTraining#update}
     * @param name of the sum that asks, for the site's own log
     * @throws LocalWorkException if a series cannot be read or training diverged
     */
    public <E extends Exception> float[] after(
            int rounds,
            Initial<E> initial,
            MaskedAutoencoder model,
            ModelConfiguration shape,
            Study study,
            List<? extends Scan> patients,
            int weight,
            String name,
            WorkProgress progress)
            throws E, LocalWorkException, IOException, InterruptedException {
        Optional<Checkpoint> kept = find(model.parameterCount());
        int done = kept.map(found -> (int) found.step()).orElse(0);
        float[] parameters = kept.isPresent() ? kept.get().parameters() : initial.load();
        LocalTraining training =
                LocalTraining.withoutNoise(model, shape, study, new PatientSampler(new SecureRandom()));
        for (int round = done + 1; round <= rounds; round++) {
            float[] update = training.train(
                            parameters,
                            LocalTraining.Start.NONE,
                            patients,
                            weight,
                            new Attempt(name + ", alone", round, 1),
                            Optional.empty(),
                            progress)
                    .update()
                    .getFirst();
            for (int i = 0; i < update.length; i++) {
                parameters[i] += (float) (study.rounds().updateFactor() * update[i]);
            }
            keep(round, parameters);
        }
        return parameters;
    }

    private Optional<Checkpoint> find(int parameters) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Checkpoint found = CheckpointFile.read(file);
            if (found.differences(facts).isEmpty() && found.parameters().length == parameters) {
                return Optional.of(found);
            }
            LOG.warn("dropped {}, which is of another run, study or cohort", file);
        } catch (IOException e) {
            LOG.warn("dropped {}, which cannot be read: {}", file, e.getMessage());
        }
        return Optional.empty();
    }

    private void keep(int round, float[] parameters) throws IOException {
        removeOthers();
        // The format of local training's checkpoints; between two rounds an optimiser holds nothing.
        OptimiserState nothing = new OptimiserState(0, new float[parameters.length], new float[parameters.length]);
        CheckpointFile.write(file, new Checkpoint(round, facts, parameters, new float[0], nothing, Optional.empty()));
    }

    /** A site compares for one run at a time. */
    private void removeOthers() throws IOException {
        try (Stream<Path> listing = Files.list(file.toAbsolutePath().getParent())) {
            for (Path other : listing.toList()) {
                String name = other.getFileName().toString();
                if (name.endsWith(SUFFIX) && !name.equals(file.getFileName().toString())) {
                    Files.deleteIfExists(other);
                }
            }
        }
    }
}
