package org.commissure.site.phenotype;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.commissure.models.finetune.ConnectivityRidge;
import org.commissure.models.linear.SignProjection;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.site.cohort.ScanSeries;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;
import org.jspecify.annotations.Nullable;

/**
 * Patients' features before any scaling: the encoder's, where the study has one, then connectivity's. Every sum of a run
 * asks for the same ones, so they are kept, and the model is loaded once. Not thread-safe.
 */
final class FeatureReader {
    private final Map<String, double[]> known = new HashMap<>();
    private String runId = "";
    private @Nullable SignProjection projection;

    /** @throws LocalWorkException if a series cannot be read, or the model cannot be had */
    List<double[]> of(PhenotypeTask task, List<Subject> patients, WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        PhenotypePlan.Features features = task.plan().features();
        forgetUnlessOf(task.runId());
        List<Subject> unknown = patients.stream()
                .filter(patient -> !known.containsKey(patient.seriesSha256()))
                .toList();
        if (!unknown.isEmpty()) {
            Optional<FrozenEncoder> encoder = features.embedding().isPresent()
                    ? Optional.of(FrozenEncoder.open(features.embedding().get(), task.parameters()))
                    : Optional.empty();
            try {
                read(unknown, features, encoder, progress);
            } finally {
                encoder.ifPresent(FrozenEncoder::close);
            }
        }
        List<double[]> all = new ArrayList<>();
        for (Subject patient : patients) {
            all.add(Objects.requireNonNull(known.get(patient.seriesSha256())));
        }
        return all;
    }

    private void read(
            List<Subject> patients,
            PhenotypePlan.Features features,
            Optional<FrozenEncoder> encoder,
            WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        SignProjection signs = projection(features);
        for (int i = 0; i < patients.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the sums were stopped");
            }
            progress.at((double) i / patients.size());
            Subject patient = patients.get(i);
            double[] connectivity = signs.of(ConnectivityRidge.connectivity(load(patient), features.parcels()));
            double[] embedding = encoder.isPresent() ? encoder.get().of(patient) : new double[0];
            double[] values = new double[embedding.length + connectivity.length];
            System.arraycopy(embedding, 0, values, 0, embedding.length);
            System.arraycopy(connectivity, 0, values, embedding.length, connectivity.length);
            known.put(patient.seriesSha256(), values);
        }
    }

    /** What another run's features were is of no use: it may describe a model of the same parameters otherwise. */
    private void forgetUnlessOf(String asked) {
        if (!asked.equals(runId)) {
            known.clear();
            projection = null;
            runId = asked;
        }
    }

    private SignProjection projection(PhenotypePlan.Features features) {
        SignProjection signs = projection;
        if (signs == null) {
            signs = new SignProjection(
                    features.parcels() * (features.parcels() - 1) / 2, features.dimensions(), features.seed());
            projection = signs;
        }
        return signs;
    }

    private static List<float[]> load(Subject subject) throws LocalWorkException {
        try {
            return subject.scans().stream().map(ScanSeries::load).toList();
        } catch (UserError e) {
            throw LocalWorkException.unreadableSeries(e);
        }
    }
}
