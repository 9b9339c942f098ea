package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.storage.RunApprovals;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.Permission;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ApproveRunRequest;
import org.commissure.protocol.v1.ApproveRunResponse;
import org.commissure.protocol.v1.Outcome;
import org.commissure.protocol.v1.RunApproval;

/**
 * Several pairs of eyes before a run starts, where {@code run_start_approvals} asks for them: different operators
 * sign the hash of study and initial model. Thread-safe.
 */
public final class Approvals {
    private final CoordinatorConfig config;
    private final RunApprovals store;
    private final CertificateVerifier verifier;
    private final LogPublisher log;
    private final RefusalLog refusals;
    private final Clock clock;

    Approvals(
            CoordinatorConfig config,
            RunApprovals store,
            CertificateVerifier verifier,
            LogPublisher log,
            RefusalLog refusals,
            Clock clock) {
        this.config = config;
        this.store = store;
        this.verifier = verifier;
        this.log = log;
        this.refusals = refusals;
        this.clock = clock;
    }

    /**
     * What operators sign: SHA-256 over the SHA-256 of the study's text and the SHA-256 of the initial model's file,
     * that of no bytes where there is none.
     */
    public static ByteString planSha256(String studyText, Path model) throws IOException {
        ByteString study = SignedMessages.sha256(ByteString.copyFrom(studyText, StandardCharsets.UTF_8));
        return SignedMessages.sha256(study.concat(sha256(model)));
    }

    /** As {@link #planSha256(String, Path)}, for a study that starts without a model. */
    public static ByteString planSha256(String studyText) {
        ByteString study = SignedMessages.sha256(ByteString.copyFrom(studyText, StandardCharsets.UTF_8));
        return SignedMessages.sha256(study.concat(SignedMessages.sha256(ByteString.EMPTY)));
    }

    private static ByteString sha256(Path model) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(model), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return ByteString.copyFrom(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** @throws UserError if the approval is not one of {@code peer}'s own */
    ApproveRunResponse approve(Peer peer, ApproveRunRequest request) {
        RunApproval approval;
        try {
            X509Certificate signer =
                    Certificates.fromDer(request.getCertificate().toByteArray());
            CertificateName name = verifier.verify(signer, Permission.RUN.roles(), Purpose.SIGNING);
            approval = SignedMessages.open(request.getApproval(), RunApproval.parser(), signer);
            if (!name.name().equals(peer.name())
                    || !approval.getOperator().equals(name.name())
                    || !approval.getFederationId().equals(config.federation())) {
                throw new BadSignatureException("the approval is another operator's or another federation's");
            }
        } catch (CertificateException | CertificateRefusedException | BadSignatureException e) {
            refusals.refused(Actions.RUN_APPROVED, peer.name(), String.valueOf(e.getMessage()));
            throw new UserError(
                    "the approval is refused: " + e.getMessage(), "approve with your own operator's identity", e);
        }
        store.add(
                approval.getPlanSha256(),
                peer.name(),
                request.getApproval(),
                request.getCertificate(),
                LogEntries.of(Actions.RUN_APPROVED, Outcome.DONE, clock.instant())
                        .actor(CertificateName.COORDINATOR)
                        .fact("operator", peer.name())
                        .fact(
                                "plan_sha256",
                                HexFormat.of()
                                        .formatHex(approval.getPlanSha256().toByteArray()))
                        .build());
        log.publish();
        return ApproveRunResponse.newBuilder()
                .setApprovals(store.operators(approval.getPlanSha256()).size())
                .setNeeded(config.approvalsNeeded())
                .build();
    }

    /** @throws UserError if fewer operators approved this plan than the federation wants */
    void require(String studyText, Path model) {
        if (config.approvalsNeeded() < 2) {
            return; // whoever starts a run is an operator
        }
        try {
            List<String> operators = store.operators(planSha256(studyText, model));
            if (operators.size() < config.approvalsNeeded()) {
                throw new UserError(
                        "this federation starts a run when " + config.approvalsNeeded()
                                + " operators approved its study and model; approved by "
                                + (operators.isEmpty() ? "nobody" : String.join(", ", operators)),
                        "another operator runs 'commissure coordinator run approve' with the same files");
            }
        } catch (IOException e) {
            throw new UserError("the initial model cannot be read", "start the run again", e);
        }
    }
}
