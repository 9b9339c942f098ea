package org.commissure.site.membership;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.commissure.privacy.identity.CertificateLife;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.EnrolmentRequests;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.RenewRequest;
import org.commissure.protocol.v1.RenewResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the site's certificates once two thirds of their life are over: new keys, new certificates, and then new
 * connections with them; open streams go on to their end. Confined to one thread.
 */
public final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final int DEADLINE_SECONDS = 30;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Membership membership;
    private final Clock clock;
    private Instant notBefore = Instant.MIN;

    public Renewal(Membership membership, Clock clock) {
        this.membership = membership;
        this.clock = clock;
    }

    /** What was renewed. */
    public enum Outcome {
        NOTHING,
        TLS,
        TLS_AND_SIGNING
    }

    /**
     * Renews what is due. A failure is tried again after a twentieth of what is left, an hour at most.
     *
     * @param channel a connection with the present certificate
     */
    public Outcome renewDue(Supplier<Channel> channel) {
        Instant now = clock.instant();
        boolean signingDue = CertificateLife.isDue(membership.signing().certificate(), now);
        boolean due = CertificateLife.isDue(membership.tls().certificate(), now) || signingDue;
        if (!due || now.isBefore(notBefore)) {
            return Outcome.NOTHING;
        }
        Instant until = membership.tls().certificate().getNotAfter().toInstant();
        notBefore = now.plus(pause(Duration.between(now, until)));
        try {
            EnrolmentRequests requests = membership.newRequests();
            RenewRequest.Builder request =
                    RenewRequest.newBuilder().setTlsRequest(ByteString.copyFrom(requests.tlsRequestDer()));
            if (signingDue) {
                request.setSigningRequest(ByteString.copyFrom(requests.signingRequestDer()));
            }
            RenewResponse response = FederationGrpc.newBlockingStub(channel.get())
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .renew(request.build());
            boolean signing = membership.renewed(requests, response);
            LOG.info(
                    "this site's {} renewed, until {}",
                    signing ? "TLS and signing certificates were" : "TLS certificate was",
                    membership.tls().certificate().getNotAfter().toInstant());
            return signing ? Outcome.TLS_AND_SIGNING : Outcome.TLS;
        } catch (StatusRuntimeException | CertificateRefusedException | UserError e) {
            LOG.warn(
                    "this site's certificate, good until {}, could not be renewed: {}; trying again at {}",
                    until,
                    e.getMessage(),
                    notBefore);
            return Outcome.NOTHING;
        }
    }

    private static Duration pause(Duration left) {
        Duration wanted = left.isNegative() ? Duration.ZERO : left.dividedBy(20);
        if (wanted.compareTo(Duration.ofSeconds(1)) < 0) {
            return Duration.ofSeconds(1);
        }
        return wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    }
}
