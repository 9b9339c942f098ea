package org.commissure.site.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.policy.SitePolicy.Refusal;

/**
 * Holds what a study asks against the policy. Asked at every invitation, before anything is computed. Budget
 * and cohort, which need the ledger and the data, are asked separately.
 */
public final class PolicyReview {
    private final SitePolicy policy;

    public PolicyReview(SitePolicy policy) {
        this.policy = policy;
    }

    /** What the policy calls a sum of that kind. */
    public static String task(SumKind kind) {
        return kind == SumKind.EVALUATE ? "evaluate" : "train";
    }

    /** Empty where {@code study} may ask this site for a sum of that kind now. */
    public Optional<Refusal> refusal(Study study, SumKind kind, Instant now) {
        return time(now).or(() -> study(study, kind));
    }

    /** Whether a sum may begin at {@code now}. */
    public Optional<Refusal> time(Instant now) {
        if (policy.isOver(now)) {
            return refuse(
                    "allowed.until",
                    "this site's policy allows nothing after "
                            + policy.allowed().until().orElseThrow());
        }
        return policy.hours()
                .filter(hours -> !hours.isOpen(now))
                .map(hours -> new Refusal(
                        "hours.open",
                        "this site takes part only at its own hours, " + hours.words(),
                        "start the run again from "
                                + hours.opensAfter(now)
                                        .truncatedTo(ChronoUnit.MINUTES)
                                        .toOffsetDateTime()
                                + " on, or ask the site's privacy officer about hours.open in its policy.toml"));
    }

    /** Whether the policy knows this code. @param sha256 hex */
    public Optional<Refusal> code(String sha256) {
        return listed(policy.allowed().code(), sha256)
                ? Optional.empty()
                : refuse("allowed.code", "this site's policy does not allow its agent's code " + shortened(sha256));
    }

    /** Whether the policy knows this cohort. @param commitment hex */
    public Optional<Refusal> data(String commitment) {
        return listed(policy.allowed().data(), commitment)
                ? Optional.empty()
                : refuse("allowed.data", "this site's policy does not allow the data that its folder holds now");
    }

    private static boolean listed(Optional<List<String>> allowed, String hash) {
        return allowed.map(hashes -> hashes.contains(SitePolicy.ANY) || hashes.contains(hash))
                .orElse(true);
    }

    /** Whether the policy allows what the study asks in a sum of that kind, at any hour. */
    public Optional<Refusal> study(Study study, SumKind kind) {
        String task = task(kind);
        if (!policy.allowed().tasks().contains(task)) {
            return refuse("allowed.tasks", "this site's policy does not allow the task '" + task + "'");
        }
        String purpose = study.study().purpose();
        if (!policy.allowed().purposes().contains(SitePolicy.ANY)
                && !policy.allowed().purposes().contains(purpose)) {
            return refuse("allowed.purposes", "this site's policy does not allow the purpose '" + purpose + "'");
        }
        SitePolicy.SecureAggregation sums = policy.secureAggregation();
        if (study.quorum().minimumSites() < sums.minimumSites()) {
            return refuse(
                    "secure_aggregation.minimum_sites",
                    "the study would release a sum of " + study.quorum().minimumSites()
                            + " sites, and this site's policy asks for at least " + sums.minimumSites());
        }
        if (study.quorum().maximumColluders() < sums.minimumColluders()) {
            return refuse(
                    "secure_aggregation.minimum_colluders",
                    "the study withstands " + study.quorum().maximumColluders()
                            + " colluding sites, and this site's policy asks for at least " + sums.minimumColluders());
        }
        if (study.comparesSingleSites() && !policy.privacy().allowNoNoise()) {
            // Said before the first round, not when the scores are due.
            return refuse(
                    "privacy.allow_no_noise",
                    "the study scores a model that this site trains alone (evaluation.single_site); its errors follow"
                            + " from training patients without noise, which this site's policy forbids");
        }
        return kind == SumKind.EVALUATE ? Optional.empty() : trainingRefusal(study.privacy());
    }

    private Optional<Refusal> trainingRefusal(Study.Privacy asked) {
        if (asked.mode() == Study.PrivacyMode.NONE) {
            return policy.privacy().allowNoNoise()
                    ? Optional.empty()
                    : refuse(
                            "privacy.allow_no_noise",
                            "the study trains without differential privacy, which this site's policy forbids");
        }
        if (asked.delta() > policy.privacy().maximumDelta()) {
            return refuse(
                    "privacy.maximum_delta",
                    String.format(
                            Locale.ROOT,
                            "the study's delta %.1e exceeds the %.1e of this site's policy",
                            asked.delta(),
                            policy.privacy().maximumDelta()));
        }
        return Optional.empty();
    }

    private static String shortened(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length()));
    }

    private static Optional<Refusal> refuse(String rule, String reason) {
        return Optional.of(new Refusal(
                rule,
                reason,
                "change the study, or ask the site's privacy officer about " + rule + " in its policy.toml"));
    }
}
