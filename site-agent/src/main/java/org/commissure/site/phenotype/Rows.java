package org.commissure.site.phenotype;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.harmonise.Adjustment;
import org.commissure.models.harmonise.CombatReference;
import org.commissure.models.harmonise.RobustScale;
import org.commissure.models.harmonise.SiteAdjustment;
import org.commissure.models.harmonise.SiteScale;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;

/**
 * A site's patients as rows: 1, covariates, features as far as the published sums prepare them, targets. What is the
 * site's own is always estimated from its training patients, also for the external ones.
 */
final class Rows {
    private final PhenotypeTask task;
    private final Published published;
    private final FeatureReader reader;
    private final WorkProgress progress;

    Rows(PhenotypeTask task, Published published, FeatureReader reader, WorkProgress progress) {
        this.task = task;
        this.published = published;
        this.reader = reader;
        this.progress = progress;
    }

    List<Patient> patients(List<Subject> subjects) {
        return subjects.stream()
                .map(subject -> Patient.of(subject, task.plan()))
                .toList();
    }

    /** As read: before any scaling. */
    List<double[]> features(List<Patient> patients) throws LocalWorkException, InterruptedException {
        return reader.of(task, patients.stream().map(Patient::subject).toList(), progress);
    }

    /** Scaled by the federated quantiles, where the study asks for that. */
    List<double[]> scaled(List<Patient> patients) throws LocalWorkException, InterruptedException {
        List<double[]> features = features(patients);
        if (task.plan().harmonisation().scaling() == PhenotypePlan.Scaling.NONE) {
            return features;
        }
        List<RobustScale> scales = published.scales();
        List<double[]> scaled = new ArrayList<>();
        for (double[] raw : features) {
            double[] out = new double[raw.length];
            for (int f = 0; f < out.length; f++) {
                out[f] = scales.get(f).of(raw[f]);
            }
            scaled.add(out);
        }
        return scaled;
    }

    /** Scaled and harmonised. */
    List<double[]> of(List<Patient> patients) throws LocalWorkException, InterruptedException {
        Adjustment adjustment = adjustment();
        List<double[]> features = scaled(patients);
        PhenotypeVectors vectors = PhenotypeVectors.of(task.plan());
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < patients.size(); i++) {
            Patient patient = patients.get(i);
            double[] harmonised = adjustment.of(patient.covariates(), features.get(i));
            double[] row = new double[vectors.width()];
            row[0] = 1;
            System.arraycopy(patient.covariates(), 0, row, 1, patient.covariates().length);
            System.arraycopy(harmonised, 0, row, 1 + patient.covariates().length, harmonised.length);
            if (vectors.targets() == 1) {
                row[vectors.target(0)] = patient.target();
            } else {
                row[vectors.target((int) patient.target())] = 1;
            }
            rows.add(row);
        }
        return rows;
    }

    private Adjustment adjustment() throws LocalWorkException, InterruptedException {
        PhenotypePlan.Method method = task.plan().harmonisation().method();
        if (method == PhenotypePlan.Method.NONE) {
            return Adjustment.NONE;
        }
        List<Patient> training = patients(task.cohort().training());
        List<double[]> features = scaled(training);
        return method == PhenotypePlan.Method.SITE_Z ? SiteScale.fit(features) : combat(covariates(training), features);
    }

    /** The prior of a site's location and scale is one over features of a kind: an encoder's are another kind. */
    private Adjustment combat(List<double[]> covariates, List<double[]> features) {
        CombatReference reference = published.combat();
        int embedding = PhenotypeVectors.of(task.plan()).embedding();
        if (embedding == 0) {
            return SiteAdjustment.fit(reference, covariates, features);
        }
        return Adjustment.ofBoth(
                embedding,
                SiteAdjustment.fit(reference.of(0, embedding), covariates, slice(features, 0, embedding)),
                SiteAdjustment.fit(
                        reference.of(embedding, reference.features()),
                        covariates,
                        slice(features, embedding, reference.features())));
    }

    private static List<double[]> slice(List<double[]> rows, int from, int to) {
        return rows.stream().map(row -> Arrays.copyOfRange(row, from, to)).toList();
    }

    static List<double[]> covariates(List<Patient> patients) {
        return patients.stream().map(Patient::covariates).toList();
    }
}
