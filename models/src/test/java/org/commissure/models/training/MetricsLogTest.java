package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
    private static final TrainingPlan PLAN = TrainingPlan.of(2_000, 8, 0.002, new Masking.Random(0.5), 1);
    private static final Scores SCORES = new Scores(100, 0.5, 0.4, -0.1, 0.2);

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void writeSixSteps() throws IOException {
        file = folder.resolve("metrics.jsonl");
        MetricsLog log = new MetricsLog(file, PLAN);
        log.on(new TrainingEvent.Evaluated(0, SCORES));
        for (int step = 1; step <= 6; step++) {
            log.on(new TrainingEvent.Stepped(step, step, 1, 0.001));
        }
    }

    @Test
    void linesAreMeansOverSomeSteps() throws IOException {
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"step\":0,\"values\":100,\"meanSquaredError\":0.5,\"r2\":0.4,\"r2ParcelMean\":-0.1,"
                                + "\"r2Interpolation\":0.2}",
                        "{\"step\":2,\"loss\":1.5,\"gradientNorm\":1.0,\"learningRate\":0.001}",
                        "{\"step\":4,\"loss\":3.5,\"gradientNorm\":1.0,\"learningRate\":0.001}",
                        "{\"step\":6,\"loss\":5.5,\"gradientNorm\":1.0,\"learningRate\":0.001}");
    }

    @Test
    void aResumedRunDropsWhatCameAfterItsCheckpoint() throws IOException {
        Files.writeString(file, "{\"step\":8,\"lo", StandardOpenOption.APPEND);
        MetricsLog log = new MetricsLog(file, PLAN);
        log.on(new TrainingEvent.Resumed(4, folder));
        log.on(new TrainingEvent.Stepped(5, 7, 1, 0.001));
        log.on(new TrainingEvent.Stepped(6, 8, 1, 0.001));
        assertThat(log.losses().stream().map(TrainingEvent.Stepped::loss)).containsExactly(1.5, 3.5, 7.5);
        assertThat(log.evaluations()).containsExactly(new TrainingEvent.Evaluated(0, SCORES));
        assertThat(Files.readAllLines(file)).hasSize(4);
    }

    @Test
    void aFreshRunOverwritesTheFile() throws IOException {
        MetricsLog log = new MetricsLog(file, PLAN);
        log.on(new TrainingEvent.Evaluated(0, SCORES));
        assertThat(Files.readAllLines(file)).hasSize(1);
        assertThat(log.losses()).isEqualTo(List.of());
    }
}
