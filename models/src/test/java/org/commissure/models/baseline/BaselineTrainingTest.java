package org.commissure.models.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.RandomCoordinates;
import org.commissure.models.weights.Optimiser;
import org.commissure.models.weights.Optimisers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaselineTrainingTest {
    private static final int PARCELS = 24;
    private static final int FRAMES = 16;
    private static final float[][] PLACES = RandomCoordinates.of(PARCELS, 2);

    private static BaselineConfiguration configuration(Family family) {
        return new BaselineConfiguration(family, PARCELS, FRAMES, 4, List.of(32), 45, 0.5, PLACES);
    }

    /** Four slow networks by the signs of x and y: four fifths of every parcel's variance are its network's. */
    private static float[] window(RandomGenerator random) {
        double[][] network = new double[4][FRAMES];
        for (double[] course : network) {
            double state = random.nextGaussian();
            for (int t = 0; t < FRAMES; t++) {
                course[t] = state;
                state = 0.9 * state + Math.sqrt(1 - 0.81) * random.nextGaussian();
            }
        }
        float[] window = new float[PARCELS * FRAMES];
        for (int p = 0; p < PARCELS; p++) {
            double[] course = network[(PLACES[p][0] < 0 ? 0 : 1) + (PLACES[p][1] < 0 ? 0 : 2)];
            for (int t = 0; t < FRAMES; t++) {
                window[p * FRAMES + t] = (float) (course[t] + 0.5 * random.nextGaussian());
            }
        }
        return window;
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void sixHundredStepsLowerTheLoss(Family family) {
        var random = new SplittableRandom(8);
        var c = configuration(family);
        float[] parameters = BaselineInitialisation.parameters(c, 1);
        try (var model = Baselines.open(c)) {
            double before = heldOut(model, parameters);
            train(model, parameters, 600, random);
            double after = heldOut(model, parameters);
            System.out.printf("%s: loss %.3f -> %.3f%n", family, before, after);
            assertThat(after).isLessThan(0.7 * before);
        }
    }

    /** In a small JVM of its own, whose heap is resident from the start: what grows then is native. */
    @ParameterizedTest
    @EnumSource(Family.class)
    void fiveHundredStepsLeaveMemoryFlat(Family family) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-Dorg.bytedeco.javacpp.maxbytes=1g",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=3g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Steps.class.getName(),
                family.name()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        String line =
                output.lines().filter(l -> l.startsWith("grown ")).findFirst().orElseThrow();
        long kilobytes = Long.parseLong(line.substring("grown ".length()));
        System.out.printf("%s: resident memory %+d kB over 500 steps%n", family, kilobytes);
        assertThat(kilobytes).isLessThan(32_000);
    }

    /** Prints how many kilobytes 500 steps add, after 600 that fill workspaces and compile. */
    static final class Steps {
        private Steps() {}

        public static void main(String[] arguments) throws IOException {
            var random = new SplittableRandom(8);
            var c = configuration(Family.valueOf(arguments[0]));
            float[] parameters = BaselineInitialisation.parameters(c, 1);
            try (var model = Baselines.open(c)) {
                train(model, parameters, 600, random);
                long before = residentKilobytes();
                train(model, parameters, 500, random);
                System.out.println("grown " + (residentKilobytes() - before));
            }
        }
    }

    private static void train(MaskedAutoencoder model, float[] parameters, int steps, RandomGenerator random) {
        float[] gradient = new float[parameters.length];
        Optimiser optimiser = Optimisers.adam(parameters.length, 0.003);
        for (int step = 0; step < steps; step++) {
            model.loadParameters(parameters);
            model.gradient(window(random), Mask.random(model.configuration().tokens(), 0.5, random), gradient);
            optimiser.step(parameters, gradient);
        }
    }

    private static double heldOut(MaskedAutoencoder model, float[] parameters) {
        var random = new SplittableRandom(99);
        model.loadParameters(parameters);
        float[] prediction = new float[PARCELS * FRAMES];
        double sum = 0;
        for (int i = 0; i < 40; i++) {
            sum += model.reconstruct(
                    window(random), Mask.random(model.configuration().tokens(), 0.5, random), prediction);
        }
        return sum / 40;
    }

    private static long residentKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new AssertionError("no VmRSS");
    }
}
