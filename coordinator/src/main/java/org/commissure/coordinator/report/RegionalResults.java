package org.commissure.coordinator.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.protocol.study.RegionalMaps;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalStructure;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.jspecify.annotations.Nullable;

/** Reads a {@link RegionalResult} from the published vector of a run that has ended. */
final class RegionalResults {
    private static final double DYNAMICS_NEED_SUBJECTS = 1_000;

    private final Study study;
    private final RegionalPlan plan;
    private final RegionalVectors vectors;
    private final float[] published;

    private RegionalResults(Study study, RegionalPlan plan, float[] published) {
        this.study = study;
        this.plan = plan;
        this.vectors = RegionalVectors.of(plan);
        this.published = published;
    }

    /** @param model the run's {@code model.safetensors} */
    static RegionalResult of(RunSummary summary, Study study, RegionalPlan plan, Path model) throws IOException {
        return new RegionalResults(study, plan, PublishedModel.read(model).values()).result(summary);
    }

    private RegionalResult result(RunSummary summary) {
        int sites = contributors(SumKind.STATISTICS);
        return new RegionalResult(
                plan.regions(),
                plan.atlas().poorlyCovered(),
                0x1p-16 / RegionalVectors.SCALE,
                published[0],
                published[vectors.part()],
                sites,
                sites == 0 || study.privacy().mode() == Study.PrivacyMode.NONE ? null : privacyError(sites),
                sites == 0 ? null : plan.siteStructure().map(this::structure).orElse(null),
                sites == 0 ? List.of() : plan.maps().map(this::maps).orElse(List.of()),
                plan.fit().method().name().toLowerCase(Locale.ROOT),
                contributors(SumKind.FIT) == 0 ? List.of() : fits(),
                refinement(),
                summary.history().stream()
                        .map(RoundSummary::regional)
                        .filter(java.util.Objects::nonNull)
                        .reduce((earlier, later) -> later)
                        .orElse(null));
    }

    private int contributors(SumKind kind) {
        return Math.round(published[vectors.offset(kind) + vectors.length(kind) - 1]);
    }

    private RegionalResult.PrivacyError privacyError(int sites) {
        double n = published[0];
        double noise = study.privacy().noiseMultiplier() * Math.sqrt(sites);
        double edge = noise * study.privacy().clipNorm() / n;
        double sum = 0;
        double squares = 0;
        for (int i = 1; i <= vectors.pairs(); i++) {
            sum += published[i];
            squares += (published[i] / n) * (published[i] / n);
        }
        double mean = sum / n / vectors.pairs();
        double variance = squares / vectors.pairs() - mean * mean;
        return new RegionalResult.PrivacyError(
                edge,
                Math.sqrt(variance),
                Math.sqrt(Math.max(0, 1 - edge * edge / variance)),
                noise * Math.sqrt(2) / n,
                sum,
                noise * study.privacy().clipNorm() * Math.sqrt(vectors.pairs()),
                n / Math.sqrt(sites) >= DYNAMICS_NEED_SUBJECTS);
    }

    private RegionalResult.Structure structure(RegionalStructure.OfSites asked) {
        int at = vectors.structureOffset();
        double n = published[at];
        double[] own = new double[vectors.pairs()];
        double[] studys = new double[vectors.pairs()];
        int pair = 0;
        for (int row = 0; row < vectors.regions(); row++) {
            for (int column = row + 1; column < vectors.regions(); column++) {
                own[pair] = published[at + 1 + pair];
                studys[pair++] = plan.atlas().structuralConnectivity()[row][column];
            }
        }
        double noise = study.privacy().mode() == Study.PrivacyMode.NONE
                ? 0
                : study.privacy().noiseMultiplier() * Math.sqrt(2.0 * contributors(SumKind.STATISTICS));
        return new RegionalResult.Structure(n, n > 0 ? noise * asked.clipNorm() / n : 0, correlation(own, studys));
    }

    private List<RegionalResult.CorticalMap> maps(RegionalMaps asked) {
        double noise = study.privacy().mode() == Study.PrivacyMode.NONE
                ? 0
                : 2 * study.privacy().noiseMultiplier() * Math.sqrt(contributors(SumKind.STATISTICS));
        List<RegionalResult.CorticalMap> maps = new ArrayList<>();
        for (String name : asked.names()) {
            int at = vectors.mapOffset(maps.size());
            double[] own = new double[vectors.regions()];
            for (int region = 0; region < own.length; region++) {
                own[region] = published[at + 1 + region];
            }
            double n = published[at];
            double[] studys = (name.equals(RegionalMaps.MYELIN)
                            ? plan.atlas().myelin()
                            : plan.atlas().gradient())
                    .orElseThrow();
            maps.add(new RegionalResult.CorticalMap(name, n, n > 0 ? noise / n : 0, correlation(own, studys)));
        }
        return maps;
    }

    /** Pearson's; 0 where one of the two does not vary. */
    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(0);
        double meanB = Arrays.stream(b).average().orElse(0);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
    }

    private List<RegionalResult.Fit> fits() {
        List<RegionalResult.Fit> fits = new ArrayList<>();
        int at = vectors.offset(SumKind.FIT) + RegionalVectors.FITTED * vectors.candidate();
        for (String name : List.of("fit", "homogeneous")) {
            fits.add(new RegionalResult.Fit(
                    name, published[at], published[at + 1], published[at + 2], published[at + 3]));
            at += RegionalVectors.COSTS;
        }
        return fits;
    }

    private RegionalResult.@Nullable Refinement refinement() {
        int sites = contributors(SumKind.REFINE);
        if (sites < 2) {
            return null;
        }
        int at = vectors.offset(SumKind.REFINE);
        int diagonal = at + vectors.candidate();
        double variation = 0;
        int counted = 0;
        for (int i = 0; i < vectors.candidate(); i++) {
            double mean = published[at + i] / sites;
            double variance = (published[diagonal] - published[at + i] * mean) / (sites - 1);
            if (mean > 0) {
                variation += Math.sqrt(Math.max(0, variance)) / mean;
                counted++;
            }
            diagonal += vectors.candidate() - i;
        }
        return new RegionalResult.Refinement(sites, counted == 0 ? 0 : variation / counted);
    }
}
