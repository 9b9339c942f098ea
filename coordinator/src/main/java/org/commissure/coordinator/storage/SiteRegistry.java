package org.commissure.coordinator.storage;

import com.google.protobuf.ByteString;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRefusedException;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.LogEntry;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Invited and enrolled sites. Tokens are kept as hashes. Thread-safe, across processes too. */
public final class SiteRegistry {
    private final Database database;
    private final LogOutbox outbox;

    public SiteRegistry(Database database, LogOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * @param tlsSha256 of the TLS certificate that the site must show
     * @param previousTlsSha256 of the one that it renewed, which counts until it ends; empty for none
     * @param tlsExpires when the newest ends
     */
    public record EnrolledSite(
            String name,
            ByteString tlsSha256,
            ByteString previousTlsSha256,
            Instant tlsExpires,
            X509Certificate signingCertificate) {
        /** Whether the site may show that certificate. */
        public boolean mayShow(X509Certificate certificate) {
            ByteString sha256 = SignedMessages.sha256(certificate);
            return sha256.equals(tlsSha256) || sha256.equals(previousTlsSha256);
        }
    }

    /** Issues certificates once a token was accepted. */
    public interface Issuer {
        EnrolledCertificates issue() throws EnrolmentRefusedException;
    }

    /** Records a one-time token for {@code site}. */
    public void invite(String site, byte[] tokenSha256, Instant expires, LogEntry entry) {
        database.write(handle -> {
            handle.execute(
                    "INSERT INTO invitation (token_sha256, site, expires_unix_ms) VALUES (?, ?, ?)",
                    tokenSha256,
                    site,
                    expires.toEpochMilli());
            outbox.add(handle, List.of(entry));
        });
    }

    /**
     * Spends a token and enrols the site, in one transaction: a token is spent exactly if the site
     * is enrolled.
     *
     * @throws TokenRefusedException if the token is unknown, spent, expired, or another site's
     */
    public EnrolledCertificates enrol(
            String site, byte[] tokenSha256, Instant now, Issuer issuer, Function<EnrolledCertificates, LogEntry> entry)
            throws TokenRefusedException, EnrolmentRefusedException {
        try {
            return database.attempt(handle -> {
                spend(handle, site, tokenSha256, now);
                EnrolledCertificates certificates = issuer.issue();
                store(handle, site, certificates, now);
                outbox.add(handle, List.of(entry.apply(certificates)));
                return certificates;
            });
        } catch (TokenRefusedException | EnrolmentRefusedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("an enrolment fails for one of two reasons", e);
        }
    }

    /** Enrols a site whose request an operator compared and granted by hand: no token is spent. */
    public void enrol(String site, EnrolledCertificates certificates, Instant now, LogEntry entry) {
        database.write(handle -> {
            store(handle, site, certificates, now);
            outbox.add(handle, List.of(entry));
        });
    }

    private static void store(Handle handle, String site, EnrolledCertificates certificates, Instant now) {
        handle.execute(
                "INSERT INTO site"
                        + " (name, tls_sha256, signing_certificate, enrolled_unix_ms, tls_expires_unix_ms)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET tls_sha256 = excluded.tls_sha256,"
                        + " previous_tls_sha256 = NULL, signing_certificate = excluded.signing_certificate,"
                        + " enrolled_unix_ms = excluded.enrolled_unix_ms,"
                        + " tls_expires_unix_ms = excluded.tls_expires_unix_ms",
                site,
                SignedMessages.sha256(certificates.tls()).toByteArray(),
                Certificates.der(certificates.signing()),
                now.toEpochMilli(),
                certificates.tls().getNotAfter().getTime());
    }

    /**
     * Replaces a site's certificates by renewed ones. The TLS certificate that asked counts on: an answer that is
     * lost must not lock the site out.
     *
     * @param asked the TLS certificate that the site showed
     * @param signing absent where it stays
     */
    public void renew(
            String site,
            X509Certificate asked,
            X509Certificate tls,
            Optional<X509Certificate> signing,
            LogEntry entry) {
        database.write(handle -> {
            handle.execute(
                    "UPDATE site SET tls_sha256 = ?, previous_tls_sha256 = ?, tls_expires_unix_ms = ? WHERE name = ?",
                    SignedMessages.sha256(tls).toByteArray(),
                    SignedMessages.sha256(asked).toByteArray(),
                    tls.getNotAfter().getTime(),
                    site);
            if (signing.isPresent()) {
                handle.execute(
                        "UPDATE site SET signing_certificate = ? WHERE name = ?",
                        Certificates.der(signing.get()),
                        site);
            }
            outbox.add(handle, List.of(entry));
        });
    }

    private record Token(String site, long expiresUnixMs, boolean used) {}

    private static void spend(Handle handle, String site, byte[] tokenSha256, Instant now)
            throws TokenRefusedException {
        Optional<Token> token = handle.createQuery(
                        "SELECT site, expires_unix_ms, used_unix_ms FROM invitation WHERE token_sha256 = :sha256")
                .bind("sha256", tokenSha256)
                .map((row, context) -> new Token(
                        row.getString("site"), row.getLong("expires_unix_ms"), row.getObject("used_unix_ms") != null))
                .findOne();
        // One message for "unknown" and "another site's": a guesser learns nothing.
        if (token.isEmpty() || !token.get().site().equals(site)) {
            throw new TokenRefusedException("the token is not one that was issued for site '" + site + "'");
        }
        if (token.get().used()) {
            throw new TokenRefusedException("the token for site '" + site + "' was used before");
        }
        if (now.toEpochMilli() >= token.get().expiresUnixMs()) {
            throw new TokenRefusedException("the token for site '" + site + "' expired on "
                    + Instant.ofEpochMilli(token.get().expiresUnixMs()));
        }
        handle.execute(
                "UPDATE invitation SET used_unix_ms = ? WHERE token_sha256 = ?", now.toEpochMilli(), tokenSha256);
    }

    /** All enrolled sites by name. */
    public List<EnrolledSite> sites() {
        return database.read(handle -> handle.createQuery(
                        "SELECT name, tls_sha256, previous_tls_sha256, tls_expires_unix_ms, signing_certificate"
                                + " FROM site ORDER BY name")
                .map((row, context) -> new EnrolledSite(
                        row.getString("name"),
                        ByteString.copyFrom(row.getBytes("tls_sha256")),
                        bytes(row.getBytes("previous_tls_sha256")),
                        Instant.ofEpochMilli(row.getLong("tls_expires_unix_ms")),
                        LogOutbox.certificate(ByteString.copyFrom(row.getBytes("signing_certificate")))))
                .list());
    }

    private static ByteString bytes(byte @Nullable [] stored) {
        return stored == null ? ByteString.EMPTY : ByteString.copyFrom(stored);
    }

    public Optional<EnrolledSite> site(String name) {
        return sites().stream().filter(site -> site.name().equals(name)).findFirst();
    }
}
