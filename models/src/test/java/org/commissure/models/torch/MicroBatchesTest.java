package org.commissure.models.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MicroBatchesTest {
    private final List<Integer> attempts = new ArrayList<>();
    private int releases;

    /** A step that a GPU with room for {@code room} examples would make. */
    private double step(int size, int room) {
        attempts.add(size);
        if (size > room) {
            throw new RuntimeException("CUDA out of memory. Tried to allocate 2.00 GiB.");
        }
        return 0.5;
    }

    @Test
    void anOverfullGpuHalvesTheBatchUntilItFitsAndRemembers() {
        var batches = new MicroBatches(100, () -> releases++);
        assertThat(batches.run(13, size -> step(size, 3))).isEqualTo(0.5);
        assertThat(attempts).containsExactly(13, 6, 3);
        assertThat(releases).isEqualTo(2);
        batches.run(13, size -> step(size, 3));
        assertThat(attempts).endsWith(3, 3);
    }

    @Test
    void theHalvingIsSaidInTheLog() {
        var logger = (Logger) LoggerFactory.getLogger(MicroBatches.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        new MicroBatches(100, () -> {}).run(4, size -> step(size, 2));
        logger.detachAppender(lines);
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(ch.qos.logback.classic.Level.WARN);
            assertThat(line.getFormattedMessage()).contains("with 4 windows").contains("with 2,");
        });
    }

    @Test
    void oneWindowThatDoesNotFitIsAnError() {
        var batches = new MicroBatches(100, () -> {});
        assertThatThrownBy(() -> batches.run(2, size -> step(size, 0)))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("one window")
                .hasMessageContaining("device cpu")
                .hasRootCauseMessage("CUDA out of memory. Tried to allocate 2.00 GiB.");
    }

    @Test
    void otherFailuresAreNotRetried() {
        var batches = new MicroBatches(100, () -> releases++);
        var failure = new IllegalArgumentException("shape");
        assertThatThrownBy(() -> batches.run(8, size -> {
                    attempts.add(size);
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(attempts).containsExactly(8);
        assertThat(releases).isZero();
    }

    @Test
    void theFirstGuessIsWhatFitsIntoFourFifthsOfFreeMemory() {
        assertThat(MicroBatches.fitting(1000, 100)).isEqualTo(8);
        assertThat(MicroBatches.fitting(10, 100)).isEqualTo(1);
        assertThat(MicroBatches.fitting(Long.MAX_VALUE, 0)).isEqualTo(Integer.MAX_VALUE);
    }
}
