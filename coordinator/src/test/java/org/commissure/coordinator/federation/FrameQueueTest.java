package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Heartbeat;
import org.junit.jupiter.api.Test;

/** Frames to sites that read fast, slowly, or not at all. */
final class FrameQueueTest {
    private static final int SMALL = 100;

    private final SendTurns turns = new SendTurns();

    /** A connection whose buffer is full until {@link #read}. */
    private static final class Connection extends ServerCallStreamObserver<CoordinatorFrame> {
        final List<CoordinatorFrame> written = Collections.synchronizedList(new ArrayList<>());
        final boolean reads;
        volatile boolean full;
        volatile boolean ended;
        private Runnable ready = () -> {};

        /** @param reads at once whatever is written */
        Connection(boolean reads) {
            this.reads = reads;
        }

        void read() {
            full = false;
            ready.run();
        }

        @Override
        public void onNext(CoordinatorFrame frame) {
            assertThat(full).as("written to a full buffer").isFalse();
            full = !reads;
            written.add(frame);
        }

        @Override
        public boolean isReady() {
            return !full;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            ready = handler;
        }

        @Override
        public void onError(Throwable problem) {
            ended = true;
        }

        @Override
        public void onCompleted() {
            ended = true;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }

    @Test
    void framesKeepTheirOrderAndAreMadeOnlyOnceTheyCanBeWritten() throws InterruptedException {
        Connection slow = new Connection(false);
        FrameQueue queue = new FrameQueue(slow, turns);
        AtomicInteger made = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            CoordinatorFrame frame = frame(i);
            queue.add(SMALL, () -> {
                made.incrementAndGet();
                return frame;
            });
        }
        for (int i = 0; i < 5; i++) {
            int number = i;
            await(() -> slow.written.size() == number + 1);
            assertThat(made).hasValue(number + 1);
            slow.read();
        }
        assertThat(slow.written)
                .isEqualTo(IntStream.range(0, 5).mapToObj(FrameQueueTest::frame).toList());
    }

    @Test
    void sitesThatDoNotReadKeepNobodyWaitingForLongAndAreServedOnceTheyDo() throws InterruptedException {
        List<Connection> deaf =
                Stream.generate(() -> new Connection(false)).limit(9).toList();
        List<FrameQueue> queues =
                deaf.stream().map(one -> new FrameQueue(one, turns)).toList();
        queues.forEach(queue -> {
            queue.add(SMALL, () -> frame(1));
            queue.add(SMALL, () -> frame(2));
        });
        Connection listening = new Connection(true);
        FrameQueue last = new FrameQueue(listening, turns);
        last.add(SMALL, () -> frame(3));

        await(() -> listening.written.equals(List.of(frame(3))));
        await(() -> deaf.stream().allMatch(one -> one.written.size() == 1));
        deaf.forEach(Connection::read);
        await(() -> deaf.stream().allMatch(one -> one.written.equals(List.of(frame(1), frame(2)))));
    }

    @Test
    void aFrameThatCannotBeMadeEndsItsStreamAndNoOther() throws InterruptedException {
        Connection broken = new Connection(true);
        new FrameQueue(broken, turns).add(SMALL, () -> {
            throw new IllegalArgumentException("of no use");
        });
        await(() -> broken.ended);

        Connection other = new Connection(true);
        new FrameQueue(other, turns).add(SMALL, () -> frame(1));
        await(() -> other.written.size() == 1);
    }

    @Test
    void whatWaitsForAStreamThatEndsIsNeverMade() throws InterruptedException {
        Connection deaf = new Connection(false);
        FrameQueue queue = new FrameQueue(deaf, turns);
        AtomicInteger made = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            queue.add(SMALL, () -> frame(made.incrementAndGet()));
        }
        await(() -> deaf.written.size() == 1);
        queue.end(Status.UNAVAILABLE);
        deaf.read();
        queue.add(SMALL, () -> frame(made.incrementAndGet()));

        assertThat(deaf.ended).isTrue();
        assertThat(made).hasValue(1);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static CoordinatorFrame frame(int number) {
        return CoordinatorFrame.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setSequence(number))
                .build();
    }
}
