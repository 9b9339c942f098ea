package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.ExplicitNoise;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.ZeroNoise;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;

/**
 * Candidates with given or no noise, and what they went through. Outputs, by the beginning of their names:
 *
 * <ul>
 *   <li>{@code bold}: [candidates, frames, regions], or [regions, candidates, frames] where the name ends so; all frames
 *       or the last ones
 *   <li>{@code S_everyN}: S after every N-th step from the first, [candidates, times, regions]
 *   <li>{@code S_candK_firstN}: S after the first N steps, [steps, regions]
 *   <li>{@code S}: S after every step
 *   <li>{@code final}: S, z, f, v, q, H after the last, [candidates, 6, regions]
 * </ul>
 */
final class SeriesCase {
    private static final double TOLERANCE = 1e-9;
    private static final double TOY_TOLERANCE = 1e-12;
    private static final double FLOAT_TOLERANCE = 5e-3;

    /** H is some tens of hertz: the same digits, another unit. */
    private static final double FINAL_TIMES = 10;

    private static final String TRANSPOSED = "node_cand_frame";
    private static final Pattern EVERY = Pattern.compile("S_every(\\d+).*");
    private static final Pattern FIRST = Pattern.compile("S_cand(\\d+)_first(\\d+).*");
    private static final Pattern WITHOUT_NOISE = Pattern.compile("0|zero|none|.*noise=0.*");

    private final GoldenFiles files;
    private final String name;
    private final GoldenSetup setup;
    private final Noise noise;
    private final double tolerance;
    private final double looseTolerance;

    private SeriesCase(GoldenFiles files, String name, JsonNode golden, GoldenSetup setup, Noise noise) {
        this.files = files;
        this.name = name;
        this.setup = setup;
        this.noise = noise;
        this.tolerance = golden.path("tolerance_f64").asDouble(golden.has("w") ? TOY_TOLERANCE : TOLERANCE);
        this.looseTolerance = golden.path("tolerance_f32").asDouble(FLOAT_TOLERANCE);
    }

    static void run(GoldenFiles files, String name, JsonNode golden) throws IOException {
        if (there(files, name)) {
            GoldenSetup setup = GoldenSetup.of(files, name, golden);
            Optional<Noise> noise = noise(files, name, golden, setup);
            if (noise.isPresent()) {
                new SeriesCase(files, name, golden, setup.first(candidates(files, name)), noise.get()).run();
            }
        }
    }

    /** @param other the case whose inputs, without its noise, are this one's */
    static void withoutNoise(GoldenFiles files, String name, String other, JsonNode golden) throws IOException {
        if (there(files, name)) {
            GoldenSetup setup = GoldenSetup.of(files, other, golden).first(candidates(files, name));
            new SeriesCase(files, name, golden, setup, new ZeroNoise()).run();
        }
    }

    private static boolean there(GoldenFiles files, String name) {
        if (!files.has(name)) {
            files.skip(name + ": not in the folder");
            return false;
        }
        return true;
    }

    private static Optional<Noise> noise(GoldenFiles files, String name, JsonNode golden, GoldenSetup setup)
            throws IOException {
        var file = files.findBeginning(name, "noise");
        if (file.isEmpty()) {
            if (WITHOUT_NOISE
                    .matcher(golden.path("noise").asText().toLowerCase(Locale.ROOT))
                    .matches()) {
                return Optional.of(new ZeroNoise());
            }
            files.skip(name + "/noise_f32.npy: not in the folder");
            return Optional.empty();
        }
        double[] values = GoldenFiles.read(file.get()).values();
        float[] increments = new float[values.length];
        for (int i = 0; i < increments.length; i++) {
            increments[i] = (float) values[i];
        }
        return Optional.of(new ExplicitNoise(setup.connectome().regions(), increments));
    }

    /** A case may have fewer candidates than its parameters. */
    private static int candidates(GoldenFiles files, String name) throws IOException {
        for (String output : files.arrays(name)) {
            if (output.startsWith("bold") && files.find(name, output).isPresent()) {
                List<Integer> shape =
                        GoldenFiles.read(files.find(name, output).get()).shape();
                return shape.size() < 3 ? 1 : shape.get(output.endsWith(TRANSPOSED) ? 1 : 0);
            }
        }
        return Integer.MAX_VALUE;
    }

    private void run() throws IOException {
        int regions = setup.connectome().regions();
        Recorder recorder = new Recorder(setup.candidates().size(), regions, setup.timing());
        ReferenceSimulator exact = new ReferenceSimulator();
        for (RegionalParameters candidate : setup.candidates()) {
            recorder.add(exact.simulate(
                    setup.connectome(), candidate, setup.haemodynamics(), setup.timing(), noise, recorder));
        }
        List<Bold> inFloat;
        try (VectorSimulator fast = new VectorSimulator()) {
            inFloat =
                    fast.simulate(setup.connectome(), setup.candidates(), setup.haemodynamics(), setup.timing(), noise);
        }
        for (String usual : List.of("bold", "final_S_z_f_v_q_H")) {
            if (files.arrays(name).stream().noneMatch(output -> output.startsWith(usual))) {
                files.skip(name + "/" + usual + ".npy: not in the folder");
            }
        }
        for (String output : files.arrays(name)) {
            Matcher every = EVERY.matcher(output);
            Matcher first = FIRST.matcher(output);
            if (output.startsWith("bold")) {
                bold(output, "double", recorder.bold(), tolerance);
                bold(output, "float", inFloat, looseTolerance);
            } else if (every.matches()) {
                compare(output, recorder.gating(Integer.parseInt(every.group(1))), tolerance);
            } else if (first.matches()) {
                int candidate = Integer.parseInt(first.group(1));
                compare(output, recorder.firstGating(candidate, Integer.parseInt(first.group(2))), tolerance);
            } else if (output.equals("S") || output.startsWith("S_f64") || output.startsWith("S_f32")) {
                compare(output, recorder.gating(1), tolerance);
            } else if (output.startsWith("final")) {
                compare(output, recorder.last(), setup.candidates().size() == 1 ? tolerance * FINAL_TIMES : tolerance);
            } else if (!isInput(output)) {
                files.skip(name + "/" + output + ": a kind of output that is not compared");
            }
        }
    }

    private static boolean isInput(String array) {
        String name = array.toLowerCase(Locale.ROOT);
        return name.startsWith("noise") || name.startsWith("sc") || name.startsWith("params");
    }

    private void bold(String output, String engine, List<Bold> candidates, double tolerance) throws IOException {
        Optional<GoldenArray> expected = files.array(name, output);
        if (expected.isEmpty()) {
            return;
        }
        int perFrame = candidates.size() * candidates.getFirst().regions();
        int frames = Math.min(candidates.getFirst().frames(), expected.get().values().length / perFrame);
        List<Bold> compared = candidates.stream()
                .map(each -> each.after(each.frames() - frames))
                .toList();
        double[] actual = output.endsWith(TRANSPOSED)
                ? byRegion(compared)
                : compared.stream()
                        .flatMapToDouble(each -> Arrays.stream(each.values()))
                        .toArray();
        files.compare(name, output + ".npy", engine, actual, expected.get(), tolerance);
    }

    /** [regions, candidates, frames]. */
    private static double[] byRegion(List<Bold> candidates) {
        int frames = candidates.getFirst().frames();
        int regions = candidates.getFirst().regions();
        double[] values = new double[regions * candidates.size() * frames];
        int next = 0;
        for (int region = 0; region < regions; region++) {
            for (Bold each : candidates) {
                for (int frame = 0; frame < frames; frame++) {
                    values[next++] = each.values()[frame * regions + region];
                }
            }
        }
        return values;
    }

    private void compare(String output, double[] actual, double tolerance) throws IOException {
        Optional<GoldenArray> expected = files.array(name, output);
        if (expected.isPresent()) {
            files.compare(name, output + ".npy", "double", actual, expected.get(), tolerance);
        }
    }
}
