package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.brainlm.OptimiserState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    private static final Checkpoint CHECKPOINT = new Checkpoint(
            12,
            Map.of("seed", "7", "window", "4 parcels × 20 frames"),
            vector(300_000, 1),
            vector(3, 2),
            new OptimiserState(11, vector(300_000, 3), vector(300_000, 4)),
            Optional.of(new BestEvaluation(10, 0.25)));

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private byte[] bytes = {};

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("checkpoint");
        CheckpointFile.write(file, CHECKPOINT);
        bytes = Files.readAllBytes(file);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Checkpoint read = CheckpointFile.read(file);
        assertThat(read.step()).isEqualTo(12);
        assertThat(read.facts()).isEqualTo(CHECKPOINT.facts());
        assertThat(read.parameters()).isEqualTo(CHECKPOINT.parameters());
        assertThat(read.anchor()).isEqualTo(CHECKPOINT.anchor());
        assertThat(read.optimiser().steps()).isEqualTo(11);
        assertThat(read.optimiser().mean()).isEqualTo(CHECKPOINT.optimiser().mean());
        assertThat(read.optimiser().meanSquare())
                .isEqualTo(CHECKPOINT.optimiser().meanSquare());
        assertThat(read.best()).isEqualTo(CHECKPOINT.best());
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
        for (int length : new int[] {0, 5, 11, 12, 40, 200, bytes.length / 2, bytes.length - 33, bytes.length - 1}) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatExceptionOfType(CheckpointException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> CheckpointFile.read(file))
                    .withMessageContaining("checkpoint");
        }
    }

    @Test
    void oneFlippedBitAnywhereIsNoticed() throws IOException {
        for (int at : new int[] {0, 9, 30, 1_000, bytes.length / 2, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertThatExceptionOfType(CheckpointException.class)
                    .as("byte %d", at)
                    .isThrownBy(() -> CheckpointFile.read(file));
        }
    }

    @Test
    void aTrailingByteIsNoticed() throws IOException {
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CheckpointFile.read(file))
                .withMessageContaining("announces");
    }

    private static float[] vector(int length, int factor) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = factor / (i + 1f);
        }
        return vector;
    }
}
