package org.commissure.coordinator.storage;

import com.google.protobuf.ByteString;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.commissure.privacy.identity.EnrolledCertificates;
import org.commissure.privacy.identity.EnrolmentRefusedException;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.LogEntry;
import org.jdbi.v3.core.Handle;

/** Invited and enrolled sites. Tokens are kept as hashes. Thread-safe, across processes too. */
public final class SiteRegistry {
    private final Database database;
    private final LogOutbox outbox;

    public SiteRegistry(Database database, LogOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** @param tlsSha256 of the TLS certificate that the site must show */
    public record EnrolledSite(String name, ByteString tlsSha256, X509Certificate signingCertificate) {}

    /** Issues certificates once a token was accepted. */
    public interface Issuer {
        EnrolledCertificates issue() throws EnrolmentRefusedException;
    }

    /** Records a one-time token for {@code site}. */
    public void invite(String site, byte[] tokenSha256, Instant expires, LogEntry entry) {
        database.jdbi().useTransaction(handle -> {
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
        try (Handle handle = database.jdbi().open()) {
            handle.begin();
            try {
                spend(handle, site, tokenSha256, now);
                EnrolledCertificates certificates = issuer.issue();
                handle.execute(
                        "INSERT OR REPLACE INTO site (name, tls_sha256, signing_certificate, enrolled_unix_ms)"
                                + " VALUES (?, ?, ?, ?)",
                        site,
                        SignedMessages.sha256(certificates.tls()).toByteArray(),
                        certificates.signing().getEncoded(),
                        now.toEpochMilli());
                outbox.add(handle, List.of(entry.apply(certificates)));
                handle.commit();
                return certificates;
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("certificate without an encoding", e);
            } finally {
                if (handle.isInTransaction()) {
                    handle.rollback();
                }
            }
        }
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
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT name, tls_sha256, signing_certificate FROM site ORDER BY name")
                        .map((row, context) -> new EnrolledSite(
                                row.getString("name"),
                                ByteString.copyFrom(row.getBytes("tls_sha256")),
                                LogOutbox.certificate(ByteString.copyFrom(row.getBytes("signing_certificate")))))
                        .list());
    }

    public Optional<EnrolledSite> site(String name) {
        return sites().stream().filter(site -> site.name().equals(name)).findFirst();
    }
}
