package org.commissure.privacy.audit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;

/** A federation with two sites and a log in a temporary folder. */
final class LogFixture {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String ORIGIN = "commissure/net";

    final FederationAuthority authority;
    final SigningIdentity coordinator;
    final SigningIdentity nyu;
    final Path log;
    final Path key;
    private final Path home;

    LogFixture(Path home) {
        this.home = home;
        this.log = home.resolve("log");
        this.key = home.resolve("keys/log.key");
        this.authority = FederationAuthority.create(home.resolve("ca"), "net", CLOCK);
        this.coordinator = authority.issueSigning(Role.COORDINATOR, "coordinator");
        this.nyu = authority.issueSigning(Role.SITE, "NYU");
    }

    TransparencyLog create() {
        return TransparencyLog.create(log, ORIGIN, authority.certificate(), key);
    }

    TransparencyLog open() {
        return TransparencyLog.open(log, key);
    }

    /** A log with entries {@code 0 .. count-1} in one append, closed. */
    void createWith(int count) {
        try (TransparencyLog created = create()) {
            append(created, 0, count);
        }
    }

    void append(TransparencyLog to, int from, int count) {
        to.append(entries(from, count), List.of(coordinator.certificate(), nyu.certificate()));
    }

    /** Numbered entries: even ones by the coordinator, odd ones by NYU. */
    List<Signed> entries(int from, int count) {
        List<Signed> entries = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            entries.add(entry(i % 2 == 0 ? coordinator : nyu, NOW.plusMillis(i), "entry " + i));
        }
        return entries;
    }

    static Signed entry(SigningIdentity actor, Instant time, String detail) {
        return actor.sign(LogEntries.of(Actions.SUM_STARTED, Outcome.DONE, time)
                .actor(actor.name())
                .run("run-1")
                .round(1)
                .attempt(1)
                .phase("TRAIN")
                .detail(detail)
                .fact("threshold", 3)
                .fact("sites", "NYU PITT")
                .build());
    }

    /** NYU's witness, whose key the log knows of once {@link #introduce} was called. */
    Witness witness() {
        return Witness.open(home.resolve("witness"), "NYU", verifierKey());
    }

    String verifierKey() {
        return new LogLayout(log).readVerifierKey().text();
    }

    void introduce(TransparencyLog to, Witness witness) {
        to.append(
                List.of(nyu.sign(LogEntries.of(Actions.WITNESS_KEY, Outcome.DONE, NOW)
                        .actor("NYU")
                        .fact(Cosignatures.KEY_FACT, witness.verifierKey())
                        .build())),
                List.of(nyu.certificate()));
    }

    /** Has the witness cosign the newest checkpoint. */
    static void cosign(TransparencyLog log, Witness witness, Instant time) {
        CheckpointOffer offer = log.offer(witness.size());
        if (!(witness.judge(offer, time) instanceof WitnessAnswer.Cosigned agreed)
                || !log.cosigned("NYU", offer.note(), agreed.line())) {
            throw new AssertionError("the witness should have cosigned");
        }
    }

    /** The entries of one released sum in which NYU and others took part, as rounds write them. */
    List<Signed> sum(String run, int round, String kind, String sha256, String survivors) {
        return List.of(
                nyu.sign(of(Actions.UPDATE_MASKED, "NYU", run, round)
                        .fact("kind", kind)
                        .fact("privacy", kind.equals("TRAIN") ? "local" : "sum only")
                        .fact("sha256", sha256)
                        .fact("bytes", 4096)
                        .build()),
                coordinator.sign(of(Actions.UPLOAD_COMPLETED, "coordinator", run, round)
                        .fact("sum", kind)
                        .fact("bytes", 4096)
                        .fact("masked_sha256", sha256)
                        .fact("site", "NYU")
                        .build()),
                coordinator.sign(of(Actions.SURVIVORS_AGREED, "coordinator", run, round)
                        .fact("sum", kind)
                        .fact("survivors", survivors)
                        .fact("voters", survivors)
                        .build()),
                coordinator.sign(of(Actions.SUM_RELEASED, "coordinator", run, round)
                        .fact("sum", kind)
                        .fact("sum_sha256", "ab".repeat(32))
                        .fact("survivors", survivors)
                        .build()));
    }

    private static LogEntries of(String action, String actor, String run, int round) {
        return LogEntries.of(action, Outcome.DONE, NOW.plusSeconds(round))
                .actor(actor)
                .run(run)
                .round(round)
                .attempt(1);
    }

    /** Puts a copy of {@code folder} in a fresh place. */
    Path copy(Path folder, String name) throws IOException {
        Path target = home.resolve(name);
        delete(target);
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target.resolve(folder.relativize(dir)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(folder.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
        return target;
    }

    static List<Path> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(".lock"))
                    .map(folder::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
