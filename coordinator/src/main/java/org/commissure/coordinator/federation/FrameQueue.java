package org.commissure.coordinator.federation;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames on their way to one site, in order. A frame is made when it can be written, and one that waits takes no room:
 * as many are in buffers as {@link SendTurns} allows. Thread-safe; nothing here waits for the site but a thread of its own.
 */
final class FrameQueue {
    private static final Logger LOG = LoggerFactory.getLogger(FrameQueue.class);

    /** Nobody waits longer for a site that does not read. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(2);

    private final ServerCallStreamObserver<CoordinatorFrame> out;
    private final SendTurns turns;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private Writing writing = Writing.NOTHING;
    private boolean over;

    private record Waiting(int bytes, Supplier<CoordinatorFrame> frame) {}

    private enum Writing {
        NOTHING,
        /** A turn is under way or asked for. */
        IN_TURN,
        /** The site did not read in time; a turn is asked for when it does. */
        STALLED
    }

    FrameQueue(ServerCallStreamObserver<CoordinatorFrame> out, SendTurns turns) {
        this.out = out;
        this.turns = turns;
        out.setOnReadyHandler(this::ready);
    }

    /** After what waits already. @param bytes about how large the frame will be */
    synchronized void add(int bytes, Supplier<CoordinatorFrame> frame) {
        if (over) {
            return;
        }
        waiting.add(new Waiting(bytes, frame));
        if (writing == Writing.NOTHING) {
            takeTurn();
        }
    }

    /** A small frame that may overtake what waits; does nothing on a stream that is over. */
    synchronized void now(CoordinatorFrame frame) {
        if (open()) {
            out.onNext(frame);
        }
    }

    /** Ends the stream; the peer may not be there any more. */
    synchronized void end(Status status) {
        if (open()) {
            out.onError(status.asException());
        }
        forget();
    }

    /** The site has ended its half, or is gone. */
    synchronized void complete() {
        if (open()) {
            out.onCompleted();
        }
        forget();
    }

    private boolean open() {
        return !over && !out.isCancelled();
    }

    private void forget() {
        over = true;
        waiting.clear();
        notifyAll();
    }

    private synchronized void ready() {
        notifyAll();
        if (writing == Writing.STALLED) {
            takeTurn();
        }
    }

    private void takeTurn() {
        Waiting next = waiting.peek();
        int bytes = next == null ? 0 : next.bytes();
        writing = Writing.IN_TURN;
        turns.take(bytes, () -> turn(bytes));
    }

    /** Writes what waits up to the first frame of more than {@code bytes}, and lasts until it has left the buffers. */
    private synchronized void turn(int bytes) {
        long end = System.nanoTime() + LONGEST_TURN.toNanos();
        while (awaitReady(end)) {
            Waiting next = waiting.peek();
            if (next == null) {
                writing = Writing.NOTHING;
                return;
            }
            if (next.bytes() > bytes) {
                takeTurn();
                return;
            }
            waiting.remove();
            try {
                out.onNext(next.frame().get());
            } catch (RuntimeException e) {
                LOG.error("a frame cannot be made; the site's stream ends", e);
                end(Status.INTERNAL.withDescription("the coordinator cannot make its next message"));
            }
        }
        writing = over ? Writing.NOTHING : Writing.STALLED;
    }

    /** @return whether more may be written: false after {@code endNanos}, and on a stream that is over */
    private boolean awaitReady(long endNanos) {
        while (open() && !out.isReady()) {
            long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return open();
    }
}
