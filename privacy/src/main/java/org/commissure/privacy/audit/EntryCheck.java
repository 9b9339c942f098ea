package org.commissure.privacy.audit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.Signed;

/**
 * What every entry of a log must fulfil. The log asks before it appends, the verifier asks again; a
 * coordinator asks on receipt of a site's entry. Thread-safe.
 */
public final class EntryCheck {
    /** The length prefix of an entry in a bundle has 16 bits (C2SP tlog-tiles). */
    public static final int MAXIMUM_BYTES = 65_535;

    private final CertificateVerifier verifier;

    /** @param authority of the federation whose log it is */
    public EntryCheck(X509Certificate authority) {
        this.verifier = new CertificateVerifier(authority, Clock.systemUTC());
    }

    /**
     * Opens a signed entry.
     *
     * @param actor the certificate that it claims to be signed with
     * @throws EntryRefusedException if the entry is too long, not canonical, not signed by {@code
     *     actor}, in another's name, or {@code actor} was not a member's valid signing certificate
     *     at the entry's time
     */
    public LogEntry open(Signed signed, X509Certificate actor) throws EntryRefusedException {
        LogEntry entry;
        try {
            entry = SignedMessages.open(signed, LogEntry.parser(), actor);
        } catch (BadSignatureException e) {
            throw new EntryRefusedException(String.valueOf(e.getMessage()));
        }
        int size = signed.getSerializedSize();
        if (size > MAXIMUM_BYTES) {
            throw new EntryRefusedException(
                    "the entry " + entry.getAction() + " has " + size + " bytes; a log holds at most " + MAXIMUM_BYTES);
        }
        CertificateName name;
        try {
            name = verifier.verifyAt(actor, Purpose.SIGNING, Instant.ofEpochMilli(entry.getTimeUnixMs()));
        } catch (CertificateRefusedException e) {
            throw new EntryRefusedException(String.valueOf(e.getMessage()));
        }
        if (name.role() == Role.OPERATOR || !name.name().equals(entry.getActor())) {
            throw new EntryRefusedException(
                    "the entry names '" + entry.getActor() + "' as its actor, but was signed by " + name.uri());
        }
        requireForm(entry);
        return entry;
    }

    /**
     * Decodes a leaf.
     *
     * @throws EntryRefusedException if it is not the canonical encoding of a {@link Signed}
     */
    public static Signed decode(byte[] leaf) throws EntryRefusedException {
        try {
            Signed signed = Signed.parseFrom(leaf);
            if (signed.getUnknownFields().asMap().isEmpty()
                    && SignedMessages.canonical(signed).equals(ByteString.copyFrom(leaf))) {
                return signed;
            }
        } catch (InvalidProtocolBufferException e) {
            throw new EntryRefusedException("the entry cannot be decoded");
        }
        throw new EntryRefusedException("the entry is not in canonical form");
    }

    private static void requireForm(LogEntry entry) throws EntryRefusedException {
        if (!entry.getUnknownFields().asMap().isEmpty()) {
            throw new EntryRefusedException("the entry has fields that this version does not know");
        }
        if (entry.getAction().isEmpty()
                || entry.getOutcome() == Outcome.OUTCOME_UNSPECIFIED
                || entry.getOutcome() == Outcome.UNRECOGNIZED) {
            throw new EntryRefusedException("the entry lacks its action or its outcome");
        }
        List<String> names = entry.getFactList().stream().map(Fact::getName).toList();
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i - 1).compareTo(names.get(i)) >= 0) {
                throw new EntryRefusedException("the entry's facts are not sorted by name");
            }
        }
    }
}
