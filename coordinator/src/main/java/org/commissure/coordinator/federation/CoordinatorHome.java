package org.commissure.coordinator.federation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolmentToken;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Outcome;

/**
 * The folder of one coordinator.
 *
 * <pre>
 * coordinator.toml   federation, host, port
 * authority/         the federation's authority: key and certificate
 * identity/          the coordinator's TLS and signing identities, the log's key
 * operator/          the operator's TLS identity, for the command line
 * coordinator.db     sites, tokens, events of runs, the log's outbox
 * log/               the transparency log
 * runs/ID/           models, report, model card of each run
 * openings/          what personal facts of log entries stand for, until erased
 * spool/             masked uploads of the sum under way
 * </pre>
 */
public record CoordinatorHome(Path folder) {

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
        return folder.resolve("operator");
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

    /**
     * Makes a new federation: authority, identities, empty log and database.
     *
     * @return the authority's fingerprint, for comparison out of band
     * @throws UserError if the folder is in use or cannot be written
     */
    public String create(CoordinatorConfig config, Clock clock) {
        if (Files.exists(configFile())) {
            throw new UserError(
                    folder + " is a coordinator's home already", "choose another folder; a federation is made once");
        }
        try {
            DurableFile.createFolders(folder);
            FederationAuthority authority = FederationAuthority.create(authority(), config.federation(), clock);
            IdentityStore own = new IdentityStore(identity());
            own.saveAuthority(authority.certificate());
            own.saveTls(authority.issueTls(Role.COORDINATOR, CertificateName.COORDINATOR, List.of(config.host())));
            SigningIdentity signing = authority.issueSigning(Role.COORDINATOR, CertificateName.COORDINATOR);
            own.saveSigning(signing);
            IdentityStore operator = new IdentityStore(operator());
            operator.saveAuthority(authority.certificate());
            operator.saveTls(authority.issueTls(Role.OPERATOR, "operator", List.of()));
            TransparencyLog.create(log(), "commissure/" + config.federation(), authority.certificate(), logKey())
                    .close();
            String fingerprint = Certificates.fingerprint(authority.certificate());
            try (Database database = Database.open(databaseFile())) {
                new LogOutbox(database, signing, authority.certificate())
                        .add(LogEntries.of(Actions.FEDERATION_CREATED, Outcome.DONE, clock.instant())
                                .actor(CertificateName.COORDINATOR)
                                .detail("federation " + config.federation())
                                .fact("authority_sha256", fingerprint)
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
     * Renews the coordinator's and the operator's TLS certificates once two thirds of their life are over. Sites and
     * the operator's command line trust the authority, so nobody has to be told.
     *
     * @throws UserError if the authority or an identity cannot be read
     */
    void renewTls(Clock clock) {
        FederationAuthority authority = FederationAuthority.open(authority(), clock);
        IdentityStore own = new IdentityStore(identity());
        if (isDue(own.loadTls(), clock)) {
            own.saveTls(authority.issueTls(Role.COORDINATOR, CertificateName.COORDINATOR, List.of(config().host())));
        }
        IdentityStore operator = new IdentityStore(operator());
        if (isDue(operator.loadTls(), clock)) {
            operator.saveTls(authority.issueTls(Role.OPERATOR, "operator", List.of()));
        }
    }

    private static boolean isDue(TlsIdentity identity, Clock clock) {
        Instant from = identity.certificate().getNotBefore().toInstant();
        Instant until = identity.certificate().getNotAfter().toInstant();
        Duration twoThirds = Duration.between(from, until).multipliedBy(2).dividedBy(3);
        return clock.instant().isAfter(from.plus(twoThirds));
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
        try (Database database = Database.open(databaseFile())) {
            new SiteRegistry(database, new LogOutbox(database, own.loadSigning(), own.loadAuthority()))
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
