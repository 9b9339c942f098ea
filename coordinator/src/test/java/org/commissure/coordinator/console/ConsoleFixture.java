package org.commissure.coordinator.console;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.commissure.coordinator.aggregation.UploadSpool;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.queue.RunQueue;
import org.commissure.coordinator.round.CoordinatorSums;
import org.commissure.coordinator.round.Outbound;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.coordinator.storage.ConsoleAccesses;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DenyLists;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.QueuedRuns;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.coordinator.storage.TransparencyPublisher;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityKeyManager;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Outcome;

/** A console over a real database, log and engine, without sites and runs. */
final class ConsoleFixture implements AutoCloseable {
    static final String PASSWORD = "a password for the tests";
    static final int ENTRIES = 300;
    private static final String HASH = Passwords.hash(PASSWORD.toCharArray());

    final FederationAuthority authority;
    final Database database;
    final ConsoleUsers users;
    final ConsoleIdentities identities;
    final ConsoleAccesses accesses;
    final ConsoleServer server;
    final RunQueue queue;
    private final RunEngine engine;
    private final TransparencyPublisher publisher;

    ConsoleFixture(Path folder) {
        this(folder, ENTRIES);
    }

    /** @param entries of the log; each is a commit to disk */
    ConsoleFixture(Path folder, int entries) {
        Clock clock = Clock.systemUTC();
        authority = FederationAuthority.create(folder.resolve("ca"), "net", clock);
        SigningIdentity signing = authority.issueSigning(Role.COORDINATOR, "coordinator");
        CertificateVerifier verifier = new CertificateVerifier(authority.certificate(), clock);
        database = Database.open(folder.resolve("coordinator.db"));
        LogOutbox outbox = new LogOutbox(database, signing, authority.certificate());
        Path log = folder.resolve("log");
        TransparencyLog.create(log, "commissure/net", authority.certificate(), folder.resolve("log.key"))
                .close();
        publisher = new TransparencyPublisher(outbox, TransparencyLog.open(log, folder.resolve("log.key")));
        for (int i = 0; i < entries; i++) {
            outbox.add(LogEntries.of(
                            i == 7 ? Actions.ENROLMENT_REFUSED : Actions.SITE_INVITED,
                            i == 7 ? Outcome.REFUSED : Outcome.DONE,
                            clock.instant())
                    .actor("coordinator")
                    .detail(i == 7 ? "the token is spent" : "")
                    .fact("site", "S" + i)
                    .build());
        }
        publisher.publish();
        UploadSpool spool = new UploadSpool(folder.resolve("spool"));
        CoordinatorSums sums = new CoordinatorSums(signing, verifier, spool::dealt);
        RunStore runs = new RunStore(database, outbox);
        engine = new RunEngine(
                runs,
                publisher,
                new Nobody(),
                spool,
                new RunFolders(folder.resolve("runs"), log, spool, sums),
                sums,
                signing,
                clock);
        engine.resume();
        users = new ConsoleUsers(database);
        identities = new ConsoleIdentities(database);
        accesses = new ConsoleAccesses(database);
        for (ConsoleRole role : ConsoleRole.values()) {
            users.add(new ConsoleUsers.User(role.word(), role.word(), HASH, clock.instant()));
        }
        queue = queue(outbox, folder);
        server = ConsoleServer.open(
                new Sources(
                        "net",
                        folder,
                        folder.resolve("runs"),
                        log,
                        "https://localhost:8444",
                        engine,
                        queue,
                        runs,
                        new SiteRegistry(database, outbox),
                        Set::of,
                        Map::of,
                        new DenyLists(database, outbox, signing, verifier),
                        () -> "{\"plans\":[]}",
                        users,
                        identities,
                        accesses,
                        clock),
                new IdentityKeyManager(authority.issueTls(Role.COORDINATOR, "coordinator", List.of("localhost"))),
                "localhost",
                0);
    }

    private RunQueue queue(LogOutbox outbox, Path folder) {
        RunQueue.Starter refusing = new RunQueue.Starter() {
            @Override
            public String check(String studyText, Path model, String wantedId, Path scratch) {
                return wantedId;
            }

            @Override
            public void startQueued(String studyText, Path model, String runId) {
                throw new UserError("there is no site", "enrol some");
            }
        };
        return new RunQueue(
                new QueuedRuns(database, outbox),
                engine,
                refusing,
                study -> Set.of("A"),
                () -> Set.of("A", "B", "C"),
                folder.resolve("queue"),
                publisher,
                Clock.systemUTC());
    }

    private static final class Nobody implements Outbound {
        @Override
        public void send(String site, int bytes, Supplier<CoordinatorFrame> frame) {
            throw new AssertionError("there is no site");
        }

        @Override
        public Set<String> connected() {
            return Set.of();
        }
    }

    Browser browser() throws Exception {
        return new Browser(authority.certificate(), server.port());
    }

    /** Signed in. */
    Browser browser(ConsoleRole role) throws Exception {
        Browser browser = browser();
        if (browser.signIn(role.word(), PASSWORD).statusCode() != 200) {
            throw new AssertionError(role + " cannot sign in");
        }
        return browser;
    }

    @Override
    public void close() {
        server.close();
        engine.close();
        publisher.close();
        database.close();
    }
}
