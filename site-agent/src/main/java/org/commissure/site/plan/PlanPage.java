package org.commissure.site.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.commissure.protocol.study.Study;
import org.commissure.site.policy.SitePolicy;

/** A plan as a steward reads it. */
public record PlanPage(
        SignedPlan plan,
        PlanState state,
        Difference difference,
        List<LeavingFields.Field> fields,
        ApprovalTerms proposal,
        Optional<SitePolicy.Refusal> objection) {

    /** @param against id of the other plan; empty where no plan was approved before */
    public record Difference(String against, List<PlanDiff.Change> changes) {
        public static Difference between(SignedPlan before, SignedPlan after) {
            return new Difference(before.id(), PlanDiff.between(before, after));
        }

        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("against", against);
            facts.put("changes", changes);
            return facts;
        }

        public List<String> lines() {
            if (against.isEmpty()) {
                return List.of("no other plan was approved here before; everything in it is new");
            }
            if (changes.isEmpty()) {
                return List.of("nothing changes against plan " + against);
            }
            List<String> lines = new ArrayList<>();
            lines.add("against plan " + against + ":");
            for (PlanDiff.Change change : changes) {
                if (change.before().isEmpty()) {
                    lines.add("  + " + change.key() + " = " + change.after());
                } else if (change.after().isEmpty()) {
                    lines.add("  - " + change.key() + " = " + change.before());
                } else {
                    lines.add("  ~ " + change.key() + ": " + change.before() + " -> " + change.after());
                }
            }
            return lines;
        }
    }

    /** Reads every series once. @throws UserError if the data folder cannot be read */
    public static PlanPage of(StewardDesk desk, SignedPlan plan) {
        return of(desk, plan, desk.proposal(plan));
    }

    /** The same with a proposal that was made before. */
    public static PlanPage of(StewardDesk desk, SignedPlan plan, ApprovalTerms proposal) {
        return new PlanPage(
                plan,
                desk.state(plan),
                sinceLastApproval(desk, plan),
                LeavingFields.of(plan.study().study(), desk.policy()),
                proposal,
                desk.objection(plan, proposal));
    }

    /** Against the plan that was approved last. */
    public static Difference sinceLastApproval(StewardDesk desk, SignedPlan plan) {
        return desk.book()
                .lastApproved(plan)
                .map(before -> Difference.between(before, plan))
                .orElseGet(() -> new Difference("", List.of()));
    }

    /** What a list of plans says of one. */
    public static Map<String, Object> headline(SignedPlan plan, PlanState state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("plan_sha256", plan.hex());
        facts.put("state", state.status().label());
        facts.put("reason", state.reason());
        facts.put("study", plan.study().study().study().name());
        facts.put("purpose", plan.purpose());
        facts.put("legal_basis", plan.legalBasis());
        facts.put("expires", plan.expires().toString());
        facts.put("stewards", state.stewards());
        state.terms().ifPresent(terms -> facts.put("approved", terms(terms)));
        return facts;
    }

    public Map<String, Object> facts() {
        Map<String, Object> facts = headline(plan, state);
        facts.put("difference", difference.facts());
        facts.put(
                "fields",
                fields.stream()
                        .map(field -> Map.of(
                                "name",
                                field.name(),
                                "form",
                                field.form().name().toLowerCase(Locale.ROOT),
                                "when",
                                field.when()))
                        .toList());
        facts.put("would_approve", terms(proposal));
        facts.put("policy", objection.map(SitePolicy.Refusal::toString).orElse("allows it"));
        facts.put("study_keys", PlanDiff.facts(plan));
        return facts;
    }

    private static Map<String, Object> terms(ApprovalTerms terms) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("tasks", terms.tasks());
        facts.put("code_sha256", terms.code());
        facts.put("data_commitment", terms.data());
        facts.put("epsilon", terms.epsilon());
        facts.put("expires", terms.expires().toString());
        return facts;
    }

    public List<String> lines() {
        Study study = plan.study().study();
        List<String> lines = new ArrayList<>();
        lines.add("plan " + plan.hex());
        lines.add(
                "  stands         " + state.status().label() + (state.reason().isEmpty() ? "" : ": " + state.reason()));
        lines.add("  study          " + study.study().name());
        lines.add("  purpose        " + plan.purpose());
        lines.add("  legal basis    " + plan.legalBasis());
        lines.add("  until          " + plan.expires());
        lines.add("  privacy        mode " + study.privacy().mode().name().toLowerCase(Locale.ROOT)
                + (study.privacy().mode() == Study.PrivacyMode.NONE
                        ? ": NO DIFFERENTIAL PRIVACY"
                        : String.format(
                                Locale.ROOT,
                                ", epsilon at most %.4f at delta %.1e if every round counts once",
                                proposal.epsilon(),
                                study.privacy().delta())));
        lines.add("  your policy    "
                + objection.map(refusal -> "REFUSES IT: " + refusal).orElse("allows it"));
        lines.add("");
        lines.add("What changes");
        difference.lines().forEach(line -> lines.add("  " + line));
        for (LeavingFields.Form form : LeavingFields.Form.values()) {
            lines.add("");
            lines.add(
                    switch (form) {
                        case CLEAR -> "Leaves in clear";
                        case MASKED ->
                            "Leaves masked: only the sum over at least "
                                    + study.quorum().minimumSites() + " sites can be opened";
                        case NEVER -> "Never leaves";
                    });
            fields.stream()
                    .filter(field -> field.form() == form)
                    .forEach(field ->
                            lines.add("  " + field.name() + (field.when().isEmpty() ? "" : " (" + field.when() + ")")));
        }
        lines.add("");
        lines.add("Approving would bind");
        proposal.text().lines().skip(2).forEach(line -> lines.add("  " + line));
        return lines;
    }
}
