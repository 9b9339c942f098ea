package org.commissure.site.cohort;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.Subgroup;

/**
 * Which subgroups of an evaluation a patient is in, as far as {@code participants.tsv} says so: {@code sex} (F, M, female
 * or male; no number is guessed at), {@code age} in years, {@code mean_fd} in millimetres or fMRIPrep's table beside the
 * scan, and {@code field_strength} in tesla. Whatever is missing or unclear leaves the patient out of that factor, not out
 * of the cohort.
 */
public final class CohortSubgroups {
    private static final Map<String, Subgroup> SEXES =
            Map.of("f", Subgroup.FEMALE, "female", Subgroup.FEMALE, "m", Subgroup.MALE, "male", Subgroup.MALE);

    private CohortSubgroups() {}

    /**
     * By participant id.
     *
     * @param folder that the patients were admitted from
     * @throws UserError if its table cannot be read
     */
    public static Map<String, Set<Subgroup>> of(Path folder, List<Subject> patients) {
        Map<String, Participants.Row> rows = new HashMap<>();
        Participants.of(folder).rows().forEach(row -> rows.put(row.participantId(), row));
        Map<String, Set<Subgroup>> subgroups = new HashMap<>();
        for (Subject patient : patients) {
            Participants.Row row = rows.get(patient.participantId());
            if (row != null) {
                subgroups.put(patient.participantId(), of(row, patient.series()));
            }
        }
        return subgroups;
    }

    private static Set<Subgroup> of(Participants.Row row, Path series) {
        Set<Subgroup> found = EnumSet.noneOf(Subgroup.class);
        row.cell("sex")
                .flatMap(sex -> Optional.ofNullable(SEXES.get(sex.toLowerCase(Locale.ROOT))))
                .ifPresent(found::add);
        number(row, "age", Subgroup::ofAge).ifPresent(found::add);
        number(row, "field_strength", Subgroup::ofFieldStrength).ifPresent(found::add);
        Motion.meanDisplacement(row, series).stream()
                .boxed()
                .findFirst()
                .flatMap(Subgroup::ofMotion)
                .ifPresent(found::add);
        return found;
    }

    private static Optional<Subgroup> number(
            Participants.Row row, String column, Function<Double, Optional<Subgroup>> group) {
        try {
            return row.cell(column).map(Double::valueOf).flatMap(group);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
