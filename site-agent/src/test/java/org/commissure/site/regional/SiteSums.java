package org.commissure.site.regional;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.Subject;
import org.commissure.site.cohort.SyntheticCohort;

/** The sum of statistics of three generated sites A, B and E, each of eight patients. */
record SiteSums(Path folder, RegionalVectors vectors) {
    static SiteSums generate(Path folder, RegionalVectors vectors) {
        new SyntheticCohort(List.of("A", "B", "E"), 8, vectors.regions(), 60, 3).write(folder);
        return new SiteSums(folder, vectors);
    }

    /** The first half is the training part. */
    RegionalCohort cohort(String site, Study study) {
        List<Subject> all = subjects(site, study);
        return new RegionalCohort(all.subList(0, 4), all.subList(4, 6), all.subList(6, 8));
    }

    List<Subject> subjects(String site, Study study) {
        return CohortFolder.read(folder.resolve("site-" + site), CohortRules.of(study))
                .admitted();
    }

    /** Where a patient's file of another kind belongs. */
    static Path file(Subject subject, String in, String suffix) {
        return subject.series().resolve("../../../" + in).normalize().resolve(subject.participantId() + suffix);
    }

    private int[] vector(String site, Study study) throws Exception {
        RegionalTask task = new RegionalTask(
                "run", SumKind.STATISTICS, study, cohort(site, study), false, new double[vectors.published()]);
        return new RegionalWork(folder.resolve("own-" + site), new SecureRandom()).vector(task, fraction -> {});
    }

    /** What the coordinator opens. */
    double[] opened(Study study, String... sites) throws Exception {
        int[] sum = new int[ExactSums.dimension(vectors.length(SumKind.STATISTICS))];
        for (String site : sites) {
            int[] own = vector(site, study);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += own[i];
            }
        }
        return Arrays.stream(ExactSums.decode(sum, sites.length))
                .map(value -> value / RegionalVectors.SCALE)
                .toArray();
    }
}
