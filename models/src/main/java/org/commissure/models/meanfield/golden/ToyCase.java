package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.ExplicitNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.simulation.VectorSimulator;

/** One small candidate whose parameters stand in the manifest; S of every step. */
final class ToyCase {
    private static final double TOLERANCE = 1e-12;
    private static final double FLOAT_TOLERANCE = 5e-3;

    private ToyCase() {}

    static void run(GoldenFiles files, String name, JsonNode golden) throws IOException {
        Optional<float[]> noise = files.noise(name);
        if (noise.isEmpty()) {
            return;
        }
        RegionalParameters candidate = new RegionalParameters(
                numbers(golden.path("w")),
                numbers(golden.path("I")),
                golden.path("G").asDouble(),
                numbers(golden.path("sigma")));
        Connectome connectome = Connectome.ofScaled(MatrixFile.read(files.path(name + "/sc.npy")));
        Timing timing = new Timing(
                golden.path("dt").asDouble(0.01),
                golden.path("warmup").asInt(),
                golden.path("main").asInt(),
                golden.path("TR_steps").asInt(72),
                0);
        ExplicitNoise given = new ExplicitNoise(connectome.regions(), noise.get());
        Recorder recorder = new Recorder(1, connectome.regions(), timing);
        recorder.add(new ReferenceSimulator()
                .simulate(connectome, candidate, GoldenFiles.haemodynamics(golden), timing, given, recorder));
        double tolerance = golden.path("tolerance_f64").asDouble(TOLERANCE);
        compare(files, name, "S.npy", "double", recorder.gating(1), tolerance);
        compare(files, name, "bold.npy", "double", recorder.bold(), tolerance);
        // H is some tens of hertz: the same digits, another unit
        compare(files, name, "final_S_z_f_v_q_H.npy", "double", recorder.last(), tolerance * 10);
        try (VectorSimulator fast = new VectorSimulator()) {
            Bold bold = fast.simulate(connectome, List.of(candidate), GoldenFiles.haemodynamics(golden), timing, given)
                    .getFirst();
            double loose = golden.path("tolerance_f32").asDouble(FLOAT_TOLERANCE);
            compare(files, name, "bold.npy", "float", bold.values(), loose);
        }
    }

    private static void compare(
            GoldenFiles files, String name, String output, String engine, double[] actual, double tolerance)
            throws IOException {
        Optional<double[]> expected = files.numbers(name, output);
        if (expected.isPresent()) {
            files.compare(name, output, engine, actual, expected.get(), tolerance);
        }
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }
}
