package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.Study;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With every patient in every step nothing is left to chance: the noise of the study would show. */
final class SingleSiteModelTest {
    private static final Study STUDY = new ExampleStudy()
            .with("evaluation", "single_site", "true")
            .with("privacy", "sampling_rate", "1.0")
            .with("privacy", "noise_multiplier", "5.0")
            .file()
            .study();
    private static final Map<String, String> FACTS = Map.of("run", "run-1");
    private static final List<Scan> PATIENTS = patients();

    @TempDir
    private Path folder;

    private int initialLoads;

    @Test
    void trainingRoundByRoundIsTrainingAtOnceAlsoAcrossProcesses() throws Exception {
        float[] atOnce = after(3, folder.resolve("a.alone"), FACTS);
        Path file = folder.resolve("b.alone");
        after(1, file, FACTS);
        after(2, file, FACTS);
        initialLoads = 0;
        assertThat(after(3, file, FACTS)).containsExactly(atOnce);
        assertThat(after(3, file, FACTS)).containsExactly(atOnce);
        assertThat(initialLoads).isZero();
        assertThat(folder.resolve("a.alone")).doesNotExist(); // a site compares for one run at a time
    }

    @Test
    void itIsTheUnnoisedTrainingOfThisSite() throws Exception {
        float[] alone = after(1, folder.resolve("a.alone"), FACTS);
        // Without privacy nothing is clipped; no gradient of these patients is as long as this bound.
        Study plain = new ExampleStudy()
                .with("privacy", "mode", "\"none\"")
                .with("privacy", "sampling_rate", "1.0")
                .file()
                .study();
        Study unclipped = new ExampleStudy()
                .with("privacy", "sampling_rate", "1.0")
                .with("privacy", "clip_norm", "1000.0")
                .file()
                .study();
        try (MaskedAutoencoder model = ModelShape.open(shape())) {
            float[] start = Initialisation.parameters(shape(), 3);
            float[] expected = update(plain, model, start);
            float[] found = update(unclipped, model, start);
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-6f));
            }
            float[] clipped = update(STUDY, model, start);
            for (int i = 0; i < clipped.length; i++) {
                assertThat(alone[i]).isCloseTo(start[i] + clipped[i], within(1e-6f));
            }
        }
    }

    private static float[] update(Study study, MaskedAutoencoder model, float[] start) throws Exception {
        return LocalTraining.withoutNoise(model, shape(), study, new PatientSampler(new SecureRandom()))
                .train(
                        start,
                        LocalTraining.Start.NONE,
                        PATIENTS,
                        4,
                        new Attempt("test", 1, 1),
                        Optional.empty(),
                        part -> {})
                .update()
                .getFirst();
    }

    @Test
    void whatIsOfAnotherRunOrDamagedIsTrainedAnew() throws Exception {
        Path file = folder.resolve("a.alone");
        float[] first = after(2, file, FACTS);
        assertThat(after(2, file, Map.of("run", "run-2"))).containsExactly(first);
        assertThat(initialLoads).isEqualTo(2);
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(after(2, file, FACTS)).containsExactly(first);
        assertThat(initialLoads).isEqualTo(3);
    }

    private float[] after(int rounds, Path file, Map<String, String> facts) throws Exception {
        try (MaskedAutoencoder model = ModelShape.open(shape())) {
            return new SingleSiteModel(file, facts)
                    .after(
                            rounds,
                            () -> {
                                initialLoads++;
                                return Initialisation.parameters(shape(), 3);
                            },
                            model,
                            shape(),
                            STUDY,
                            PATIENTS,
                            4,
                            "test",
                            part -> {});
        }
    }

    private static ModelConfiguration shape() {
        return ModelShape.of(STUDY);
    }

    private static List<Scan> patients() {
        return IntStream.range(0, 4).<Scan>mapToObj(Noise::new).toList();
    }

    private record Noise(long seed) implements Scan {
        @Override
        public int parcels() {
            return ExampleStudy.PARCELS;
        }

        @Override
        public int frames() {
            return ExampleStudy.WINDOW_FRAMES;
        }

        @Override
        public float[] load() {
            SplittableRandom random = new SplittableRandom(seed);
            float[] series = new float[parcels() * frames()];
            for (int i = 0; i < series.length; i++) {
                series[i] = (float) random.nextGaussian();
            }
            return series;
        }
    }
}
