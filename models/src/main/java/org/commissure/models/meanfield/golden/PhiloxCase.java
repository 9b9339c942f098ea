package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.files.TargetFile;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.FastDynamics;
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

    private static final int COUNTS_ON_EDGES = 3;

    private static final double FLOAT_TOLERANCE = 5e-3;
    private static final double FLOAT_COST_TOLERANCE = 1e-3;
    /** Costs that the published code computed in single precision. */
    private static final double SINGLE_COST_TOLERANCE = 1e-5;

    private static final Pattern REPETITION = Pattern.compile("rep=(\\d+)");
    private static final Pattern STREAM = Pattern.compile("stream=(\\d+)");
    private static final Pattern CANDIDATE = Pattern.compile("(bold|FC|FCDhist)_cand(\\d+).*");
    private static final Pattern COST = Pattern.compile("(fc_r64|ks64|fc_cost|ks)_(\\w+)");

    private final GoldenFiles files;
    private final String name;
    private final JsonNode golden;
    private final GoldenSetup setup;
    private final PhiloxNoise noise;
    private final int window;
    private final int stride;

    private PhiloxCase(GoldenFiles files, String name, JsonNode golden) throws IOException {
        this.files = files;
        this.name = name;
        this.golden = golden;
        this.setup = GoldenSetup.of(files, name, golden)
                .first(candidates(files, name, golden))
                .keeping(frames(files, name));
        String counter = golden.path("counter").asText();
        this.noise = new PhiloxNoise(
                Long.decode(golden.path("key").path(0).asText()).intValue(),
                Long.decode(golden.path("key").path(1).asText()).intValue(),
                number(REPETITION, counter, 0),
                number(STREAM, counter, 7));
        this.window =
                golden.path("window_frames").asInt(golden.path("window").asInt(ConnectivityDynamics.WINDOW_FRAMES));
        this.stride = golden.path("stride_frames").asInt(golden.path("stride").asInt(1));
    }

    static void run(GoldenFiles files, String name, JsonNode golden) throws IOException {
        if (!files.has(name)) {
            files.skip(name + ": not in the folder");
            return;
        }
        new PhiloxCase(files, name, golden).run();
    }

    /** As many as have results or outputs. */
    private static int candidates(GoldenFiles files, String name, JsonNode golden) throws IOException {
        int count = Math.max(1, golden.path("results").size());
        for (String output : files.arrays(name)) {
            Matcher matcher = CANDIDATE.matcher(output);
            if (matcher.matches()) {
                count = Math.max(count, Integer.parseInt(matcher.group(2)) + 1);
            }
        }
        return count;
    }

    /** That the outputs hold; 0 where none says. */
    private static int frames(GoldenFiles files, String name) throws IOException {
        Optional<Path> bold = files.findBeginning(name, "bold");
        return bold.isPresent() ? GoldenFiles.read(bold.get()).shape().getFirst() : 0;
    }

    private static int number(Pattern pattern, String text, int otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    private void run() throws IOException {
        compareNoise(setup.connectome().regions());
        try (Simulator exact = new ReferenceSimulator();
                Simulator fast = new VectorSimulator()) {
            List<Bold> inDouble = simulate(exact);
            List<Bold> inFloat = simulate(fast);
            for (int candidate = 0; candidate < setup.candidates().size(); candidate++) {
                compare(candidate, true, inDouble.get(candidate));
                compare(candidate, false, inFloat.get(candidate));
            }
        }
    }

    private List<Bold> simulate(Simulator simulator) {
        return simulator
                .simulate(setup.connectome(), setup.candidates(), setup.haemodynamics(), setup.timing(), noise)
                .stream()
                .map(bold -> bold.after(setup.timing().discardedFrames()))
                .toList();
    }

    private void compareNoise(int regions) throws IOException {
        for (String output : files.arrays(name)) {
            Optional<GoldenArray> expected = output.startsWith("noise") ? files.array(name, output) : Optional.empty();
            if (expected.isPresent()) {
                float[] drawn = new float[expected.get().values().length];
                noise.fill(0, drawn.length / regions, regions, drawn);
                double[] actual = new double[drawn.length];
                for (int i = 0; i < actual.length; i++) {
                    actual[i] = drawn[i];
                }
                files.compare(name, output + ".npy", "noise", actual, expected.get(), 0);
            }
        }
    }

    private void compare(int candidate, boolean exact, Bold bold) throws IOException {
        SimulatedStatistics statistics = SimulatedStatistics.of(
                bold,
                kept -> exact
                        ? ConnectivityDynamics.histogram(kept, window, stride)
                        : new FastDynamics().histogram(kept, window, stride));
        String engine = exact ? "double" : "float";
        for (String output : files.arrays(name)) {
            Matcher matcher = CANDIDATE.matcher(output);
            if (!matcher.matches() || Integer.parseInt(matcher.group(2)) != candidate) {
                continue;
            }
            Optional<GoldenArray> expected = files.array(name, output);
            if (expected.isEmpty()) {
                continue;
            }
            GoldenArray array = expected.get();
            String file = output + ".npy";
            switch (matcher.group(1)) {
                case "bold" ->
                    files.compare(
                            name,
                            file,
                            engine,
                            bold.values(),
                            array,
                            exact ? BOLD_TOLERANCE : Double.POSITIVE_INFINITY);
                case "FC" ->
                    files.compare(
                            name,
                            file,
                            engine,
                            matrix(statistics.correlation(), bold.regions()),
                            array,
                            exact ? BOLD_TOLERANCE : FLOAT_TOLERANCE);
                default ->
                    files.compare(
                            name,
                            file,
                            engine,
                            cumulative(statistics.histogram()),
                            new GoldenArray(
                                    array.shape(), ConnectivityDynamics.cumulative(array.values()), array.single()),
                            Math.max(exact ? HISTOGRAM_TOLERANCE : FLOAT_COST_TOLERANCE, onEdges(statistics, exact)));
            }
        }
        compareCosts(candidate, exact, statistics);
    }

    /** Share of the few counts on the edge of a bin, which rounding moves; it matters where windows are few. */
    private static double onEdges(SimulatedStatistics statistics, boolean exact) {
        return (exact ? 0 : COUNTS_ON_EDGES)
                / (double) Math.max(1, Arrays.stream(statistics.histogram()).sum());
    }

    private static double[] cumulative(long[] histogram) {
        return ConnectivityDynamics.cumulative(
                Arrays.stream(histogram).asDoubleStream().toArray());
    }

    private void compareCosts(int candidate, boolean exact, SimulatedStatistics statistics) throws IOException {
        JsonNode results = golden.path("results").path(candidate);
        Map<String, Optional<Target>> targets = new TreeMap<>();
        for (Map.Entry<String, JsonNode> result : results.properties()) {
            Matcher matcher = COST.matcher(result.getKey());
            if (!matcher.matches() || !result.getValue().isNumber()) {
                continue;
            }
            String split = matcher.group(2);
            if (!targets.containsKey(split)) {
                targets.put(split, target(split));
            }
            Optional<Target> target = targets.get(split);
            if (target.isEmpty()) {
                continue;
            }
            Cost cost = Prediction.of(List.of(statistics))
                    .map(prediction -> prediction.against(target.get()))
                    .orElse(Cost.DIVERGED);
            double actual = switch (matcher.group(1)) {
                case "fc_r64" -> cost.fcCorrelation();
                case "fc_cost" -> cost.fcCost();
                default -> cost.ks();
            };
            boolean inDouble = matcher.group(1).endsWith("64");
            double tolerance = exact ? inDouble ? COST_TOLERANCE : SINGLE_COST_TOLERANCE : FLOAT_COST_TOLERANCE;
            files.compare(
                    name,
                    "cand" + candidate + " " + result.getKey(),
                    exact ? "double" : "float",
                    new double[] {actual},
                    new GoldenArray(List.of(1), new double[] {result.getValue().asDouble()}, false),
                    matcher.group(1).startsWith("ks") ? Math.max(tolerance, onEdges(statistics, exact)) : tolerance);
        }
    }

    private Optional<Target> target(String split) throws IOException {
        Optional<Path> connectivity = files.find("common", "FC_" + split);
        Optional<Path> dynamics = files.find("common", "FCDcdf_" + split);
        if (connectivity.isEmpty() || dynamics.isEmpty()) {
            files.skip("common/FC_" + split + ".npy and common/FCDcdf_" + split + ".npy: not both in the folder");
            return Optional.empty();
        }
        return Optional.of(TargetFile.read(connectivity.get(), dynamics));
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
