package org.commissure.coordinator.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.dp.NoisedCount;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;

/** A finished run of four sites with its signed log: round 2 lost one site, round 3 was aborted. */
final class ReportFixture {
    static final String RUN = "run-1";
    static final List<String> SITES = List.of("NYU", "PITT", "UM1", "YALE");
    static final String SEALED = "ab".repeat(32);

    private final FederationAuthority authority;
    private final Path folder;
    private final TreeMap<String, SigningIdentity> actors = new TreeMap<>();
    private final List<Signed> entries = new ArrayList<>();
    private final List<X509Certificate> certificates = new ArrayList<>();

    ReportFixture(Path folder) {
        this.folder = folder;
        this.authority = FederationAuthority.create(folder.resolve("authority"), "demo", Clock.systemUTC());
        actors.put("coordinator", authority.issueSigning(Role.COORDINATOR, "coordinator"));
        SITES.forEach(site -> actors.put(site, authority.issueSigning(Role.SITE, site)));
    }

    Path log() {
        return folder.resolve("log");
    }

    LogEntries entry(String actor, String action, int round) {
        return LogEntries.of(action, Outcome.DONE, Instant.now())
                .actor(actor)
                .run(RUN)
                .round(round);
    }

    void append(String signer, LogEntries entry) {
        SigningIdentity identity = Objects.requireNonNull(actors.get(signer));
        entries.add(identity.sign(entry.build()));
        certificates.add(identity.certificate());
    }

    ReportFixture charge(String site, int round, String epsilon) {
        append(
                site,
                entry(site, Actions.PRIVACY_CHARGED, round)
                        .fact("delta", "1.0E-5")
                        .fact("epsilon_spent", epsilon)
                        .fact("epsilon_left", "6.5"));
        return this;
    }

    void usualSeals() {
        for (String site : SITES) {
            append(
                    site,
                    new NoisedCount(63, 0.5)
                            .state(entry(site, Actions.COHORT_SEALED, 0).fact("external_sha256", SEALED)));
        }
    }

    /** Seals and charges of every site, and the abort of round 3. */
    ReportFixture usualEntries() {
        usualSeals();
        for (String site : SITES) {
            charge(site, 1, "0.8001").charge(site, 2, "1.2003");
        }
        append(
                "coordinator",
                entry("coordinator", Actions.SUM_ABORTED, 3)
                        .fact("sum", "TRAIN")
                        .detail("two sites of four answered; 3 are needed"));
        append(
                "coordinator",
                entry("coordinator", Actions.SUM_ABORTED, 2)
                        .fact("sum", "EVALUATE")
                        .detail("the vote took too long"));
        return this;
    }

    void writeLog() {
        try (TransparencyLog log = TransparencyLog.create(
                log(), "commissure.org/demo", authority.certificate(), folder.resolve("log-key"))) {
            log.append(entries, certificates);
        }
    }

    static RunSummary summary() {
        return summary("", "study");
    }

    static RunSummary summary(String reason, String study) {
        List<RoundSummary> history = List.of(
                round(0, RoundOutcome.INITIAL, List.of(), -0.02),
                round(1, RoundOutcome.RELEASED, SITES, 0.14),
                new RoundSummary(2, RoundOutcome.RELEASED, 1, List.of("NYU", "PITT", "UM1"), 11, null, "22".repeat(32)),
                new RoundSummary(3, RoundOutcome.ABORTED, 3, List.of(), 30, null, "22".repeat(32)),
                round(4, RoundOutcome.RELEASED, SITES, 0.31));
        return new RunSummary(
                RUN,
                RunOutcome.FINISHED,
                reason,
                study,
                4,
                4,
                "EVALUATE",
                "released",
                1,
                List.of(),
                null,
                null,
                SITES.stream()
                        .map(site -> new SiteSummary(site, true, "idle", 1, 4_321_000))
                        .toList(),
                history);
    }

    private static RoundSummary round(int round, RoundOutcome outcome, List<String> survivors, double r2) {
        EvaluationSummary scores = new EvaluationSummary(r2, 1 - r2, -0.031, 1.031, 0.1234, 0.8766, 1_234_567, 78, 4);
        return new RoundSummary(round, outcome, 1, survivors, 9.5, scores, (round + "" + round).repeat(32));
    }

    static StudyFile study() {
        return study("A study", "testing the report");
    }

    static StudyFile study(String name, String purpose) {
        return StudyFile.parse("""
                [study]
                name = '''%s'''
                purpose = '''%s'''
                [rounds]
                count = 4
                maximum_attempts = 3
                server_learning_rate = 1.0
                [quorum]
                minimum_sites = 3
                maximum_colluders = 1
                [deadlines]
                invite_seconds = 10
                keys_seconds = 10
                upload_seconds = 60
                vote_seconds = 10
                unmask_seconds = 10
                reconnect_grace_seconds = 5
                [secure_aggregation]
                ring_bits = 32
                update_bound = 1.0
                scale_log2 = 20
                maximum_weight = 64
                [privacy]
                mode = "local"
                clip_norm = 1.0
                noise_multiplier = 1.0
                sampling_rate = 0.1
                delta = 1e-5
                [training]
                local_steps = 4
                optimiser = "adam"
                learning_rate = 0.001
                momentum = 0.0
                mask_ratio = 0.5
                update_clip_norm = 1.0
                seed = 1
                [model]
                preset = "commissure-small"
                parcels = 2
                window_frames = 20
                patch_frames = 10
                hidden = 8
                encoder_layers = 1
                decoder_layers = 1
                heads = 2
                feed_forward = 16
                initialisation_seed = 1
                coordinates_millimetres = [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
                [evaluation]
                external_fraction = 0.2
                mask_ratio = 0.5
                windows_per_patient = 1
                mask_seed = 7
                """.formatted(name, purpose));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
