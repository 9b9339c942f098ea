package org.commissure.site.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;

/**
 * What this hospital allows, as its {@code policy.toml} states it. The coordinator cannot change it
 * and never sees it; it learns the reason of a refusal only.
 */
public record SitePolicy(Allowed allowed, Privacy privacy, SecureAggregation secureAggregation, Cohort cohort) {

    /**
     * @param purposes the study purposes for which the data may be used; {@code "*"} is any
     * @param tasks {@code "train"} and {@code "evaluate"}, or one of them
     */
    public record Allowed(List<String> purposes, List<String> tasks) {
        public Allowed {
            purposes = List.copyOf(purposes);
            tasks = List.copyOf(tasks);
            for (String task : tasks) {
                if (!task.equals("train") && !task.equals("evaluate")) {
                    throw wrong("allowed.tasks", "names '" + task + "'", "use \"train\" and \"evaluate\" only");
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

    /** What was refused and why, and what would change it. */
    public record Refusal(String reason, String remedy) {
        @Override
        public String toString() {
            return reason + "; " + remedy;
        }
    }

    /** Empty where {@code study} may ask this site for a sum of that kind. The ledger is asked separately. */
    public Optional<Refusal> refusal(Study study, SumKind kind) {
        String task = kind == SumKind.EVALUATE ? "evaluate" : "train";
        if (!allowed.tasks().contains(task)) {
            return refuse("this site's policy does not allow the task '" + task + "'", "allowed.tasks");
        }
        String purpose = study.study().purpose();
        if (!allowed.purposes().contains("*") && !allowed.purposes().contains(purpose)) {
            return refuse("this site's policy does not allow the purpose '" + purpose + "'", "allowed.purposes");
        }
        if (study.quorum().minimumSites() < secureAggregation.minimumSites()) {
            return refuse(
                    "the study would release a sum of " + study.quorum().minimumSites()
                            + " sites, and this site's policy asks for at least " + secureAggregation.minimumSites(),
                    "secure_aggregation.minimum_sites");
        }
        if (study.quorum().maximumColluders() < secureAggregation.minimumColluders()) {
            return refuse(
                    "the study withstands " + study.quorum().maximumColluders()
                            + " colluding sites, and this site's policy asks for at least "
                            + secureAggregation.minimumColluders(),
                    "secure_aggregation.minimum_colluders");
        }
        return kind == SumKind.EVALUATE ? Optional.empty() : trainingRefusal(study.privacy());
    }

    private Optional<Refusal> trainingRefusal(Study.Privacy asked) {
        if (asked.mode() == Study.PrivacyMode.NONE) {
            return privacy.allowNoNoise()
                    ? Optional.empty()
                    : refuse(
                            "the study trains without differential privacy, which this site's policy forbids",
                            "privacy.allow_no_noise");
        }
        if (asked.delta() > privacy.maximumDelta()) {
            return refuse(
                    String.format(
                            Locale.ROOT,
                            "the study's delta %.1e exceeds the %.1e of this site's policy",
                            asked.delta(),
                            privacy.maximumDelta()),
                    "privacy.maximum_delta");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(String reason, String key) {
        return Optional.of(new Refusal(
                reason, "change the study, or ask the site's privacy officer about " + key + " in its policy.toml"));
    }

    private static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw wrong(key, "is " + value, "write a positive number");
        }
    }

    private static UserError wrong(String key, String problem, String remedy) {
        return new UserError("policy.toml: " + key + " " + problem, remedy);
    }
}
