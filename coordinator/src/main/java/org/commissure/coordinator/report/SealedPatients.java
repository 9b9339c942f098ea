package org.commissure.coordinator.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.privacy.dp.NoisedCount;
import org.jspecify.annotations.Nullable;

/**
 * How many patients a site sealed, as it said: with noise of its own.
 *
 * @param words for a reader, {@code about 120 ± 6}; of older agents what they wrote, {@code at least 120}
 * @param estimate null where the site wrote words only
 * @param margin the noise lies within it in 95 of 100 cohorts
 * @param epsilon of the noise
 */
public record SealedPatients(
        String words,
        @Nullable Long estimate,
        @Nullable Long margin,
        @Nullable Double epsilon) {

    /** What an entry says of the cohort that it seals; empty if it is no such entry or says nothing. */
    public static Optional<SealedPatients> in(LoggedEntry logged) {
        if (!logged.entry().getAction().equals(Actions.COHORT_SEALED)) {
            return Optional.empty();
        }
        return NoisedCount.stated(logged.entry())
                .map(count -> new SealedPatients(count.words(), count.estimate(), count.margin(), count.epsilon()))
                .or(() -> Facts.text(logged.entry(), "patients")
                        .map(words -> new SealedPatients(words, null, null, null)));
    }

    /** What each site said last; nothing where no log was begun. */
    public static Map<String, SealedPatients> bySite(Path logFolder) {
        if (!Files.exists(logFolder)) {
            return Map.of();
        }
        List<LoggedEntry> entries = LogReader.read(logFolder);
        Map<String, SealedPatients> bySite = new TreeMap<>();
        entries.forEach(logged -> in(logged).ifPresent(patients -> bySite.put(logged.actorName(), patients)));
        return bySite;
    }
}
