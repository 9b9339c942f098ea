package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.commissure.privacy.identity.BadSignatureException;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.ReadinessReply;
import org.commissure.protocol.v1.ReadinessRequest;
import org.commissure.protocol.v1.Signed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the connected sites before a run whether the whole study fits their budgets. A site answers yes or no and tells
 * nothing else of its ledger; it stays the authority, and judges each round again. One question at a time; thread-safe.
 */
final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final SiteConnections connections;
    private final SigningIdentity coordinator;
    private final CertificateVerifier verifier;
    private final Duration patience;
    private final Map<String, Boolean> answers = new TreeMap<>();
    private ByteString asked = ByteString.EMPTY;

    /** @param patience how long silent sites are waited for; they may still refuse a round */
    Readiness(
            SiteConnections connections, SigningIdentity coordinator, CertificateVerifier verifier, Duration patience) {
        this.connections = connections;
        this.coordinator = coordinator;
        this.verifier = verifier;
        this.patience = patience;
    }

    /** Names of the sites that say no; empty if none does. */
    synchronized Set<String> overBudget(ReadinessRequest request) {
        Signed signed = coordinator.sign(request);
        asked = SignedMessages.sha256(signed.getPayload());
        answers.clear();
        Set<String> sites = connections.connected();
        CoordinatorFrame frame =
                CoordinatorFrame.newBuilder().setReadinessRequest(signed).build();
        sites.forEach(site -> connections.send(site, frame));
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!answers.keySet().containsAll(sites) && System.nanoTime() < end) {
                wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Set<String> refused = new TreeSet<>();
        answers.forEach((site, within) -> {
            if (!within) {
                refused.add(site);
            }
        });
        asked = ByteString.EMPTY;
        return refused;
    }

    /** Takes what a site says; ignored with a note if nobody asked. */
    synchronized void answered(String site, X509Certificate certificate, Signed reply) {
        try {
            verifier.verify(certificate, Role.SITE, Purpose.SIGNING);
            ReadinessReply opened = SignedMessages.open(reply, ReadinessReply.parser(), certificate);
            if (asked.isEmpty() || !opened.getRequestSha256().equals(asked)) {
                LOG.info("ignored: a late readiness reply of {}", site);
                return;
            }
            answers.put(site, opened.getWithinBudget());
            notifyAll();
        } catch (CertificateRefusedException | BadSignatureException e) {
            LOG.warn("ignored: the readiness reply of {}: {}", site, e.getMessage());
        }
    }
}
