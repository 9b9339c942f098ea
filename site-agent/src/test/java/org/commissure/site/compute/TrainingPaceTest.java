package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TrainingPaceTest {
    private final AtomicLong nanos = new AtomicLong(77);

    @Test
    void everyHalfMinuteItTellsPaceAndTimeLeft() {
        TrainingPace pace = new TrainingPace(0, 100, nanos::get);
        after(29);
        assertThat(pace.patient(0.5)).isEmpty();
        after(1);
        // Two patients in 30 s; one step of a hundred is done.
        assertThat(pace.patient(1)).contains("training, 1 of 100 steps done, 0.07 patients/s, 49 min 30 s left");
        after(10);
        assertThat(pace.patient(1.5)).isEmpty();
        after(20);
        assertThat(pace.patient(2)).contains("training, 2 of 100 steps done, 0.07 patients/s, 49 min 0 s left");
    }

    @Test
    void aResumedTrainingCountsOnlyWhatItDidItself() {
        TrainingPace pace = new TrainingPace(90, 100, nanos::get);
        after(3600);
        assertThat(pace.patient(91)).contains("training, 91 of 100 steps done, 0.00 patients/s, 9 h 0 min left");
    }

    private void after(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
