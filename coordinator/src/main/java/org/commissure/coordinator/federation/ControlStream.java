package org.commissure.coordinator.federation;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import org.commissure.coordinator.console.SitePresence;
import org.commissure.coordinator.round.LogPublisher;
import org.commissure.coordinator.round.RunEngine;
import org.commissure.coordinator.storage.DenyLists;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.EntryCheck;
import org.commissure.privacy.audit.EntryRefusedException;
import org.commissure.privacy.identity.Certificates;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.logging.LogContext;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Hello;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.LogReceipt;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.Welcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control stream of one site, from its Hello to its end. Frames of one stream come in order on
 * one thread at a time; {@link #send} may be called from any.
 */
final class ControlStream implements StreamObserver<SiteFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStream.class);
    private static final int HEARTBEAT_SECONDS = 10;

    /** What a control stream works with; one per coordinator. */
    record Context(
            String federationId,
            SiteConnections connections,
            SendTurns turns,
            RunEngine engine,
            Readiness readiness,
            LogOutbox outbox,
            LogPublisher log,
            PlanDesk plans,
            EntryCheck entryCheck,
            DenyLists denied,
            X509Certificate coordinatorSigning,
            RefusalLog refusals,
            Witnesses witnesses,
            ReceiptDesk receipts,
            Clock clock) {}

    private final Context context;
    private final Peer peer;
    private final FrameQueue out;
    private boolean greeted;
    private String agentVersion = "";
    private int protocolVersion;

    ControlStream(Context context, Peer peer, StreamObserver<CoordinatorFrame> out) {
        this.context = context;
        this.peer = peer;
        ServerCallStreamObserver<CoordinatorFrame> call = (ServerCallStreamObserver<CoordinatorFrame>) out;
        call.setOnCancelHandler(this::gone);
        this.out = new FrameQueue(call, context.turns());
    }

    @Override
    public void onNext(SiteFrame frame) {
        if (!greeted) {
            if (frame.hasHello()) {
                greet(frame.getHello());
            } else {
                end(Status.FAILED_PRECONDITION.withDescription("the first frame must be Hello"));
            }
            return;
        }
        context.engine().state().ifPresent(run -> LogContext.turnTo(run.sumId()));
        seen();
        switch (frame.getBodyCase()) {
            case HEARTBEAT ->
                out.now(CoordinatorFrame.newBuilder()
                        .setHeartbeat(frame.getHeartbeat())
                        .build());
            case LOG_ENTRY -> logEntry(frame.getLogEntry());
            case RECEIPT_REQUEST ->
                context.receipts()
                        .of(peer.name(), frame.getReceiptRequest())
                        .ifPresent(receipt -> out.now(CoordinatorFrame.newBuilder()
                                .setSumReceipt(receipt)
                                .build()));
            case WITNESS_WORD -> context.witnesses().said(peer.name(), frame.getWitnessWord());
            case READINESS_REPLY ->
                context.readiness().answered(peer.name(), peer.signingCertificate(), frame.getReadinessReply());
            case HELLO -> LOG.info("ignored: a second Hello of {}", peer.name());
            default -> context.engine().received(peer.name(), peer.signingCertificate(), frame);
        }
    }

    private void greet(Hello hello) {
        Optional<Integer> version = ProtocolVersion.negotiate(hello.getVersions());
        if (version.isEmpty()) {
            String reason = Versions.mismatch(hello.getVersions());
            context.refusals().refused(Actions.CONNECTION_REFUSED, peer.name(), reason);
            end(Status.FAILED_PRECONDITION.withDescription(reason));
            return;
        }
        greeted = true;
        agentVersion = hello.getAgentVersion();
        protocolVersion = version.get();
        seen();
        out.now(CoordinatorFrame.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setFederationId(context.federationId())
                        .setVersion(version.get())
                        .setCoordinatorTimeUnixMs(context.clock().millis())
                        .setHeartbeatSeconds(HEARTBEAT_SECONDS)
                        .setDenyList(ByteString.copyFrom(context.denied().signed()))
                        .setCoordinatorSigningCertificate(
                                ByteString.copyFrom(Certificates.der(context.coordinatorSigning()))))
                .build());
        ControlStream older = context.connections().opened(peer.name(), this);
        if (older != null) {
            older.end(Status.ABORTED.withDescription("replaced by a newer connection of the same site"));
        }
        LOG.info("site {} connected", peer.name());
        context.plans().greeting().forEach(out::now);
        context.engine().siteConnected(peer.name(), peer.signingCertificate());
    }

    private void seen() {
        context.connections()
                .seen(
                        peer.name(),
                        new SitePresence(
                                agentVersion, protocolVersion, context.clock().instant()));
    }

    private void logEntry(Signed entry) {
        try {
            LogEntry opened = context.entryCheck().open(entry, peer.signingCertificate());
            long index = context.outbox().submit(entry, peer.signingCertificate());
            context.log().publish();
            context.plans().heard(peer.name(), opened);
            out.now(CoordinatorFrame.newBuilder()
                    .setLogReceipt(LogReceipt.newBuilder()
                            .setEntrySha256(SignedMessages.sha256(entry.toByteString()))
                            .setIndex(index))
                    .build());
        } catch (EntryRefusedException e) {
            context.refusals().refused(Actions.MESSAGE_REFUSED, peer.name(), "log entry: " + e.getMessage());
            end(Status.INVALID_ARGUMENT.withDescription("the log entry is refused: " + e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("an entry of {} could not be logged", peer.name(), e);
            end(Status.UNAVAILABLE.withDescription("the coordinator cannot write its log; try again later"));
        }
    }

    /** Does nothing on a stream that is over. @param bytes about @param frame made when it is written */
    void send(int bytes, Supplier<CoordinatorFrame> frame) {
        out.add(bytes, frame);
    }

    /** The peer may not be here any more. */
    void refuse(String reason) {
        context.refusals().refused(Actions.CONNECTION_REFUSED, peer.name(), reason);
        end(Status.UNAUTHENTICATED.withDescription(reason));
    }

    private void end(Status status) {
        out.end(status);
        gone();
    }

    private void gone() {
        if (context.connections().closed(peer.name(), this)) {
            LOG.info("site {} disconnected", peer.name());
            context.engine().siteDisconnected(peer.name());
        }
    }

    @Override
    public void onError(Throwable problem) {
        gone();
    }

    @Override
    public void onCompleted() {
        out.complete();
        gone();
    }
}
