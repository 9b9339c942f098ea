package org.commissure.coordinator.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.SortedMap;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DatabaseMove;
import org.commissure.coordinator.storage.DenyLists;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.PostgresConfig;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.FederationRoot;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Outcome;

/**
 * The folder of one coordinator.
 *
 * <pre>
 * coordinator.toml   federation, host, port
 * authority/         the issuing authority: key, certificate, and the root's certificate
 * identity/          the coordinator's TLS and signing identities, the log's key
 * operator/          the operator's TLS and signing identities, for the command line
 * coordinator.db     sites, tokens, events of runs, the log's outbox; absent where PostgreSQL has them
 * log/               the transparency log
 * runs/ID/           models, report, model card of each run
 * queue/ID/          initial models of queued runs
 * openings/          what personal facts of log entries stand for, until erased
 * oidc.toml          the OpenID provider through which people sign in to the console, with the client's secret
 * spool/             masked uploads of the sum under way
 * </pre>
 */
public record CoordinatorHome(Path folder) {
    static final String OPERATOR = "operator";

    public Path configFile() {
        return folder.resolve("coordinator.toml");
    }

    public Path authority() {
        return folder.resolve("authority");
    }

    public Path identity() {
        return folder.resolve("identity");
    }

    public Path operator() {
        return folder.resolve(OPERATOR);
    }

    public Path databaseFile() {
        return folder.resolve("coordinator.db");
    }

    public Path log() {
        return folder.resolve("log");
    }

    public Path logKey() {
        return identity().resolve("log.key");
    }

    public Path runs() {
        return folder.resolve("runs");
    }

    /** Initial models of runs that wait for their turn. */
    public Path queue() {
        return folder.resolve("queue");
    }

    /** What the personal facts of the coordinator's log entries stand for. */
    public Path openings() {
        return folder.resolve("openings");
    }

    public Path spool() {
        return folder.resolve("spool");
    }

    /** @throws UserError if this folder is no coordinator's home */
    public CoordinatorConfig config() {
        return CoordinatorConfig.read(configFile());
    }

    /** Where {@code create} puts the root unless told otherwise: beside the home, never inside it. */
    public Path defaultRoot() {
        return folder.resolveSibling(folder.getFileName() + "-root");
    }

    /** As {@link #create(CoordinatorConfig, Path, Clock)} with the root in {@link #defaultRoot}. */
    public String create(CoordinatorConfig config, Clock clock) {
        return create(config, defaultRoot(), clock);
    }

    /**
     * Makes a new federation: root, issuing authority, identities, empty log and database. The home never holds the
     * root's key.
     *
     * @param rootFolder made too; its owner takes it offline
     * @return the root's fingerprint, for comparison out of band
     * @throws UserError if a folder is in use or cannot be written
     */
    public String create(CoordinatorConfig config, Path rootFolder, Clock clock) {
        requireNew();
        FederationRoot root = FederationRoot.create(rootFolder, config.federation(), clock);
        var unused = FederationAuthority.create(authority(), root, clock);
        return create(config, FederationAuthority.open(authority(), clock, config.tlsLife()), clock);
    }

    /**
     * As {@link #create(CoordinatorConfig, Path, Clock)}, under a root that lies on another machine and signed what
     * {@link FederationAuthority#request} asked for.
     *
     * @param issuing the signed certificate first, the root's last
     */
    public String create(CoordinatorConfig config, List<X509Certificate> issuing, Clock clock) {
        requireNew();
        var unused = FederationAuthority.install(authority(), issuing.getFirst(), issuing.getLast(), clock);
        FederationAuthority authority = FederationAuthority.open(authority(), clock, config.tlsLife());
        if (!authority.federationId().equals(config.federation())) {
            throw new UserError(
                    "the root is that of federation '" + authority.federationId() + "'",
                    "name the same federation, or have another root sign");
        }
        return create(config, authority, clock);
    }

    private void requireNew() {
        if (Files.exists(configFile())) {
            throw new UserError(
                    folder + " is a coordinator's home already", "choose another folder; a federation is made once");
        }
    }

    private String create(CoordinatorConfig config, FederationAuthority authority, Clock clock) {
        try {
            DurableFile.createFolders(folder);
            IdentityStore own = new IdentityStore(identity());
            own.saveAuthority(authority.certificate());
            own.saveTls(authority.issueTls(Role.COORDINATOR, CertificateName.COORDINATOR, List.of(config.host())));
            SigningIdentity signing = authority.issueSigning(Role.COORDINATOR, CertificateName.COORDINATOR);
            own.saveSigning(signing);
            IdentityStore operator = new IdentityStore(operator());
            operator.saveAuthority(authority.certificate());
            operator.saveTls(authority.issueTls(Role.OPERATOR, OPERATOR, List.of()));
            operator.saveSigning(authority.issueSigning(Role.OPERATOR, OPERATOR));
            TransparencyLog.create(log(), "commissure/" + config.federation(), authority.certificate(), logKey())
                    .close();
            String fingerprint = Certificates.fingerprint(authority.certificate());
            try (Database database = openDatabase(config)) {
                LogOutbox outbox = new LogOutbox(database, signing, authority.certificate());
                if (config.database().isPresent() && outbox.given() > 0) {
                    throw new UserError(
                            "the database of " + config.database().get().url() + " holds a federation already",
                            "name an empty database; a federation is made once");
                }
                outbox.add(LogEntries.of(Actions.FEDERATION_CREATED, Outcome.DONE, clock.instant())
                        .actor(CertificateName.COORDINATOR)
                        .detail("federation " + config.federation())
                        .fact("authority_sha256", fingerprint)
                        .fact("issuing_sha256", Certificates.fingerprint(authority.issuing()))
                        .build());
            }
            // Last: its presence says that everything else is there.
            config.write(configFile());
            return fingerprint;
        } catch (IOException e) {
            throw new UserError(
                    folder + " cannot be written: " + e.getMessage(), "check its permissions and free space", e);
        }
    }

    /**
     * The database, which a serving coordinator may have open as well.
     *
     * @throws UserError if it cannot be opened, or this folder is no coordinator's home
     */
    public Database openDatabase() {
        return openDatabase(config());
    }

    private Database openDatabase(CoordinatorConfig config) {
        return config.database().map(Database::open).orElseGet(() -> Database.open(databaseFile()));
    }

    /**
     * Moves the state from the file {@code coordinator.db} into an empty database of PostgreSQL. The file stays, under
     * another name.
     *
     * @return rows of each table
     * @throws UserError if a coordinator serves this home, its state is not in a file, or the move fails; the home is
     *     then as it was
     */
    public SortedMap<String, Long> moveDatabase(PostgresConfig server) {
        CoordinatorConfig config = config();
        if (config.database().isPresent()) {
            throw new UserError(
                    "the state is in the database " + config.database().get().url() + " already",
                    "move between servers with PostgreSQL's own pg_dump");
        }
        try (ServeLock lock = ServeLock.take(this).orElseThrow(() -> ServeLock.servedAlready(this))) {
            SortedMap<String, Long> rows;
            try (Database from = Database.open(databaseFile());
                    Database to = Database.open(server)) {
                rows = DatabaseMove.copy(from, to);
            }
            // From here on the home's state is there; the file only looks like it.
            config.withDatabase(server).write(configFile());
            Files.move(databaseFile(), movedDatabaseFile(), StandardCopyOption.ATOMIC_MOVE);
            return rows;
        } catch (IOException e) {
            throw new UserError(
                    "the move cannot be ended: " + e.getMessage(),
                    "if coordinator.toml names the server now, the state is there, and "
                            + databaseFile().getFileName() + " is the copy of before",
                    e);
        }
    }

    /** What {@link #moveDatabase} leaves of the file. */
    public Path movedDatabaseFile() {
        return folder.resolve("coordinator.db.moved");
    }

    /** Whether a run is under way or its folder incomplete. */
    boolean hasUnfinishedRun() {
        try (Database database = openDatabase()) {
            return database.hasUnfinishedRun();
        }
    }

    /**
     * Makes an invitation for {@code site} and records its token, hashed. Works while the coordinator
     * serves.
     */
    public Invitation invite(String site, int validHours, Clock clock) {
        CoordinatorConfig config = config();
        IdentityStore own = new IdentityStore(identity());
        byte[] token = EnrolmentToken.generate();
        var expires = clock.instant().plusSeconds(3600L * validHours);
        Invitation invitation = new Invitation(
                config.federation(),
                new CertificateName(config.federation(), Role.SITE, site).name(),
                config.host(),
                config.port(),
                Certificates.fingerprint(own.loadAuthority()),
                EnrolmentToken.encode(token),
                expires.toEpochMilli());
        try (Database database = openDatabase()) {
            LogOutbox outbox = new LogOutbox(database, own.loadSigning(), own.loadAuthority());
            CertificateVerifier verifier = new CertificateVerifier(own.loadAuthority(), clock);
            if (new DenyLists(database, outbox, own.loadSigning(), verifier)
                    .get()
                    .standing(Role.SITE, site)
                    .isPresent()) {
                throw new UserError(
                        "site '" + site + "' was revoked",
                        "readmit it first: commissure coordinator sites readmit " + site + " --reason …");
            }
            new SiteRegistry(database, outbox)
                    .invite(
                            site,
                            EnrolmentToken.hash(token),
                            expires,
                            LogEntries.of(Actions.SITE_INVITED, Outcome.DONE, clock.instant())
                                    .actor(CertificateName.COORDINATOR)
                                    .fact("expires", expires.toString())
                                    .fact("site", site)
                                    .build());
        }
        return invitation;
    }
}
