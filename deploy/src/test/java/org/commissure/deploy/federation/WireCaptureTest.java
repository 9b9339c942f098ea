package org.commissure.deploy.federation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything that four sites and their coordinator said to each other in one run, byte for byte. */
@Tag("e2e")
@ExtendWith(FinishedRun.Provider.class)
final class WireCaptureTest {
    private final FinishedRun run;

    WireCaptureTest(FinishedRun run) {
        this.run = run;
    }

    @Test
    void theProxySawTheWholeRun() throws IOException {
        long model = Files.size(run.processes().run(FinishedRun.RUN_ID).resolve("model.safetensors"));
        long uploads = (long) FinishedRun.ROUNDS * TinyFederation.SITES.size() * model;
        assertThat(run.proxy().toCoordinator().length).isGreaterThan((int) (uploads / 2));
        assertThat(run.proxy().toSites().length).isGreaterThan((int) (uploads / 2));
    }

    @Test
    void noPatientIdIsOnTheWire() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String site : TinyFederation.SITES) {
            try (Stream<String> rows = Files.lines(run.tiny().cohort(site).resolve("participants.tsv"))
                    .skip(1)) {
                ids.addAll(rows.map(row -> row.split("\t", 2)[0]).toList());
            }
        }
        assertThat(ids).hasSize(16 * TinyFederation.SITES.size());
        for (byte[] capture : captures()) {
            String text = new String(capture, StandardCharsets.ISO_8859_1);
            assertThat(ids).noneMatch(text::contains);
        }
    }

    @Test
    void noRunOfAnySeriesIsOnTheWire() throws IOException {
        ByteRuns runs = new ByteRuns();
        byte[] oneSeries = new byte[0];
        for (String site : TinyFederation.SITES) {
            try (Stream<Path> files = Files.walk(run.tiny().cohort(site))) {
                for (Path series :
                        files.filter(file -> file.toString().endsWith(".npy")).toList()) {
                    oneSeries = Files.readAllBytes(series);
                    runs.add(oneSeries);
                }
            }
        }
        assertThat(runs.size()).isGreaterThan(100_000);
        assertThat(runs.occurIn(Arrays.copyOfRange(oneSeries, 200, 300)))
                .as("the search finds what is there")
                .isTrue();
        for (byte[] capture : captures()) {
            assertThat(runs.occurIn(capture)).isFalse();
        }
    }

    @Test
    void notEvenAReleasedModelCrossesInClear() throws IOException {
        ByteRuns runs = new ByteRuns();
        try (Stream<Path> models = Files.walk(run.processes().run(FinishedRun.RUN_ID))) {
            for (Path model : models.filter(file -> file.toString().endsWith(".safetensors"))
                    .toList()) {
                runs.add(Files.readAllBytes(model));
            }
        }
        assertThat(runs.size()).isPositive();
        for (byte[] capture : captures()) {
            assertThat(runs.occurIn(capture)).isFalse();
        }
    }

    private List<byte[]> captures() {
        return List.of(run.proxy().toCoordinator(), run.proxy().toSites());
    }
}
