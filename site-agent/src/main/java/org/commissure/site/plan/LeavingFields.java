package org.commissure.site.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.SitePolicy;

/** Which fields of the hospital a study makes leave, and in which form. The names are those in log entries. */
public final class LeavingFields {
    private static final String WEIGHT = "weight (patients, rounded down to eights)";
    private static final String EACH = "each attempt";

    private LeavingFields() {}

    /** How a field leaves. */
    public enum Form {
        CLEAR,
        /** Only the sum over at least three sites can be opened. */
        MASKED,
        NEVER
    }

    /** @param when how often, for a reader */
    public record Field(String name, Form form, String when) {}

    /** All of them: in clear, masked, and what never leaves. */
    public static List<Field> of(Study study, SitePolicy policy) {
        List<Field> fields = new ArrayList<>();
        clear(fields, "site name, IP address, times", "always");
        clear(fields, "public keys, signatures, votes, sealed shares", EACH);
        clear(fields, "commitment to the cohort and its split (hashes under a secret salt)", "once in a run");
        fields.add(
                policy.cohortCountsEpsilon() > 0
                        ? new Field(
                                "number of admitted patients, noised at epsilon " + policy.cohortCountsEpsilon(),
                                Form.CLEAR,
                                "once in a run, the same for the same cohort")
                        : new Field("number of admitted patients", Form.NEVER, "leaving.cohort_counts_epsilon is 0"));
        clear(fields, "whether the study's cost fits the budget: yes or no", "when asked before a run");
        clear(fields, "size of the log that this site saw, its cosignature or refusal", "while connected");
        clear(fields, "acceptance, or refusal and the rule", EACH);
        clear(fields, "hash and size of the masked vector", EACH);
        clear(fields, "clip norm, noise, sampling rate, steps, delta", "each charge");
        fields.add(optional(ClearField.EPSILON, "epsilon spent and left", "each charge", policy));
        fields.add(optional(ClearField.REASON, "reason of a refusal or failure", "when it happens", policy));
        fields.add(optional(ClearField.PROGRESS, "progress in tenths", "while working", policy));
        fields.add(optional(ClearField.AGENT_VERSION, "version of the agent", "each connection", policy));
        StudySums.kinds(study)
                .forEach(kind -> masked(study, kind)
                        .forEach(name -> fields.add(new Field(name, Form.MASKED, "each sum " + kind))));
        if (study.published().isEmpty() && study.training().local().isPresent()) {
            fields.add(new Field("this site's own tensors", Form.NEVER, ""));
        }
        for (String name : List.of(
                "series and structural connectomes",
                "participant ids and participants.tsv",
                "exact cohort size",
                "why a patient was not admitted, who withdrew",
                "the site's own loss, and its scores under its name",
                "policy, ledger, private keys, the split's salt")) {
            fields.add(new Field(name, Form.NEVER, ""));
        }
        return List.copyOf(fields);
    }

    /** What one sum of that kind holds of this site, masked. */
    public static List<String> masked(Study study, SumKind kind) {
        return switch (kind) {
            case TRAIN -> training(study);
            case EVALUATE ->
                study.regional().isPresent()
                        ? List.of("external patients", "r, KS, totals and squares of each candidate")
                        : study.phenotype().isPresent() || study.finetune().isPresent()
                                ? List.of("sums of truth, prediction and error over the external patients, by model"
                                        + study.finetune()
                                                .map(plan -> ", of the column "
                                                        + plan.target().column())
                                                .orElse(""))
                                : reconstruction(study);
            case STATISTICS -> statistics(study);
            case FIT ->
                study.phenotype()
                        .or(study::baselines)
                        .map(plan -> List.of("number of patients", products(plan)))
                        .orElse(List.of("parameters, where this site is elected"));
            case REFINE ->
                study.phenotype().or(study::baselines).isPresent()
                        ? List.of("gradient and Hessian of the likelihood")
                        : List.of("this site's parameters and their products");
            case OVERLAP -> List.of("keyed hash of each patient's series, counted by bucket");
            case SCALE -> List.of("histogram of each feature");
            case HARMONISE ->
                List.of("number of patients", "sums and products of covariates and features within the site");
            case SUM_KIND_UNSPECIFIED, UNRECOGNIZED -> List.of();
        };
    }

    /** Names the column of {@code participants.tsv} that an update is learnt from. */
    private static String learnt(Study study) {
        return study.finetune()
                .map(plan -> ", learnt from the column " + plan.target().column()
                        + (plan.trainable() == FineTunePlan.Trainable.HEAD ? " (head alone)" : " (head and encoder)"))
                .orElse("");
    }

    private static List<String> training(Study study) {
        String noised = study.privacy().mode() == Study.PrivacyMode.NONE ? " WITHOUT noise" : "";
        String clipped = noised.isEmpty() ? "clipped, noised " : "";
        String part = study.training().local().isPresent()
                        || study.training().partial().isPresent()
                ? " of the shared tensors"
                : "";
        List<String> names = new ArrayList<>();
        if (study.privacy().mode() == Study.PrivacyMode.DISTRIBUTED) {
            names.add("clipped, noised gradient" + part + learnt(study));
            if (study.privacy().adaptiveClipping()) {
                names.add("noised count of unclipped patients");
            }
            return List.copyOf(names);
        }
        names.add(clipped + "model update" + part + noised + learnt(study));
        if (study.training().hasControl()) {
            names.add("change of this site's mean gradient" + part + (noised.isEmpty() ? ", noised" : noised));
        }
        names.add(WEIGHT);
        return List.copyOf(names);
    }

    private static List<String> reconstruction(Study study) {
        List<String> names = new ArrayList<>(List.of(
                "error sums over the external patients and bootstrap replicates of them",
                "error sums over subgroups of ten patients and more",
                "this site's score, as one unnamed count among all sites' and in their mean"));
        if (study.comparesSingleSites()) {
            names.add("in the last round the same error sums of a model that this site trains alone, WITHOUT noise");
        }
        return List.copyOf(names);
    }

    private static List<String> statistics(Study study) {
        String noised = study.privacy().mode() == Study.PrivacyMode.NONE ? "" : "noised ";
        List<String> names = new ArrayList<>(
                List.of(noised + "number of patients", noised + "connectivity sums", noised + "FCD histogram"));
        study.regional().ifPresent(plan -> {
            plan.siteStructure().ifPresent(own -> names.add(noised + "sum of structural connectomes"));
            plan.maps().ifPresent(maps -> maps.names().forEach(map -> names.add(noised + "sum of " + map + " maps")));
        });
        return List.copyOf(names);
    }

    /** Names the columns of {@code participants.tsv} that enter the products. */
    private static String products(PhenotypePlan plan) {
        return "sums and products of features and "
                + plan.columns().stream().map(PhenotypePlan.Column::column).collect(Collectors.joining(", "))
                + " by fold, WITHOUT noise";
    }

    private static void clear(List<Field> fields, String name, String when) {
        fields.add(new Field(name, Form.CLEAR, when));
    }

    private static Field optional(ClearField field, String name, String when, SitePolicy policy) {
        return policy.mayLeave(field)
                ? new Field(name, Form.CLEAR, when)
                : new Field(name, Form.NEVER, "not in leaving.in_clear");
    }
}
