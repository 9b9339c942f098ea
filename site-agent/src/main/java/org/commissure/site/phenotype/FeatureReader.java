package org.commissure.site.phenotype;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commissure.models.finetune.ConnectivityRidge;
import org.commissure.models.linear.SignProjection;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.site.cohort.ScanSeries;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.jspecify.annotations.Nullable;

/** Patients' features before any scaling. Every sum of a run asks for the same ones, so they are kept. Not thread-safe. */
final class FeatureReader {
    private final Map<String, double[]> known = new HashMap<>();
    private PhenotypePlan.@Nullable Features asked;
    private @Nullable SignProjection projection;

    /** @throws LocalWorkException if the series cannot be read */
    double[] of(Subject subject, PhenotypePlan.Features features) throws LocalWorkException {
        SignProjection signs = projection;
        if (signs == null || !features.equals(asked)) {
            known.clear();
            signs = new SignProjection(
                    features.parcels() * (features.parcels() - 1) / 2, features.dimensions(), features.seed());
            projection = signs;
            asked = features;
        }
        double[] values = known.get(subject.seriesSha256());
        if (values == null) {
            values = signs.of(ConnectivityRidge.connectivity(load(subject), features.parcels()));
            known.put(subject.seriesSha256(), values);
        }
        return values;
    }

    private static List<float[]> load(Subject subject) throws LocalWorkException {
        try {
            return subject.scans().stream().map(ScanSeries::load).toList();
        } catch (UserError e) {
            throw LocalWorkException.unreadableSeries(e);
        }
    }
}
