package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.site.ExampleStudy;
import org.commissure.site.SeveralScans;
import org.junit.jupiter.api.Test;

final class DistributedGradientTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Attempt ATTEMPT = new Attempt("attempt 1", 1, 1);
    private static final int WINDOW = ExampleStudy.WINDOW_FRAMES;

    @Test
    void severalWindowsOfOnePatientAreOneClippedContribution() throws Exception {
        Study study = ExampleStudy.distributed().file().study();
        DistributedNoise noise = noise(study, 3);
        try (Steep model = new Steep(1e6f)) {
            int[] sum = gradient(model, study, noise)
                    .sum(new float[3], LocalTrainingTest.patients(1, 10 * WINDOW), ATTEMPT, new SplittableRandom(1));
            assertThat(model.windows).isEqualTo(4);
            for (int value : sum) {
                assertThat(Math.abs(value - noise.unitsPerClip() / Math.sqrt(3)))
                        .isLessThan(1.001);
            }
        }
    }

    @Test
    void severalScansOfOnePatientAreOneClippedContribution() throws Exception {
        Study study = ExampleStudy.distributed().file().study();
        DistributedNoise noise = noise(study, 3);
        List<Scan> one = List.of(new SeveralScans(LocalTrainingTest.patients(6, WINDOW)));
        try (Steep model = new Steep(1e6f)) {
            int[] sum = gradient(model, study, noise).sum(new float[3], one, ATTEMPT, new SplittableRandom(1));
            assertThat(model.windows).isEqualTo(4);
            for (int value : sum) {
                assertThat(Math.abs(value - noise.unitsPerClip() / Math.sqrt(3)))
                        .isLessThan(1.001);
            }
        }
    }

    @Test
    void aPatientWithManyScansMovesTheSumByNoMoreThanOneWithOneMay() throws Exception {
        Study study = ExampleStudy.adaptive().file().study();
        ModelConfiguration shape = ModelShape.of(study);
        float[] start = Initialisation.parameters(shape, 3);
        DistributedNoise noise = noise(study, start.length);
        List<Scan> others = LocalTrainingTest.patients(5, 2 * WINDOW);
        List<Scan> andOne = new ArrayList<>(others);
        andOne.add(new SeveralScans(LocalTrainingTest.patients(9, 3 * WINDOW)));
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            int[] with = gradient(model, study, noise).sum(start, andOne, ATTEMPT, new SplittableRandom(1));
            int[] without = gradient(model, study, noise).sum(start, others, ATTEMPT, new SplittableRandom(1));
            double squares = 0;
            for (int i = 0; i < with.length; i++) {
                squares += Math.pow((double) with[i] - without[i], 2);
            }
            double sensitivity =
                    noise.siteSigma() * Math.sqrt(2) / study.privacy().noiseMultiplier();
            assertThat(Math.sqrt(squares)).isGreaterThan(0.1 * sensitivity).isLessThanOrEqualTo(sensitivity);
            assertThat(Math.abs(with[start.length] - without[start.length])).isEqualTo((int) noise.unitsPerVote());
        }
    }

    @Test
    void onePatientMoreMovesTheSumByNoMoreThanTheNoiseIsMeasuredAgainst() throws Exception {
        Study study = ExampleStudy.adaptive().file().study();
        ModelConfiguration shape = ModelShape.of(study);
        float[] start = Initialisation.parameters(shape, 3);
        DistributedNoise noise = noise(study, start.length);
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            int[] with = gradient(model, study, noise)
                    .sum(start, LocalTrainingTest.patients(6, 2 * WINDOW), ATTEMPT, new SplittableRandom(1));
            int[] without = gradient(model, study, noise)
                    .sum(start, LocalTrainingTest.patients(5, 2 * WINDOW), ATTEMPT, new SplittableRandom(1));
            double squares = 0;
            for (int i = 0; i < with.length; i++) {
                squares += Math.pow((double) with[i] - without[i], 2);
            }
            double sensitivity =
                    noise.siteSigma() * Math.sqrt(2) / study.privacy().noiseMultiplier();
            assertThat(Math.sqrt(squares)).isGreaterThan(0.1 * sensitivity).isLessThanOrEqualTo(sensitivity);
            assertThat(Math.abs(with[start.length] - without[start.length])).isEqualTo((int) noise.unitsPerVote());
        }
    }

    @Test
    void theErrorOfASumOfSitesIsThePredictedNoise() throws Exception {
        int parameters = 30_000;
        Study study = ExampleStudy.distributed().file().study();
        DistributedNoise noise = noise(study, parameters);
        long[] error = new long[parameters];
        List<Scan> patients = LocalTrainingTest.patients(4, WINDOW);
        try (Steep model = new Steep(0.001f, parameters)) {
            for (int site = 0; site < 3; site++) {
                DistributedGradient gradient = gradient(model, study, noise);
                int[] exact = gradient.sum(new float[parameters], patients, ATTEMPT, new SplittableRandom(site));
                int[] sent = gradient.vector(
                        new float[parameters], patients, ATTEMPT, new SplittableRandom(site), RANDOM, at -> {});
                for (int i = 0; i < parameters; i++) {
                    error[i] += sent[i] - exact[i];
                }
            }
        }
        double squares = 0;
        for (long one : error) {
            squares += (double) one * one;
        }
        double unit = noise.unit(study.privacy().clipNorm());
        double measured = Math.sqrt(squares / parameters) * unit;
        // σ·C is the noise of t − c = 2 sites; three sent theirs, and rounding to the grid asks for a little more.
        double predicted = study.privacy().noiseMultiplier() * study.privacy().clipNorm() * Math.sqrt(3.0 / 2);
        double rounding = 1 + Math.sqrt(parameters) / noise.unitsPerClip();
        assertThat(measured).isCloseTo(predicted * rounding, within(predicted * 3 * Math.sqrt(2.0 / parameters)));
    }

    @Test
    void votesCountThoseWhoWereNotClipped() throws Exception {
        Study study = ExampleStudy.adaptive().file().study();
        DistributedNoise noise = noise(study, 3);
        for (float slope : new float[] {1e-3f, 1e3f}) {
            try (Steep model = new Steep(slope)) {
                int[] sum = gradient(model, study, noise)
                        .sum(new float[3], LocalTrainingTest.patients(5, WINDOW), ATTEMPT, new SplittableRandom(1));
                assertThat(sum[3]).isEqualTo((slope < 1 ? 5 : -5) * (int) noise.unitsPerVote());
            }
        }
    }

    private static DistributedNoise noise(Study study, long parameters) {
        return DistributedNoise.of(study, parameters, 3, 3, 1);
    }

    private static DistributedGradient gradient(MaskedAutoencoder model, Study study, DistributedNoise noise) {
        return new DistributedGradient(
                model,
                ModelShape.of(study),
                study,
                SharedPart.whole(model.parameterCount()),
                noise,
                study.privacy().clipNorm(),
                new PatientSampler(RANDOM));
    }
}
