package org.commissure.site.regional;

import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.federated.GroupMap;
import org.commissure.models.meanfield.fit.CorticalMap;
import org.commissure.protocol.study.RegionalMaps;
import org.commissure.protocol.study.RegionalPlan;
import org.commissure.protocol.study.RegionalVectors;

/** The cortical maps along which a pmfm varies, the same at every site. */
final class GroupMaps {
    private GroupMaps() {}

    /**
     * Myelin and gradient: the study's own, or what the sites released where the study says so.
     *
     * @throws IllegalArgumentException if the sites' are of too few patients
     */
    static List<CorticalMap> of(RegionalTask task) {
        return List.of(of(task, RegionalMaps.MYELIN), of(task, RegionalMaps.GRADIENT));
    }

    private static CorticalMap of(RegionalTask task, String name) {
        RegionalPlan plan = task.plan();
        Optional<RegionalMaps> asked = plan.maps().filter(maps -> maps.names().contains(name));
        if (asked.isEmpty()) {
            return new CorticalMap(name, ofStudy(plan, name));
        }
        RegionalVectors vectors = RegionalVectors.of(plan);
        int offset = vectors.mapOffset(asked.get().names().indexOf(name));
        return GroupMap.read(task.published(), offset, vectors.regions())
                .mean(name, asked.get().minimumPatients());
    }

    /** @return [regions]; there is one, because a plan that asks the sites for maps has its own too */
    static double[] ofStudy(RegionalPlan plan, String name) {
        return (name.equals(RegionalMaps.MYELIN)
                        ? plan.atlas().myelin()
                        : plan.atlas().gradient())
                .orElseThrow();
    }
}
