package org.commissure.site.cohort;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a participant's row in {@code participants.tsv} is checked for. */
final class PhenotypeChecks {
    /** Whether the hospital may use the scan; absent from most tables. */
    static final String CONSENT = "consent";

    private static final Set<String> CONSENTED = Set.of("yes", "true", "1", "given");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");

    private PhenotypeChecks() {}

    static Optional<Finding> of(Participants.Row row, QualityRules rules) {
        String consent = row.known().getOrDefault(CONSENT, "yes").toLowerCase(Locale.ROOT);
        if (!CONSENTED.contains(consent)) {
            return Optional.of(new Finding(RejectionReason.CONSENT_MISSING, "says no in the column " + CONSENT));
        }
        for (String column : rules.required()) {
            if (!row.known().containsKey(column)) {
                return unknown(column);
            }
        }
        for (String column : rules.numeric()) {
            String value = row.known().get(column);
            if (value == null) {
                return unknown(column);
            }
            if (!isNumber(value)) {
                return Optional.of(new Finding(
                        RejectionReason.PHENOTYPE_NOT_A_NUMBER, "holds no finite number in the column " + column));
            }
        }
        for (Map.Entry<String, List<String>> column : rules.classes().entrySet()) {
            String value = row.known().get(column.getKey());
            if (value == null) {
                return unknown(column.getKey());
            }
            if (!column.getValue().contains(value)) {
                return Optional.of(new Finding(
                        RejectionReason.PHENOTYPE_OTHER_CLASS,
                        "holds none of " + String.join(", ", column.getValue()) + " in the column " + column.getKey()));
            }
        }
        return Optional.empty();
    }

    static boolean isNumber(String value) {
        return NUMBER.matcher(value).matches() && Double.isFinite(Double.parseDouble(value));
    }

    private static Optional<Finding> unknown(String column) {
        return Optional.of(new Finding(RejectionReason.PHENOTYPE_MISSING, "holds nothing in the column " + column));
    }
}
