package org.commissure.coordinator.federation;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DenyLists;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.coordinator.storage.SiteRegistry;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.TransparencyLog;
import org.commissure.privacy.identity.CertificateFile;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.DenyList;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRefusedException;
import org.commissure.privacy.identity.FederationAuthority;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.RequestFile;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Denial;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;

/**
 * What the operator does to the federation's members in the coordinator's own folder. Works while the coordinator
 * serves, which notices within a second. Every change is a log entry in the transaction of the change.
 */
public final class Members implements AutoCloseable {
    private final CoordinatorHome home;
    private final CoordinatorConfig config;
    private final Clock clock;
    private final IdentityStore own;
    private final SigningIdentity signing;
    private final Database database;
    private final LogOutbox outbox;
    private final DenyLists denied;

    private Members(CoordinatorHome home, Clock clock) {
        this.home = home;
        this.config = home.config();
        this.clock = clock;
        this.own = new IdentityStore(home.identity());
        this.signing = own.loadSigning();
        this.database = home.openDatabase();
        this.outbox = new LogOutbox(database, signing, own.loadAuthority());
        this.denied = new DenyLists(database, outbox, signing, new CertificateVerifier(own.loadAuthority(), clock));
    }

    /** @throws UserError if the folder is no coordinator's home */
    public static Members of(CoordinatorHome home, Clock clock) {
        return new Members(home, clock);
    }

    /** Every enrolled site by name. */
    public List<SiteRegistry.EnrolledSite> sites() {
        return new SiteRegistry(database, outbox).sites();
    }

    /** Every denial, readmitted ones too. */
    public List<Denial> denials() {
        return denied.get().denials();
    }

    /**
     * Grants a request that came by file.
     *
     * @param fingerprint that the sender read out of band; must be the request's own
     * @throws UserError if it is not, or the request cannot be granted
     */
    public CertificateFile issue(RequestFile request, String fingerprint) {
        CertificateName name = request.certificateName();
        if (!request.fingerprint().equals(fingerprint)) {
            throw new UserError(
                    "the request's fingerprint is " + request.fingerprint() + ", not " + fingerprint,
                    "do not go on: have the sender read the fingerprint again; the file may have been exchanged");
        }
        if (!name.federation().equals(config.federation())) {
            throw new UserError(
                    "the request is for federation '" + name.federation() + "', and this is '" + config.federation()
                            + "'",
                    "send it to the other federation, or have it made for this one");
        }
        if (denied.get().standing(name.role(), name.name()).isPresent()) {
            throw new UserError(
                    name.role().text() + " '" + name.name() + "' was revoked", "readmit it first, with a --reason");
        }
        FederationAuthority authority = FederationAuthority.open(home.authority(), clock, config.tlsLife());
        try {
            EnrolledCertificates issued =
                    authority.enrol(name.role(), name.name(), request.tlsRequest(), request.signingRequest());
            record(name, issued, fingerprint);
            return new CertificateFile(
                    config.federation(),
                    name.role().text(),
                    name.name(),
                    config.host(),
                    config.port(),
                    Certificates.der(authority.certificate()),
                    Certificates.der(issued.tls()),
                    Certificates.der(issued.signing()),
                    Certificates.der(signing.certificate()),
                    TransparencyLog.verifierKey(home.log()));
        } catch (EnrolmentRefusedException e) {
            throw new UserError(String.valueOf(e.getMessage()), "have the sender write a new request file", e);
        }
    }

    private void record(CertificateName name, EnrolledCertificates issued, String fingerprint) {
        boolean site = name.role() == Role.SITE;
        LogEntries entry = LogEntries.of(
                        site ? Actions.SITE_ENROLLED : Actions.CERTIFICATE_ISSUED, Outcome.DONE, clock.instant())
                .actor(CertificateName.COORDINATOR)
                .fact("request_sha256", fingerprint)
                .fact("signing_sha256", Certificates.fingerprint(issued.signing()))
                .fact("tls_sha256", Certificates.fingerprint(issued.tls()));
        if (site) {
            new SiteRegistry(database, outbox)
                    .enrol(
                            name.name(),
                            issued,
                            clock.instant(),
                            entry.fact("site", name.name()).build());
        } else {
            outbox.add(entry.fact("member", name.name())
                    .fact("role", name.role().text())
                    .build());
        }
    }

    /** Denies a member from now on. A site's open connection is cut within a second or two. */
    public void revoke(Role role, String name, String reason) {
        CertificateName member = new CertificateName(config.federation(), role, name);
        requireReason(reason);
        if (denied.get().standing(role, name).isPresent()) {
            throw new UserError(
                    role.text() + " '" + name + "' is revoked already", "see 'commissure coordinator sites list'");
        }
        if (role == Role.SITE && sites().stream().noneMatch(site -> site.name().equals(name))) {
            throw new UserError("no site '" + name + "' is enrolled here", "see 'commissure coordinator sites list'");
        }
        Instant now = clock.instant();
        change(member, Actions.MEMBER_REVOKED, reason, now, list -> list.with(role, name, reason, now));
    }

    /** Lets a revoked member be invited again; its old certificates stay denied. */
    public void readmit(Role role, String name, String reason) {
        CertificateName member = new CertificateName(config.federation(), role, name);
        requireReason(reason);
        if (denied.get().standing(role, name).isEmpty()) {
            throw new UserError(role.text() + " '" + name + "' is not revoked", "invite it as usual");
        }
        Instant now = clock.instant();
        change(member, Actions.MEMBER_READMITTED, reason, now, list -> list.readmitting(role, name, now));
    }

    private void change(
            CertificateName member, String action, String reason, Instant now, UnaryOperator<DenyList> change) {
        LogEntry entry = LogEntries.of(action, Outcome.DONE, now)
                .actor(CertificateName.COORDINATOR)
                .detail(reason)
                .fact("deny_list", denied.get().sequence() + 1)
                .fact("member", member.name())
                .fact("role", member.role().text())
                .build();
        denied.change(member.role(), member.name(), change, entry, clock);
    }

    private static void requireReason(String reason) {
        if (reason.isBlank()) {
            throw new UserError("there is no reason", "say in --reason why; it stands in the log for ever");
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
