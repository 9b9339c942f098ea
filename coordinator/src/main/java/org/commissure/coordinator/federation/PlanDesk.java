package org.commissure.coordinator.federation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.storage.PlanStore;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.StudyPlan;

/**
 * Signs plans of studies, sends them to every site, and keeps what sites say about them. A plan is in force by the
 * word of each site alone: what is kept here is for the operator to read, and no run asks it. Thread-safe.
 */
final class PlanDesk {
    /** Of a plan that 'run start' had to publish itself. */
    private static final Duration USUAL_LIFE = Duration.ofDays(365);

    private static final Set<String> DECISIONS =
            Set.of(Actions.PLAN_APPROVED, Actions.PLAN_REFUSED, Actions.PLAN_REVOKED);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String federation;
    private final SigningIdentity signing;
    private final PlanStore store;
    private final LogPublisher log;
    private final SiteConnections connections;
    private final Clock clock;

    PlanDesk(
            String federation,
            SigningIdentity signing,
            PlanStore store,
            LogPublisher log,
            SiteConnections connections,
            Clock clock) {
        this.federation = federation;
        this.signing = signing;
        this.store = store;
        this.log = log;
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * @param legalBasis may be empty
     * @param codeSha256 empty, or 32 bytes
     * @throws UserError if the study cannot be used or a value cannot be meant
     */
    void publish(String studyText, String legalBasis, ByteString codeSha256, Duration life) {
        if (codeSha256.size() != 0 && codeSha256.size() != 32) {
            throw new UserError("the code hash has " + codeSha256.size() + " bytes", "give 64 hex digits");
        }
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(Duration.ofDays(3650)) > 0) {
            throw new UserError("a plan cannot live " + life, "choose one day to ten years");
        }
        StudyFile study;
        try {
            study = StudyFile.parse(studyText);
        } catch (StudyException e) {
            throw new UserError("the study file: " + e.getMessage(), "correct the key and publish it again", e);
        }
        Instant now = clock.instant();
        StudyPlan plan = StudyPlan.newBuilder()
                .setFederationId(federation)
                .setStudyText(studyText)
                .setLegalBasis(legalBasis.strip())
                .setCodeSha256(codeSha256)
                .setCreatedUnixMs(now.toEpochMilli())
                .setExpiresUnixMs(now.plus(life).toEpochMilli())
                .build();
        Signed signed = signing.sign(plan);
        ByteString sha256 = SignedMessages.sha256(signed.getPayload());
        store.publish(
                new PlanStore.Plan(sha256, signed, now.toEpochMilli()),
                LogEntries.of(Actions.PLAN_PUBLISHED, Outcome.DONE, now)
                        .actor(CertificateName.COORDINATOR)
                        .detail(study.study().study().name())
                        .fact("plan_sha256", hex(sha256))
                        .fact("study_sha256", HexFormat.of().formatHex(study.sha256()))
                        .fact("purpose", study.study().study().purpose())
                        .fact("legal_basis", legalBasis.isBlank() ? "not stated" : legalBasis.strip())
                        .fact("code_sha256", codeSha256.isEmpty() ? "any that a site approves" : hex(codeSha256))
                        .fact(
                                "expires",
                                Instant.ofEpochMilli(plan.getExpiresUnixMs()).toString())
                        .build());
        log.publish();
        CoordinatorFrame frame = frame(signed);
        connections.connected().forEach(site -> connections.send(site, frame));
    }

    /** Publishes the study unless there is a plan of exactly it in force, so that sites have something to approve. */
    void ensure(String studyText) {
        boolean there = store.plans().stream()
                .map(PlanDesk::plan)
                .anyMatch(plan -> plan.getStudyText().equals(studyText) && inForce(plan));
        if (!there) {
            publish(studyText, "", ByteString.EMPTY, USUAL_LIFE);
        }
    }

    /** All plans, newest first. */
    List<StudyPlan> published() {
        return store.plans().stream().map(PlanDesk::plan).toList();
    }

    /** The different studies whose plans' hashes begin with {@code digits}. */
    List<String> texts(String digits) {
        return store.plans().stream()
                .filter(row -> hex(row.sha256()).startsWith(digits.toLowerCase(Locale.ROOT)))
                .map(row -> plan(row).getStudyText())
                .distinct()
                .toList();
    }

    /** Names of the sites whose last word about a plan in force of exactly that study is that they approve it. */
    Set<String> approvedBy(String studyText) {
        return store.plans().stream()
                .filter(row -> plan(row).getStudyText().equals(studyText) && inForce(plan(row)))
                .flatMap(row -> store.decisions(row.sha256()).stream())
                .filter(decision -> decision.action().equals(Actions.PLAN_APPROVED))
                .map(PlanStore.Decision::site)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a site that connects may not have heard of. */
    List<CoordinatorFrame> greeting() {
        return store.plans().reversed().stream()
                .filter(row -> inForce(plan(row)))
                .map(row -> frame(row.signed()))
                .toList();
    }

    /** Takes a site's entry for the log; only those about plans matter here. */
    void heard(String site, LogEntry entry) {
        if (DECISIONS.contains(entry.getAction())) {
            try {
                store.decided(
                        ByteString.copyFrom(HexFormat.of().parseHex(fact(entry, "plan_sha256"))),
                        new PlanStore.Decision(site, entry.getAction(), entry.getDetail(), entry.getTimeUnixMs()));
            } catch (IllegalArgumentException e) {
                return; // names no plan: the log has it, and nobody else needs it
            }
        }
    }

    /** All plans, newest first, with the word of every enrolled site. @param sites enrolled ones */
    String json(List<String> sites) {
        List<Map<String, Object>> plans = new ArrayList<>();
        for (PlanStore.Plan row : store.plans()) {
            StudyPlan plan = plan(row);
            StudyFile study = StudyFile.parse(plan.getStudyText());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("plan_sha256", hex(row.sha256()));
            facts.put("study", study.study().study().name());
            facts.put("study_sha256", HexFormat.of().formatHex(study.sha256()));
            facts.put("purpose", study.study().study().purpose());
            facts.put("legal_basis", plan.getLegalBasis());
            facts.put("code_sha256", hex(plan.getCodeSha256()));
            facts.put("published", Instant.ofEpochMilli(row.publishedUnixMs()).toString());
            facts.put("expires", Instant.ofEpochMilli(plan.getExpiresUnixMs()).toString());
            facts.put("expired", !inForce(plan));
            facts.put("sites", words(row.sha256(), sites));
            plans.add(facts);
        }
        try {
            return JSON.writeValueAsString(Map.of("plans", plans));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("facts are maps, lists and strings", e);
        }
    }

    private List<Map<String, Object>> words(ByteString plan, List<String> sites) {
        List<PlanStore.Decision> decisions = store.decisions(plan);
        List<Map<String, Object>> words = new ArrayList<>();
        for (String site : sites) {
            Map<String, Object> word = new LinkedHashMap<>();
            word.put("site", site);
            word.put("decision", "none");
            decisions.stream().filter(each -> each.site().equals(site)).forEach(decision -> {
                word.put("decision", decision.action().replace("plan.", ""));
                word.put("reason", decision.reason());
                word.put("when", Instant.ofEpochMilli(decision.decidedUnixMs()).toString());
            });
            words.add(word);
        }
        return words;
    }

    private boolean inForce(StudyPlan plan) {
        return clock.millis() < plan.getExpiresUnixMs();
    }

    private static String fact(LogEntry entry, String name) {
        return entry.getFactList().stream()
                .filter(fact -> fact.getName().equals(name))
                .map(Fact::getValue)
                .findFirst()
                .orElse("");
    }

    private static CoordinatorFrame frame(Signed plan) {
        return CoordinatorFrame.newBuilder().setStudyPlan(plan).build();
    }

    private static StudyPlan plan(PlanStore.Plan row) {
        try {
            return StudyPlan.parseFrom(row.signed().getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a plan in the database cannot be read", e);
        }
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
