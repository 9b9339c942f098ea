package org.commissure.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeamTest {
    @ParameterizedTest
    @CsvSource({"1, 100, 16", "2, 100, 16", "3, 100, 1", "4, 3, 1", "4, 17, 16", "3, 0, 16"})
    void everyItemIsDoneOnceAndPartsBeginAtMultiples(int threads, int count, int multiple) {
        var done = new AtomicIntegerArray(Math.max(1, count));
        try (var team = new Team(threads)) {
            for (int piece = 0; piece < 50; piece++) {
                team.run(count, multiple, (from, to, member) -> {
                    assertThat(from % multiple).isZero();
                    assertThat(member).isBetween(0, threads - 1);
                    for (int i = from; i < to; i++) {
                        done.incrementAndGet(i);
                    }
                });
            }
        }
        for (int i = 0; i < count; i++) {
            assertThat(done.get(i)).isEqualTo(50);
        }
    }

    @Test
    void aFailureInAnyMemberReachesTheCallerAndTheTeamGoesOn() {
        try (var team = new Team(2)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> team.run(2, 1, (from, to, member) -> {
                        if (from == 1) {
                            throw new IllegalStateException("the second half");
                        }
                    }))
                    .withMessage("the second half");
            int[] sum = new int[2];
            team.run(2, 1, (from, to, member) -> sum[member] = to);
            assertThat(sum).containsExactly(1, 2);
        }
    }

    @Test
    void aTeamOfNobodyIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Team(0)).withMessageContaining("threads = 0");
    }
}
