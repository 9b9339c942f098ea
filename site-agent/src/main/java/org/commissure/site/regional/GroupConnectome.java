package org.commissure.site.regional;

import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.federated.GroupStructure;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalStructure;
import org.commissure.protocol.study.RegionalVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;

/** The structural connectome that every simulation of a run uses, the same at every site. */
final class GroupConnectome {
    private GroupConnectome() {}

    /** The study's own. */
    static Connectome ofStudy(RegionalPlan plan) {
        return Connectome.scaling(plan.atlas().structuralConnectivity());
    }

    /**
     * The study's own, or what the sites released where the study says so.
     *
     * @throws IllegalArgumentException if the sites' is of too few patients or not connected
     */
    static Connectome of(RegionalTask task) {
        RegionalPlan plan = task.plan();
        return plan.siteStructure().map(asked -> released(task, asked)).orElseGet(() -> ofStudy(plan));
    }

    private static Connectome released(RegionalTask task, RegionalStructure.OfSites asked) {
        RegionalVectors vectors = RegionalVectors.of(task.plan());
        GroupStructure sums = GroupStructure.read(task.published(), vectors.structureOffset(), vectors.pairs());
        Study.Privacy privacy = task.study().privacy();
        if (privacy.mode() == Study.PrivacyMode.NONE) {
            return sums.consensus(vectors.regions(), asked.consensus(), asked.minimumPatients());
        }
        double sites = task.published()[vectors.length(SumKind.STATISTICS) - 1];
        return sums.aboveNoise(
                vectors.regions(),
                StatisticsNoise.structureDeviation(asked.clipNorm(), privacy.noiseMultiplier()) * Math.sqrt(sites),
                asked.minimumPatients());
    }
}
