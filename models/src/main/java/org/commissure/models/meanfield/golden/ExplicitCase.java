package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.ExplicitNoise;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.ZeroNoise;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;

/** Many candidates with given noise, or none: BOLD of all frames, S along the way, the state at the end. */
final class ExplicitCase {
    private static final String BOLD = "bold_ref_f64_cand_frame_node.npy";
    private static final String GATING = "S_every100_cand_t_node.npy";
    private static final String FIRST_GATING = "S_cand0_first2000steps.npy";
    private static final String FINAL = "final_S_z_f_v_q_H.npy";
    private static final int GATING_STEPS = 100;
    private static final int FIRST_STEPS = 2_000;

    private ExplicitCase() {}

    static void run(GoldenFiles files, String name, JsonNode golden, boolean withoutNoise) throws IOException {
        if (!files.has(name)) {
            files.skip(name + ": not in the folder");
            return;
        }
        Connectome connectome = files.connectome(golden);
        Timing timing = new Timing(
                golden.path("dt").asDouble(0.01),
                golden.path("warmup_steps").asInt(),
                golden.path("main_steps").asInt(),
                golden.path("TR_steps").asInt(72),
                golden.path("discard_frames").asInt());
        Noise noise = new ZeroNoise();
        if (!withoutNoise) {
            Optional<float[]> given = files.noise(name);
            if (given.isEmpty()) {
                return;
            }
            noise = new ExplicitNoise(connectome.regions(), given.get());
        }
        List<RegionalParameters> candidates = files.candidates(golden);
        double tolerance = golden.path("tolerance_f64").asDouble(1e-9);
        inDouble(files, name, golden, connectome, candidates, timing, noise, tolerance);
        try (VectorSimulator fast = new VectorSimulator()) {
            List<Bold> bold = fast.simulate(connectome, candidates, GoldenFiles.haemodynamics(golden), timing, noise);
            double loose = golden.path("tolerance_f32").asDouble(5e-3);
            Optional<double[]> expected = files.numbers(name, BOLD);
            if (expected.isPresent()) {
                files.compare(name, BOLD, "float", joined(bold), expected.get(), loose);
            }
        }
    }

    private static void inDouble(
            GoldenFiles files,
            String name,
            JsonNode golden,
            Connectome connectome,
            List<RegionalParameters> candidates,
            Timing timing,
            Noise noise,
            double tolerance)
            throws IOException {
        Recorder recorder = new Recorder(candidates.size(), connectome.regions(), timing);
        ReferenceSimulator exact = new ReferenceSimulator();
        for (RegionalParameters candidate : candidates) {
            recorder.add(
                    exact.simulate(connectome, candidate, GoldenFiles.haemodynamics(golden), timing, noise, recorder));
        }
        compare(files, name, BOLD, recorder.bold(), tolerance);
        if (files.has(name + "/" + GATING)) {
            compare(files, name, GATING, recorder.gating(GATING_STEPS), tolerance);
        }
        if (files.has(name + "/" + FIRST_GATING)) {
            compare(files, name, FIRST_GATING, recorder.firstGating(FIRST_STEPS), tolerance);
        }
        compare(files, name, FINAL, recorder.last(), tolerance);
    }

    private static void compare(GoldenFiles files, String name, String output, double[] actual, double tolerance)
            throws IOException {
        Optional<double[]> expected = files.numbers(name, output);
        if (expected.isPresent()) {
            files.compare(name, output, "double", actual, expected.get(), tolerance);
        }
    }

    private static double[] joined(List<Bold> bold) {
        return bold.stream()
                .flatMapToDouble(each -> Arrays.stream(each.values()))
                .toArray();
    }
}
