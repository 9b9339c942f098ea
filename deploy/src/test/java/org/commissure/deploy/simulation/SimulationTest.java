package org.commissure.deploy.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.commissure.deploy.federation.Launcher;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulationTest {
    @Test
    @Tag("e2e")
    void theModelOfVirtualSitesIsTheSumOfThoseThatDidNotVanish(@TempDir Path folder) throws Exception {
        Scenario scenario = new Scenario(7, 100_000, 1, 0.05, 0.5, 0.25, 3);
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        Simulation.Result result = new Simulation(
                        Launcher.find(), scenario, new PrintStream(progress, true, StandardCharsets.UTF_8))
                .run(folder);
        assertThat(result.exact()).isTrue();
        assertThat(result.rounds()).singleElement().satisfies(round -> {
            assertThat(round.survivors()).isEqualTo(5);
            assertThat(round.seconds()).isPositive();
        });
        assertThat(result.coordinatorCpuSeconds()).isPositive();
        assertThat(result.siteCpuSeconds()).isPositive();
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("train collecting", "round 1 released");
    }

    @Test
    void moreSitesThanOneSumHasPartiesAreRefused() {
        assertThatThrownBy(() -> new Scenario(256, 1000, 1, 0, 0, 0, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--sites is 256");
    }

    @Test
    void moreVanishingSitesThanASumWithstandsAreRefused() {
        assertThatThrownBy(() -> new Scenario(9, 1000, 1, 0, 0, 0.34, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("fewer than 7 of 9");
        assertThat(new Scenario(9, 1000, 1, 0, 0, 0.2, 1).leavers()).hasSize(2);
    }

    @Test
    void aShareThatIsNoneIsRefused() {
        for (double share : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> new Scenario(9, 1000, 1, 0, 0, share, 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("--drop is " + share);
        }
    }

    @Test
    void trainingTimesHaveTheMedianThatWasAskedFor() {
        Scenario scenario = new Scenario(200, 1000, 1, 20, 0.5, 0, 1);
        long shorter = IntStream.range(0, 200)
                .filter(site -> scenario.training(site, 1).compareTo(Duration.ofSeconds(20)) < 0)
                .count();
        assertThat(shorter).isBetween(70L, 130L);
    }
}
