package org.commissure.coordinator.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many streams fill their buffers at a time. */
final class SendTurnsTest {
    private static final int KIBIBYTE = 1 << 10;

    private final SendTurns turns = new SendTurns();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore mayEnd = new Semaphore(0);

    @ParameterizedTest
    @CsvSource({"0, 4", "1024, 4", "1600, 3", "2048, 2", "100000, 1"})
    void theLargerTheMessagesTheFewerAreWrittenAtATime(int kibibytes, int atOnce) throws InterruptedException {
        for (int i = 0; i < 9; i++) {
            take(kibibytes);
        }
        assertThat(begun.tryAcquire(atOnce, 30, TimeUnit.SECONDS)).isTrue();
        assertThat(begun.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        mayEnd.release(9);
        assertThat(begun.tryAcquire(9 - atOnce, 30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLargeMessageIsNotPassedForEverByManySmallOnes() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            take(0);
        }
        assertThat(begun.tryAcquire(4, 30, TimeUnit.SECONDS)).isTrue();
        Semaphore large = new Semaphore(0);
        turns.take(100_000 * KIBIBYTE, large::release);
        // It asks in a thread of its own.
        Thread.sleep(500);
        for (int i = 0; i < 4; i++) {
            take(0);
        }
        mayEnd.release(4);
        assertThat(large.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        mayEnd.release(4);
        assertThat(begun.tryAcquire(4, 30, TimeUnit.SECONDS)).isTrue();
    }

    private void take(int kibibytes) {
        turns.take(kibibytes * KIBIBYTE, () -> {
            begun.release();
            mayEnd.acquireUninterruptibly();
        });
    }
}
