package org.commissure.site.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.commissure.protocol.config.OpeningHours;

/**
 * What this hospital allows, as its {@code policy.toml} states it. The coordinator cannot change it
 * and never sees it; it learns the reason of a refusal only. A table that is left out means what {@link PolicyFile#DEFAULT}
 * says of it. {@link PolicyReview} holds a study against it.
 */
public record SitePolicy(
        Allowed allowed,
        Privacy privacy,
        SecureAggregation secureAggregation,
        Cohort cohort,
        Optional<OpeningHours> hours,
        Optional<Leaving> leaving,
        Optional<Approval> approval) {

    /** With less the noise is thousands of patients wide. */
    private static final double SMALLEST_COUNT_EPSILON = 0.001;

    /** With more the noise is hardly ever one patient. */
    private static final double LARGEST_COUNT_EPSILON = 4;

    /** In a list: whatever it may be. */
    static final String ANY = "*";

    /**
     * @param purposes the study purposes for which the data may be used; {@code "*"} is any
     * @param tasks {@code "train"} and {@code "evaluate"}, or one of them
     * @param code SHA-256 (hex) of the agents' code that may work here; any where absent
     * @param data commitments (hex) to the cohorts that may be used, as {@code site plans show} prints them; any where absent
     * @param until last day, on the zone's calendar, on which anything is allowed; for ever where absent
     */
    public record Allowed(
            List<String> purposes,
            List<String> tasks,
            Optional<List<String>> code,
            Optional<List<String>> data,
            Optional<String> until) {
        public Allowed {
            purposes = List.copyOf(purposes);
            tasks = List.copyOf(tasks);
            for (String task : tasks) {
                if (!task.equals("train") && !task.equals("evaluate")) {
                    throw wrong("allowed.tasks", "names '" + task + "'", "use \"train\" and \"evaluate\" only");
                }
            }
            code.ifPresent(hashes -> hashes("allowed.code", hashes));
            data.ifPresent(hashes -> hashes("allowed.data", hashes));
            try {
                until.ifPresent(LocalDate::parse);
            } catch (DateTimeException e) {
                throw wrong("allowed.until", "is '" + until.get() + "'", "write a day, for example \"2027-06-30\"");
            }
        }

        private static void hashes(String key, List<String> hashes) {
            for (String hash : hashes) {
                if (!hash.equals(ANY) && !hash.matches("[0-9a-f]{64}")) {
                    throw wrong(key, "names '" + hash + "'", "write 64 lower-case hex digits, or \"*\" for any");
                }
            }
        }
    }

    /**
     * @param epsilonBudget all that may ever be spent on this cohort, over all studies
     * @param maximumDelta a study with a larger δ is refused; ε is accounted at the study's δ
     * @param allowNoNoise whether a study without differential privacy may train here
     */
    public record Privacy(double epsilonBudget, double maximumDelta, boolean allowNoNoise) {
        public Privacy {
            positive("privacy.epsilon_budget", epsilonBudget);
            positive("privacy.maximum_delta", maximumDelta);
        }
    }

    /**
     * @param minimumSites no sum with fewer parties, and none with a smaller quorum
     * @param minimumThreshold fewest sites whose shares may open a secret
     * @param minimumColluders a study must withstand at least so many sites that collude with the coordinator
     */
    public record SecureAggregation(int minimumSites, int minimumThreshold, int minimumColluders) {
        public SecureAggregation {
            if (minimumSites < 3) {
                throw wrong(
                        "secure_aggregation.minimum_sites",
                        "is " + minimumSites,
                        "use 3 or more: in a sum of two, each knows the other's update");
            }
            if (minimumThreshold < 2) {
                throw wrong("secure_aggregation.minimum_threshold", "is " + minimumThreshold, "use 2 or more");
            }
            if (minimumColluders < 1) {
                throw wrong("secure_aggregation.minimum_colluders", "is " + minimumColluders, "use 1 or more");
            }
        }
    }

    /** @param minimumPatients fewer admitted patients than this, internal and external together, take no part */
    public record Cohort(int minimumPatients) {
        public Cohort {
            if (minimumPatients < 2) {
                throw wrong("cohort.minimum_patients", "is " + minimumPatients, "use 2 or more");
            }
        }
    }

    /**
     * @param inClear keys of {@link ClearField}; what is not named does not leave in clear
     * @param cohortCountsEpsilon ε of the noised number of admitted patients that is stated, once for each cohort; absent
     *     or 0: no number leaves and nothing is charged
     */
    public record Leaving(List<String> inClear, Optional<Double> cohortCountsEpsilon) {
        public Leaving {
            cohortCountsEpsilon.ifPresent(epsilon -> {
                if (!(epsilon == 0 || (epsilon >= SMALLEST_COUNT_EPSILON && epsilon <= LARGEST_COUNT_EPSILON))) {
                    throw wrong(
                            "leaving.cohort_counts_epsilon",
                            "is " + epsilon,
                            "write 0, so that no number leaves, or a number from " + SMALLEST_COUNT_EPSILON + " to "
                                    + LARGEST_COUNT_EPSILON);
                }
            });
            inClear = List.copyOf(inClear);
            for (String field : inClear) {
                if (!ClearField.keys().contains(field)) {
                    throw wrong(
                            "leaving.in_clear",
                            "names '" + field + "'",
                            "known are " + String.join(", ", ClearField.keys()));
                }
            }
        }
    }

    /**
     * @param required whether a steward must have approved a study's signed plan before it may do anything here
     * @param stewards how many different stewards must approve: 1, or 2 for the four-eyes rule
     * @param keys public keys of the stewards, {@code name:base64}, as {@code site stewards new} prints them; where there are
     *     none, whoever may write to the site's home may approve
     */
    public record Approval(boolean required, int stewards, List<String> keys) {
        public Approval {
            keys = List.copyOf(keys);
            if (stewards < 1 || stewards > 2) {
                throw wrong("approval.stewards", "is " + stewards, "use 1 or 2");
            }
            for (String key : keys) {
                if (!key.matches("[^:\\s]{1,64}:[A-Za-z0-9+/]{59}=")) {
                    throw wrong("approval.keys", "names '" + key + "'", "write what 'site stewards new' printed");
                }
            }
            if (stewards == 2
                    && keys.stream().map(key -> key.split(":", 2)[0]).distinct().count() < 2) {
                throw wrong(
                        "approval.keys",
                        "has fewer than two stewards, and two must approve",
                        "make a key for each with 'commissure site stewards new', and write both lines there");
            }
        }
    }

    /** Whether {@code field} may leave in clear; all may where the policy does not say. */
    public boolean mayLeave(ClearField field) {
        return leaving.map(allowed -> allowed.inClear().contains(field.key())).orElse(true);
    }

    /** ε of the number of admitted patients that may leave noised; 0 where none may. */
    public double cohortCountsEpsilon() {
        return leaving.flatMap(Leaving::cohortCountsEpsilon).orElse(0.0);
    }

    /** As the file says; required of one steward where it does not. */
    public Approval approvalRule() {
        return approval.orElseGet(() -> new Approval(true, 1, List.of()));
    }

    /** Whether {@code when} lies behind the policy's last day. */
    boolean isOver(Instant when) {
        return allowed.until()
                .map(day -> when.atZone(zone()).toLocalDate().isAfter(LocalDate.parse(day)))
                .orElse(false);
    }

    private ZoneId zone() {
        return ZoneId.of(hours.map(OpeningHours::zone).orElse("UTC"));
    }

    /** What was refused and why, by which rule, and what would change it. */
    public record Refusal(String rule, String reason, String remedy) {
        @Override
        public String toString() {
            return reason + " (rule: " + rule + "); " + remedy;
        }

        /** The same without the reason, where that may not leave. */
        public String ruleOnly() {
            return "refused by this site (rule: " + rule + "); ask the site's privacy officer";
        }
    }

    private static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw wrong(key, "is " + value, "write a positive number");
        }
    }

    private static PolicyException wrong(String key, String problem, String remedy) {
        return new PolicyException(key, problem, remedy);
    }
}
