package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.TargetFile;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.FastDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Prediction;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.meanfield.statistics.Target;

/**
 * The published simulation with counter-based noise: BOLD of the frames that count, FC, the histogram of the dynamics
 * (as the largest difference of the distributions) and the costs against each split of the data. In single precision a
 * region near the edge of its two states may jump a moment earlier, so single frames are told but not judged: FC and
 * costs are.
 */
final class PhiloxCase {
    private static final double BOLD_TOLERANCE = 1e-9;
    private static final double COST_TOLERANCE = 1e-6;

    /** Counts whose correlation lies on the edge of a bin. */
    private static final double HISTOGRAM_TOLERANCE = 1e-5;

    private static final double FLOAT_TOLERANCE = 5e-3;
    private static final double FLOAT_COST_TOLERANCE = 1e-3;
    private static final List<String> SPLITS = List.of("train", "vali", "test");
    private static final Pattern REPETITION = Pattern.compile("rep=(\\d+)");
    private static final Pattern STREAM = Pattern.compile("stream=(\\d+)");

    private final GoldenFiles files;
    private final String name;
    private final JsonNode golden;
    private final Timing timing;
    private final PhiloxNoise noise;

    private PhiloxCase(GoldenFiles files, String name, JsonNode golden) {
        this.files = files;
        this.name = name;
        this.golden = golden;
        Timing kong = Timing.KONG_2021;
        int warmUp = golden.path("warmup_steps").asInt(kong.warmUpSteps());
        this.timing = new Timing(
                golden.path("dt").asDouble(kong.stepSeconds()),
                warmUp,
                golden.path("steps").asInt(kong.totalSteps()) - warmUp,
                golden.path("TR_steps").asInt(kong.stepsPerFrame()),
                golden.path("discard_frames").asInt(kong.discardedFrames()));
        String counter = golden.path("counter").asText();
        this.noise = new PhiloxNoise(
                Long.decode(golden.path("key").path(0).asText()).intValue(),
                Long.decode(golden.path("key").path(1).asText()).intValue(),
                number(REPETITION, counter, 0),
                number(STREAM, counter, 7));
    }

    static void run(GoldenFiles files, String name, JsonNode golden) throws IOException {
        if (!files.has(name)) {
            files.skip(name + ": not in the folder");
            return;
        }
        new PhiloxCase(files, name, golden).run();
    }

    private static int number(Pattern pattern, String text, int otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    private void run() throws IOException {
        Connectome connectome = files.connectome(golden);
        compareNoise(connectome.regions());
        int count = Math.max(golden.path("results").size(), 1);
        List<RegionalParameters> candidates = files.candidates(golden).subList(0, count);
        try (Simulator exact = new ReferenceSimulator();
                Simulator fast = new VectorSimulator()) {
            List<Bold> inDouble = simulate(exact, connectome, candidates);
            List<Bold> inFloat = simulate(fast, connectome, candidates);
            for (int candidate = 0; candidate < count; candidate++) {
                compare(candidate, "double", inDouble.get(candidate).after(timing.discardedFrames()));
                compare(candidate, "float", inFloat.get(candidate).after(timing.discardedFrames()));
            }
        }
    }

    private List<Bold> simulate(Simulator simulator, Connectome connectome, List<RegionalParameters> candidates) {
        return simulator.simulate(connectome, candidates, GoldenFiles.haemodynamics(golden), timing, noise);
    }

    private void compareNoise(int regions) throws IOException {
        String file = "noise_first64steps_f32.npy";
        Optional<double[]> expected = files.numbers(name, file);
        if (expected.isPresent()) {
            float[] drawn = new float[expected.get().length];
            noise.fill(0, drawn.length / regions, regions, drawn);
            double[] actual = new double[drawn.length];
            for (int i = 0; i < actual.length; i++) {
                actual[i] = drawn[i];
            }
            files.compare(name, file, "noise", actual, expected.get(), 0);
        }
    }

    private void compare(int candidate, String engine, Bold bold) throws IOException {
        boolean exact = engine.equals("double");
        String shape = timing.keptFrames() + "x" + bold.regions();
        compare(
                "bold_cand" + candidate + "_" + shape + "_f64.npy",
                engine,
                bold.values(),
                exact ? BOLD_TOLERANCE : Double.POSITIVE_INFINITY);
        double[] correlation = FunctionalConnectivity.of(bold);
        compare(
                "FC_cand" + candidate + ".npy",
                engine,
                matrix(correlation, bold.regions()),
                exact ? BOLD_TOLERANCE : FLOAT_TOLERANCE);
        long[] histogram = exact
                ? ConnectivityDynamics.histogram(bold, ConnectivityDynamics.WINDOW_FRAMES, 1)
                : new FastDynamics().histogram(bold, ConnectivityDynamics.WINDOW_FRAMES, 1);
        String file = "FCDhist_cand" + candidate + "_f64.npy";
        Optional<double[]> counts = files.numbers(name, file);
        if (counts.isPresent()) {
            files.compare(
                    name,
                    file,
                    engine,
                    ConnectivityDynamics.cumulative(
                            Arrays.stream(histogram).asDoubleStream().toArray()),
                    ConnectivityDynamics.cumulative(counts.get()),
                    exact ? HISTOGRAM_TOLERANCE : FLOAT_COST_TOLERANCE);
        }
        for (String split : SPLITS) {
            compareCosts(candidate, engine, split, correlation, histogram);
        }
    }

    private void compareCosts(int candidate, String engine, String split, double[] correlation, long[] histogram)
            throws IOException {
        JsonNode result = golden.path("results").path(candidate);
        String connectivity = "common/FC_" + split + ".npy";
        String dynamics = "common/FCDcdf_" + split + ".npy";
        if (!result.has("fc_r64_" + split)) {
            return;
        }
        if (!files.has(connectivity) || !files.has(dynamics)) {
            files.skip(connectivity + " and " + dynamics + ": not both in the folder");
            return;
        }
        Target target = TargetFile.read(files.path(connectivity), Optional.of(files.path(dynamics)));
        Cost cost = Prediction.of(List.of(new SimulatedStatistics(correlation, histogram)))
                .map(prediction -> prediction.against(target))
                .orElse(Cost.DIVERGED);
        double tolerance = engine.equals("double") ? COST_TOLERANCE : FLOAT_COST_TOLERANCE;
        cost(candidate, engine, result, "fc_r64_" + split, cost.fcCorrelation(), tolerance);
        cost(candidate, engine, result, "ks64_" + split, cost.ks(), tolerance);
    }

    private void cost(int candidate, String engine, JsonNode result, String field, double actual, double tolerance)
            throws IOException {
        double[] expected = {result.path(field).asDouble(Double.NaN)};
        files.compare(name, "cand" + candidate + " " + field, engine, new double[] {actual}, expected, tolerance);
    }

    private void compare(String file, String engine, double[] actual, double tolerance) throws IOException {
        Optional<double[]> expected = files.numbers(name, file);
        if (expected.isPresent()) {
            files.compare(name, file, engine, actual, expected.get(), tolerance);
        }
    }

    private static double[] matrix(double[] triangle, int regions) {
        double[] matrix = new double[regions * regions];
        int pair = 0;
        for (int i = 0; i < regions; i++) {
            matrix[i * regions + i] = 1;
            for (int j = i + 1; j < regions; j++) {
                matrix[i * regions + j] = triangle[pair];
                matrix[j * regions + i] = triangle[pair++];
            }
        }
        return matrix;
    }
}
