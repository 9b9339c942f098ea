package org.commissure.privacy.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.protocol.v1.Denial;
import org.commissure.protocol.v1.SignedDenyList;

/**
 * Members whose certificates count no more, although they have not expired, as the coordinator signed it. What was
 * said before a denial stays valid: a statement is judged at its time. A readmitted member needs new certificates.
 * Immutable.
 *
 * @param sequence grows by one with each change; 0 is the empty list that nobody signed
 */
public record DenyList(long sequence, List<Denial> denials) {
    public static final DenyList EMPTY = new DenyList(0, List.of());

    /** Ample: a denial with a long reason has some 300 bytes. */
    static final int MAXIMUM_BYTES = 1 << 20;

    static final int MAXIMUM_REASON_CHARS = 500;

    public DenyList {
        denials = List.copyOf(denials);
    }

    /**
     * Reads a list that the coordinator signed.
     *
     * @param verifier must not itself ask for the deny list
     * @throws CertificateRefusedException if the bytes are no list, or not signed by this federation's coordinator
     */
    public static DenyList open(byte[] bytes, CertificateVerifier verifier) throws CertificateRefusedException {
        if (bytes.length > MAXIMUM_BYTES) {
            throw refused("has " + bytes.length + " bytes; at most " + MAXIMUM_BYTES + " are read");
        }
        try {
            SignedDenyList signed = SignedDenyList.parseFrom(bytes);
            X509Certificate signer =
                    Certificates.fromDer(signed.getCertificate().toByteArray());
            org.commissure.protocol.v1.DenyList list =
                    SignedMessages.open(signed.getList(), org.commissure.protocol.v1.DenyList.parser(), signer);
            CertificateName name =
                    verifier.verifyAt(signer, Purpose.SIGNING, Instant.ofEpochMilli(list.getIssuedUnixMs()));
            if (name.role() != Role.COORDINATOR || !list.getFederationId().equals(verifier.federationId())) {
                throw refused("was signed by " + name.uri() + ", who may not");
            }
            if (list.getSequence() < 1 || !list.getUnknownFields().asMap().isEmpty()) {
                throw refused("has no sequence, or fields that this version does not know");
            }
            return new DenyList(list.getSequence(), list.getDenialList());
        } catch (InvalidProtocolBufferException | CertificateException e) {
            throw refused("cannot be decoded");
        } catch (BadSignatureException e) {
            throw refused("is not what was signed: " + e.getMessage());
        }
    }

    private static CertificateRefusedException refused(String what) {
        return new CertificateRefusedException("the deny list " + what, "ask the coordinator's operator");
    }

    /** This list as the coordinator signs it, in the form that {@link #open} reads. */
    public byte[] signed(String federationId, SigningIdentity coordinator, Clock clock) {
        return SignedDenyList.newBuilder()
                .setList(coordinator.sign(org.commissure.protocol.v1.DenyList.newBuilder()
                        .setFederationId(federationId)
                        .setSequence(sequence)
                        .setIssuedUnixMs(clock.millis())
                        .addAllDenial(denials)
                        .build()))
                .setCertificate(ByteString.copyFrom(Certificates.der(coordinator.certificate())))
                .build()
                .toByteArray();
    }

    /** The next list, on which {@code name} is denied from {@code since} on. */
    public DenyList with(Role role, String name, String reason, Instant since) {
        List<Denial> next = new ArrayList<>(denials);
        next.removeIf(denial -> is(denial, role, name));
        next.add(Denial.newBuilder()
                .setRole(role.text())
                .setName(name)
                .setSinceUnixMs(since.toEpochMilli())
                .setReason(reason.substring(0, Math.min(reason.length(), MAXIMUM_REASON_CHARS)))
                .build());
        return new DenyList(sequence + 1, next);
    }

    /** The next list, on which certificates of {@code name} count again if they were issued after {@code when}. */
    public DenyList readmitting(Role role, String name, Instant when) {
        return new DenyList(
                sequence + 1,
                denials.stream()
                        .map(denial -> is(denial, role, name)
                                ? denial.toBuilder()
                                        .setReadmittedUnixMs(when.toEpochMilli())
                                        .build()
                                : denial)
                        .toList());
    }

    /** The denial that stands against new certificates of {@code name}. */
    public Optional<Denial> standing(Role role, String name) {
        return denials.stream()
                .filter(denial -> is(denial, role, name) && denial.getReadmittedUnixMs() == 0)
                .findFirst();
    }

    /** Refuses a certificate that is denied at {@code time}. */
    void require(X509Certificate certificate, CertificateName name, Instant time) throws CertificateRefusedException {
        Instant issued = certificate.getNotBefore().toInstant().plus(CertificateVerifier.CLOCK_SKEW);
        for (Denial denial : denials) {
            boolean counts = denial.getReadmittedUnixMs() != 0
                    && !issued.isBefore(Instant.ofEpochMilli(denial.getReadmittedUnixMs())
                            .truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
            if (is(denial, name.role(), name.name())
                    && !counts
                    && !time.isBefore(Instant.ofEpochMilli(denial.getSinceUnixMs()))) {
                throw new CertificateRefusedException(
                        name.role().text() + " '" + name.name() + "' was revoked on "
                                + Instant.ofEpochMilli(denial.getSinceUnixMs()) + ": " + denial.getReason(),
                        "ask the coordinator's operator; after readmission a new enrolment is needed");
            }
        }
    }

    private static boolean is(Denial denial, Role role, String name) {
        return denial.getRole().equals(role.text()) && denial.getName().equals(name);
    }
}
