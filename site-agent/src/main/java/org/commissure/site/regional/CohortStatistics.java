package org.commissure.site.regional;

import java.util.ArrayList;
import java.util.List;
import org.commissure.models.meanfield.federated.GroupStatistics;
import org.commissure.models.meanfield.federated.ParcelMapping;
import org.commissure.models.meanfield.federated.SubjectStatistics;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.site.cohort.ScanSeries;
import org.commissure.site.cohort.Subject;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.WorkProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads patients and computes what each contributes. Thread-safe. */
final class CohortStatistics {
    private static final Logger LOG = LoggerFactory.getLogger(CohortStatistics.class);

    private final RegionalPlan plan;
    private final double clipNorm;
    private final ParcelMapping mapping;

    /** @param clipNorm C of the study */
    CohortStatistics(RegionalPlan plan, double clipNorm) {
        this.plan = plan;
        this.clipNorm = clipNorm;
        this.mapping = plan.atlas()
                .weights()
                .map(weights -> ParcelMapping.of(plan.regions(), plan.atlas().sourceParcels(), weights))
                .orElseGet(() -> ParcelMapping.identity(plan.regions()));
    }

    /**
     * @return one entry for each patient, however many scans, whose regions all vary; the others are left out
     * @throws LocalWorkException if a series cannot be read
     */
    List<SubjectStatistics> of(List<Subject> subjects, WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        List<SubjectStatistics> statistics = new ArrayList<>();
        int excluded = 0;
        for (int i = 0; i < subjects.size(); i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the statistics were stopped");
            }
            progress.at((double) i / subjects.size());
            List<SubjectStatistics> scans = new ArrayList<>();
            try {
                for (ScanSeries scan : subjects.get(i).scans()) {
                    scans.add(SubjectStatistics.of(
                            mapping.map(load(scan), scan.frames()),
                            plan.windowFrames(),
                            plan.statistics().histogramBins(),
                            clipNorm));
                }
                statistics.add(SubjectStatistics.ofScans(scans));
            } catch (IllegalArgumentException e) {
                excluded++;
                LOG.info("a patient takes no part: {}", e.getMessage());
            }
        }
        if (excluded > 0) {
            LOG.warn("{} of {} patients take no part in the statistics", excluded, subjects.size());
        }
        return statistics;
    }

    GroupStatistics sums(List<Subject> subjects, WorkProgress progress)
            throws LocalWorkException, InterruptedException {
        RegionalVectors vectors = RegionalVectors.of(plan);
        return GroupStatistics.of(of(subjects, progress), vectors.pairs(), vectors.bins());
    }

    private static float[] load(ScanSeries scan) throws LocalWorkException {
        try {
            return scan.load();
        } catch (UserError e) {
            throw LocalWorkException.unreadableSeries(e);
        }
    }
}
