package org.commissure.site.plan;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.StudyPlan;

/**
 * A plan whose signature was checked and whose study can be read.
 *
 * @param sha256 of the plan's canonical bytes: its name, in the log too
 */
public record SignedPlan(StudyPlan plan, StudyFile study, ByteString sha256) {
    /** A study of the largest preset with an atlas of a thousand parcels has some 60 KB. */
    private static final int MAXIMUM_BYTES = 4 << 20;

    private static final int HASH_BYTES = 32;
    private static final int ID_DIGITS = 12;

    /**
     * @param bytes a serialised {@link Signed}, as from a file or the wire
     * @throws PlanRefusedException see {@link #open(Signed, X509Certificate, String)}
     */
    public static SignedPlan open(byte[] bytes, X509Certificate coordinator, String federation)
            throws PlanRefusedException {
        try {
            Signed signed = Signed.parseFrom(bytes);
            if (!SignedMessages.canonical(signed).equals(ByteString.copyFrom(bytes))
                    || !signed.getUnknownFields().asMap().isEmpty()) {
                throw new PlanRefusedException("the plan is not in canonical form");
            }
            return open(signed, coordinator, federation);
        } catch (InvalidProtocolBufferException e) {
            throw new PlanRefusedException("the plan cannot be decoded");
        }
    }

    /**
     * @param coordinator the certificate that enrolment stored
     * @throws PlanRefusedException if it is not signed by the coordinator, is for another federation, is not
     *     canonical, or its study cannot be used
     */
    public static SignedPlan open(Signed signed, X509Certificate coordinator, String federation)
            throws PlanRefusedException {
        if (signed.getSerializedSize() > MAXIMUM_BYTES) {
            throw new PlanRefusedException(
                    "the plan has " + signed.getSerializedSize() + " bytes, more than a plan needs");
        }
        StudyPlan plan;
        try {
            plan = SignedMessages.open(signed, StudyPlan.parser(), coordinator);
        } catch (BadSignatureException e) {
            throw new PlanRefusedException(String.valueOf(e.getMessage()));
        }
        if (!plan.getUnknownFields().asMap().isEmpty()) {
            throw new PlanRefusedException("the plan has fields that this version does not know");
        }
        if (!plan.getFederationId().equals(federation)) {
            throw new PlanRefusedException("the plan is for another federation");
        }
        int code = plan.getCodeSha256().size();
        if ((code != 0 && code != HASH_BYTES) || plan.getExpiresUnixMs() <= plan.getCreatedUnixMs()) {
            throw new PlanRefusedException("the plan's code hash or expiry cannot be meant");
        }
        try {
            return new SignedPlan(
                    plan, StudyFile.parse(plan.getStudyText()), SignedMessages.sha256(signed.getPayload()));
        } catch (StudyException e) {
            throw new PlanRefusedException("the plan's study cannot be used: " + e.getMessage());
        }
    }

    /** How people name it: the first twelve hex digits of its hash. */
    public String id() {
        return hex().substring(0, ID_DIGITS);
    }

    /** The whole hash. */
    public String hex() {
        return HexFormat.of().formatHex(sha256.toByteArray());
    }

    public String purpose() {
        return study.study().study().purpose();
    }

    /** As the consortium states it; "not stated" where it does not. */
    public String legalBasis() {
        return plan.getLegalBasis().isBlank() ? "not stated" : plan.getLegalBasis();
    }

    /** Hex; empty where each site approves the code it has. */
    public Optional<String> codeSha256() {
        return plan.getCodeSha256().isEmpty()
                ? Optional.empty()
                : Optional.of(HexFormat.of().formatHex(plan.getCodeSha256().toByteArray()));
    }

    public Instant expires() {
        return Instant.ofEpochMilli(plan.getExpiresUnixMs());
    }
}
