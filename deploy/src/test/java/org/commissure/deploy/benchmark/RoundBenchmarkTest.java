package org.commissure.deploy.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.deploy.federation.Launcher;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A coordinator's own process, as the launcher starts it, while real sites upload at once. */
@Tag("e2e")
final class RoundBenchmarkTest {
    private static final int PARAMETERS = 2_000_000;
    private static final int ROUNDS = 2;
    private static final double MEBIBYTES_BESIDE_TWO_MODELS = 150;

    @ParameterizedTest
    @ValueSource(ints = {4, 12})
    void theCoordinatorHoldsTwoModelsAndAFixedRestWhateverTheNumberOfSites(int sites, @TempDir Path folder)
            throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");
        RoundBenchmark.Result result =
                new RoundBenchmark(Launcher.find(), sites, PARAMETERS, ROUNDS, false).run(folder);
        System.out.printf(
                "%d sites, model of %.1f MiB: coordinator at most %.0f MiB, resident %.0f; round %.2f s, transfer %.2f s%n",
                sites,
                result.modelMebibytes(),
                result.ownMebibytes(),
                result.residentMebibytes(),
                result.best(),
                result.transferSeconds());
        assertThat(result.roundSeconds()).hasSize(ROUNDS).allMatch(seconds -> seconds > 0);
        assertThat(result.transferSeconds()).isPositive();
        assertThat(Math.abs(result.parameters() - PARAMETERS)).isLessThan(PARAMETERS / 100);
        assertThat(result.ownMebibytes())
                .isPositive()
                .isLessThan(2 * result.modelMebibytes() + MEBIBYTES_BESIDE_TWO_MODELS);
    }
}
