package org.commissure.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.storage.ConsoleIdentities.Identity;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The stores say the same on both databases. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class StoresTest {
    private static final String ISSUER = "https://login.example";
    private static final Clock CLOCK = Clock.systemUTC();
    private static final ByteString HASH = ByteString.copyFromUtf8("h".repeat(32));

    @Parameter
    private TestDatabase kind = TestDatabase.SQLITE;

    @TempDir
    private Path folder;

    private static final FederationAuthority AUTHORITY = create();
    private static final SigningIdentity SIGNING = AUTHORITY.issueSigning(Role.COORDINATOR, "coordinator");

    private Database database;
    private LogOutbox outbox;

    @BeforeEach
    void open() {
        database = kind.open(folder);
        outbox = new LogOutbox(database, SIGNING, AUTHORITY.certificate());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static LogEntry entry(String site) {
        return LogEntries.of(Actions.SITE_INVITED, Outcome.DONE, CLOCK.instant())
                .actor("coordinator")
                .fact("site", site)
                .build();
    }

    @Test
    void leavesAreGivenOutWithoutAGapWhoeverWritesAtTheSameTime() throws Exception {
        int writers = 6;
        int each = 10;
        try (ExecutorService pool = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        outbox.add(entry("S" + number));
                        int round = i;
                        assertThatThrownBy(() -> database.write(handle -> {
                                    outbox.add(handle, List.of(entry("never" + round)));
                                    throw new IllegalStateException("changed its mind");
                                }))
                                .hasMessage("changed its mind");
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(outbox.from(0, 1000))
                .extracting(LogOutbox.Row::leaf)
                .containsExactlyElementsOf(
                        LongStream.range(0, (long) writers * each).boxed().toList());
        assertThat(outbox.given()).isEqualTo((long) writers * each);
    }

    @Test
    void aLeafIsNeverGivenTwiceThoughItsRowIsForgotten() {
        outbox.add(entry("A"), entry("B"));
        outbox.forget(2);
        outbox.add(entry("C"));
        assertThat(outbox.from(0, 10)).extracting(LogOutbox.Row::leaf).containsExactly(2L);
    }

    @Test
    void anEntryThatIsSubmittedAgainHasItsLeafAlsoWhereBothComeAtOnce() throws Exception {
        Signed signed = SIGNING.sign(entry("A"));
        outbox.add(entry("before"));
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Long>> leaves = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                leaves.add(pool.submit(() -> outbox.submit(signed, SIGNING.certificate())));
            }
            for (Future<Long> leaf : leaves) {
                assertThat(leaf.get()).isEqualTo(1);
            }
        }
        assertThat(outbox.given()).isEqualTo(2);
    }

    @Test
    void whatTheDatabaseGaveOutGoesIntoTheLogOnce() {
        Path log = folder.resolve("log");
        Path key = folder.resolve("log.key");
        TransparencyLog.create(log, "commissure/net", AUTHORITY.certificate(), key)
                .close();
        outbox.add(entry("A"), entry("B"));
        try (TransparencyPublisher publisher = new TransparencyPublisher(outbox, TransparencyLog.open(log, key))) {
            publisher.publish();
            outbox.add(entry("C"));
            publisher.publish();
        }
        assertThat(outbox.from(0, 10)).isEmpty();
        try (TransparencyLog reopened = TransparencyLog.open(log, key)) {
            assertThat(reopened.size()).isEqualTo(3);
        }
    }

    @Test
    void anInvitationIsSpentExactlyIfTheSiteIsEnrolled() throws Exception {
        SiteRegistry registry = new SiteRegistry(database, outbox);
        byte[] token = HASH.toByteArray();
        EnrolledCertificates first = certificates();
        registry.invite("A", token, CLOCK.instant().plusSeconds(60), entry("A"));

        assertThatThrownBy(() ->
                        registry.enrol("B", token, CLOCK.instant(), StoresTest::certificates, issued -> entry("B")))
                .hasMessageContaining("not one that was issued");
        assertThatThrownBy(() -> registry.enrol(
                        "A",
                        token,
                        CLOCK.instant(),
                        () -> {
                            throw new IllegalStateException("no key");
                        },
                        issued -> entry("A")))
                .hasMessage("no key");
        registry.enrol("A", token, CLOCK.instant(), () -> first, issued -> entry("A"));
        assertThatThrownBy(() ->
                        registry.enrol("A", token, CLOCK.instant(), StoresTest::certificates, issued -> entry("A")))
                .hasMessageContaining("used before");
        assertThat(registry.sites()).singleElement().satisfies(site -> {
            assertThat(site.mayShow(first.tls())).isTrue();
            assertThat(site.tlsExpires()).isEqualTo(first.tls().getNotAfter().toInstant());
        });
        assertThat(outbox.given()).isEqualTo(2);
    }

    @Test
    void aSiteThatEnrolsAgainHasItsNewCertificatesOnlyAndOneThatRenewsKeepsTheOneItAskedWith() throws Exception {
        SiteRegistry registry = new SiteRegistry(database, outbox);
        EnrolledCertificates first = certificates();
        EnrolledCertificates second = certificates();
        EnrolledCertificates third = certificates();
        registry.enrol("A", first, CLOCK.instant(), entry("A"));
        registry.renew("A", first.tls(), second.tls(), Optional.of(second.signing()), entry("A"));
        assertThat(registry.site("A")).hasValueSatisfying(site -> {
            assertThat(site.mayShow(first.tls())).isTrue();
            assertThat(site.mayShow(second.tls())).isTrue();
            assertThat(site.signingCertificate()).isEqualTo(second.signing());
        });
        registry.enrol("A", third, CLOCK.instant(), entry("A"));
        assertThat(registry.site("A")).hasValueSatisfying(site -> {
            assertThat(site.mayShow(first.tls())).isFalse();
            assertThat(site.mayShow(second.tls())).isFalse();
            assertThat(site.mayShow(third.tls())).isTrue();
        });
    }

    @Test
    void aDenialRemovesTheSiteAndIsSeenByWhoeverLooksAgain() throws Exception {
        SiteRegistry registry = new SiteRegistry(database, outbox);
        CertificateVerifier verifier = new CertificateVerifier(AUTHORITY.certificate(), CLOCK);
        DenyLists denied = new DenyLists(database, outbox, SIGNING, verifier);
        DenyLists elsewhere = new DenyLists(database, outbox, SIGNING, verifier);
        registry.enrol("A", certificates(), CLOCK.instant(), entry("A"));
        Instant now = CLOCK.instant();
        denied.change(Role.SITE, "A", list -> list.with(Role.SITE, "A", "stolen", now), entry("A"), CLOCK);
        assertThat(registry.sites()).isEmpty();
        assertThat(elsewhere.refresh()).isTrue();
        assertThat(elsewhere.refresh()).isFalse();
        assertThat(elsewhere.get().standing(Role.SITE, "A")).isPresent();
    }

    @Test
    void anOperatorApprovesOnceAndTheLogSaysItOnce() {
        RunApprovals approvals = new RunApprovals(database, outbox);
        Signed signed = SIGNING.sign(entry("A"));
        approvals.add(HASH, "bob", signed, HASH, entry("A"));
        approvals.add(HASH, "bob", signed, HASH, entry("A"));
        approvals.add(HASH, "anna", signed, HASH, entry("A"));
        assertThat(approvals.operators(HASH)).containsExactly("anna", "bob");
        assertThat(outbox.given()).isEqualTo(2);
    }

    @Test
    void eventsOfARunKeepTheirOrderAndTheNewestRunIsTheOneThatWasBegunLast() {
        RunStore runs = new RunStore(database, outbox);
        assertThat(runs.newestRun()).isEmpty();
        for (String id : List.of("b", "a")) {
            database.write(handle -> handle.execute("INSERT INTO run (id, started_unix_ms) VALUES (?, ?)", id, 5L));
        }
        List<RunEvent> events = List.of(
                new RunEvent.Restarted(7),
                new RunEvent.RunCancelled(1_700_000_000_000L, "a reason with \0 in it"),
                new RunEvent.SiteDisconnected(3, "A"));
        events.forEach(event -> runs.append("a", event, List.of(entry("A"))));
        assertThat(runs.events("a")).containsExactlyElementsOf(events);
        assertThat(runs.events("b")).isEmpty();
        assertThat(runs.newestRun()).hasValue("a");
        assertThat(runs.runs(0, 10)).extracting(RunStore.Row::id).containsExactly("a", "b");
        assertThat(runs.runs(1, 1)).extracting(RunStore.Row::id).containsExactly("b");
        assertThat(runs.count()).isEqualTo(2);
        assertThat(database.hasUnfinishedRun()).isTrue();
        runs.written("a");
        assertThat(runs.isWritten("a")).isTrue();
        assertThat(runs.isWritten("b")).isFalse();
        runs.written("b");
        assertThat(database.hasUnfinishedRun()).isFalse();
        assertThat(outbox.given()).isEqualTo(events.size());
    }

    @Test
    void queuedRunsKeepTheirOrderThroughEveryChange() {
        QueuedRuns queue = new QueuedRuns(database, outbox);
        Instant then = Instant.ofEpochMilli(1_700_000_000_123L);
        for (String id : List.of("c", "a", "b")) {
            assertThat(queue.add(new QueuedRuns.Row(id, "study of " + id, then, 3, then, ""), entry("A")))
                    .isTrue();
        }
        assertThat(queue.add(new QueuedRuns.Row("a", "another", then, 0, then, ""), entry("A")))
                .isFalse();
        assertThat(queue.rows()).extracting(QueuedRuns.Row::runId).containsExactly("c", "a", "b");
        assertThat(queue.move("b", 1)).isTrue();
        assertThat(queue.move("c", 99)).isTrue();
        assertThat(queue.move("nobody", 1)).isFalse();
        assertThat(queue.rows()).extracting(QueuedRuns.Row::runId).containsExactly("b", "a", "c");
        assertThat(queue.setProblem("a", "no quorum")).isTrue();
        assertThat(queue.row("a")).hasValue(new QueuedRuns.Row("a", "study of a", then, 3, then, "no quorum"));
        assertThat(queue.remove("b", List.of(entry("A")))).isTrue();
        assertThat(queue.remove("b", List.of(entry("A")))).isFalse();
        assertThat(queue.add(new QueuedRuns.Row("d", "study", then, 3, then, ""), entry("A")))
                .isTrue();
        assertThat(queue.rows()).extracting(QueuedRuns.Row::runId).containsExactly("a", "c", "d");
        assertThat(outbox.given()).isEqualTo(5);
    }

    @Test
    void usersAndAccessesOfTheConsoleAreKeptWhateverIsTyped() {
        ConsoleUsers users = new ConsoleUsers(database);
        Instant then = Instant.ofEpochMilli(1_700_000_000_123L);
        assertThat(users.add(new ConsoleUsers.User("anna", "officer", "hash", then)))
                .isTrue();
        assertThat(users.add(new ConsoleUsers.User("anna", "viewer", "other", then)))
                .isFalse();
        assertThat(users.setPassword("anna", "new", then.plusSeconds(1))).isTrue();
        assertThat(users.setPassword("bob", "new", then)).isFalse();
        assertThat(users.setRole("anna", "viewer")).isTrue();
        assertThat(users.setRole("anna", "officer")).isTrue();
        assertThat(users.setDisabled("anna", true)).isTrue();
        assertThat(users.user("anna"))
                .hasValueSatisfying(user -> assertThat(user.disabled()).isTrue());
        assertThat(users.setDisabled("anna", false)).isTrue();
        assertThat(users.setDisabled("bob", true)).isFalse();
        assertThat(users.user("an\0na")).isEmpty();
        assertThat(users.users()).containsExactly(new ConsoleUsers.User("anna", "officer", "new", then.plusSeconds(1)));
        ConsoleAccesses accesses = new ConsoleAccesses(database);
        for (int i = 0; i < 3; i++) {
            accesses.add(new ConsoleAccesses.Access(then.plus(Duration.ofDays(i)), "an\0na", "::1", "sign-in", "ok"));
        }
        assertThat(accesses.newest(0, 1)).singleElement().returns(then.plus(Duration.ofDays(2)), a -> a.at());
        accesses.forget(then.plus(Duration.ofDays(1)));
        assertThat(accesses.count()).isEqualTo(2);
        assertThat(users.remove("anna")).isTrue();
    }

    @Test
    void anIdentityIsOneUsersAndAnAddressIsPinnedOnce() {
        ConsoleUsers users = new ConsoleUsers(database);
        ConsoleIdentities identities = new ConsoleIdentities(database);
        Instant then = Instant.ofEpochMilli(1_700_000_000_123L);
        ConsoleUsers.User anna = new ConsoleUsers.User("anna", "officer", "", then);
        assertThat(identities.add(anna, identity("anna", Optional.empty(), Optional.of("Anna@Example.org"))))
                .isTrue();
        assertThat(identities.add(anna, identity("anna", Optional.of("s"), Optional.empty())))
                .isFalse();
        ConsoleUsers.User bo = new ConsoleUsers.User("bo", "viewer", "hash", then);
        assertThat(identities.add(bo, identity("bo", Optional.empty(), Optional.of("anna@example.org"))))
                .isFalse();
        assertThat(users.user("bo")).isEmpty();
        assertThat(users.add(bo)).isTrue();
        assertThat(identities.byEmail(ISSUER, "ANNA@example.org")).isPresent();
        assertThat(identities.byEmail("https://other.example", "anna@example.org"))
                .isEmpty();
        assertThat(identities.pin("anna", "s")).isTrue();
        assertThat(identities.pin("anna", "t")).isFalse();
        assertThat(identities.bySubject(ISSUER, "s")).map(Identity::name).hasValue("anna");
        assertThat(identities.bySubject(ISSUER, "s\0")).isEmpty();
        assertThat(identities.bind(identity("bo", Optional.of("s"), Optional.empty())))
                .isFalse();
        assertThat(identities.bind(identity("bo", Optional.of("b"), Optional.empty())))
                .isTrue();
        assertThat(identities.bind(identity("bo", Optional.of("c"), Optional.empty())))
                .isTrue();
        assertThat(identities.bySubject(ISSUER, "b")).isEmpty();
        assertThat(identities.all()).extracting(Identity::name).containsExactly("anna", "bo");
        assertThat(identities.unbind("bo")).isTrue();
        assertThat(identities.unbind("bo")).isFalse();
        assertThat(users.remove("anna")).isTrue();
        assertThat(identities.of("anna")).isEmpty();
    }

    @Test
    void accountsByClaimEndTogetherButForTheDisabled() {
        ConsoleUsers users = new ConsoleUsers(database);
        ConsoleIdentities identities = new ConsoleIdentities(database);
        for (String name : List.of("oidc:a", "oidc:b")) {
            assertThat(identities.add(
                            new ConsoleUsers.User(name, "viewer", "", Instant.EPOCH),
                            new Identity(name, ISSUER, Optional.of(name), Optional.empty(), true)))
                    .isTrue();
        }
        assertThat(identities.add(
                        new ConsoleUsers.User("anna", "viewer", "", Instant.EPOCH),
                        identity("anna", Optional.of("s"), Optional.empty())))
                .isTrue();
        users.setDisabled("oidc:b", true);
        identities.removeGranted();
        assertThat(users.users()).extracting(ConsoleUsers.User::name).containsExactly("anna", "oidc:b");
        assertThat(identities.all()).extracting(Identity::name).containsExactly("anna", "oidc:b");
    }

    private static Identity identity(String name, Optional<String> subject, Optional<String> email) {
        return new Identity(name, ISSUER, subject, email, false);
    }

    private static FederationAuthority create() {
        try {
            return FederationAuthority.create(
                    Files.createTempDirectory("authority").resolve("ca"), "net", CLOCK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EnrolledCertificates certificates() {
        try {
            EnrolmentRequests requests = EnrolmentRequests.generate("A");
            return AUTHORITY.enrol(Role.SITE, "A", requests.tlsRequestDer(), requests.signingRequestDer());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
