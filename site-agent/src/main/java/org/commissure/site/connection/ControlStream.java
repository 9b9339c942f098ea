package org.commissure.site.connection;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.Heartbeat;
import org.commissure.protocol.v1.Hello;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.Welcome;
import org.commissure.site.membership.Membership;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One control stream from Hello to its end. Thread-safe. */
final class ControlStream implements StreamObserver<CoordinatorFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(ControlStream.class);
    private final FrameListener listener;
    private final Membership membership;
    private final ScheduledExecutorService heartbeats;
    private final Clock clock;
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final Object lock = new Object();
    private @Nullable StreamObserver<SiteFrame> out;
    private @Nullable ScheduledFuture<?> beating;
    private boolean welcomed;
    private long sequence;

    ControlStream(FrameListener listener, Membership membership, ScheduledExecutorService heartbeats, Clock clock) {
        this.listener = listener;
        this.membership = membership;
        this.heartbeats = heartbeats;
        this.clock = clock;
    }

    /** Opens the stream and says Hello. */
    void open(FederationGrpc.FederationStub coordinator, String agentVersion) {
        StreamObserver<SiteFrame> opened = coordinator.participate(this);
        synchronized (lock) {
            out = opened;
            opened.onNext(SiteFrame.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setVersions(ProtocolVersion.supported())
                            .setAgentVersion(agentVersion)
                            .setSiteTimeUnixMs(clock.millis()))
                    .build());
        }
    }

    /** Completes with the reason when the stream is over. */
    CompletableFuture<Status> ended() {
        return ended;
    }

    boolean wasWelcomed() {
        synchronized (lock) {
            return welcomed;
        }
    }

    /** Sends, or drops where the stream is not open yet or not any more. */
    void send(SiteFrame frame) {
        synchronized (lock) {
            if (out != null && welcomed && !ended.isDone()) {
                out.onNext(frame);
            }
        }
    }

    void close() {
        synchronized (lock) {
            if (out != null && !ended.isDone()) {
                out.onCompleted();
            }
        }
        end(Status.CANCELLED);
    }

    @Override
    public void onNext(CoordinatorFrame frame) {
        switch (frame.getBodyCase()) {
            case WELCOME -> welcome(frame.getWelcome());
            case HEARTBEAT -> LOG.trace("heartbeat");
            case DENY_LIST -> membership.denyList(frame.getDenyList());
            default -> listener.received(frame);
        }
    }

    private void welcome(Welcome welcome) {
        Duration skew = Duration.ofMillis(clock.millis() - welcome.getCoordinatorTimeUnixMs());
        if (skew.abs().compareTo(CoordinatorClock.TOLERATED) > 0) {
            LOG.warn("{}; {}", CoordinatorClock.words(skew), CoordinatorClock.REMEDY);
        }
        membership.welcomed(welcome);
        synchronized (lock) {
            welcomed = true;
            long seconds = Math.clamp(welcome.getHeartbeatSeconds(), 1, 3600);
            beating = heartbeats.scheduleAtFixedRate(this::beat, seconds, seconds, TimeUnit.SECONDS);
        }
        listener.connected();
    }

    private void beat() {
        long next;
        synchronized (lock) {
            next = ++sequence;
        }
        send(SiteFrame.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setSequence(next))
                .build());
    }

    @Override
    public void onError(Throwable cause) {
        end(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
        end(Status.UNAVAILABLE.withDescription("the coordinator closed the stream"));
    }

    private void end(Status status) {
        synchronized (lock) {
            if (beating != null) {
                beating.cancel(false);
            }
        }
        ended.complete(status);
    }
}
