package org.commissure.models.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongConsumer;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.engine.Device;
import org.commissure.models.engine.Engines;
import org.commissure.models.tensor.Gemm;
import org.commissure.models.tensor.Workspace;
import org.commissure.models.torch.Precision;
import org.commissure.models.torch.TorchModel;

/**
 * The process of one contender. It answers every line {@code step} on its standard input with {@value #STEPPED} and the
 * nanoseconds of CPU time (all threads) and wall time, every {@code memory} with {@value #MEMORY} and the most bytes
 * that were ever resident, and ends with its input, so that it does not outlive its parent.
 */
final class Worker {
    static final String STEPPED = "stepped";
    static final String MEMORY = "memory";
    static final int GEMM_SIZE = 2048;

    private static final double LEARNING_RATE = 1e-4;
    private static final double CLIP_NORM = 1;

    private Worker() {}

    /** @param arguments contender, size, threads */
    public static void main(String[] arguments) throws IOException {
        Contender contender = Contender.valueOf(arguments[0]);
        int threads = Integer.parseInt(arguments[2]);
        if (contender == Contender.GEMM) {
            answer(gemm());
            return;
        }
        BenchmarkSize size = BenchmarkSize.named(arguments[1]);
        try (TrainableModel model = open(contender, size, threads)) {
            model.loadParameters(BenchmarkData.parameters(size));
            model.beginTraining(AdamSettings.DEFAULT);
            OptionalDouble clip =
                    contender == Contender.COMMISSURE_CLIPPED ? OptionalDouble.of(CLIP_NORM) : OptionalDouble.empty();
            answer(step -> {
                List<Example> batch = BenchmarkData.batch(size, step);
                var settings = new StepSettings(LEARNING_RATE, Double.POSITIVE_INFINITY, 0, clip, step);
                measured(() -> model.step(batch, settings));
            });
        }
    }

    private static TrainableModel open(Contender contender, BenchmarkSize size, int threads) {
        return contender == Contender.LIBTORCH
                ? TorchModel.onCpu(size.configuration(), threads, Precision.FLOAT32)
                : Engines.open(size.configuration(), Device.CPU, threads);
    }

    /** The engine's own product, which is the fastest here. Not closed: it lives as long as the process. */
    private static LongConsumer gemm() {
        int n = GEMM_SIZE;
        var plan = new Workspace.Plan();
        long a = plan.reserve((long) n * n);
        long b = plan.reserve((long) n * n);
        long c = plan.reserve((long) n * n);
        Workspace w = plan.allocate();
        for (int i = 0; i < n * n; i++) {
            w.set(a + i, (float) Math.sin(i));
            w.set(b + i, (float) Math.sin(i));
        }
        return step -> measured(() -> Gemm.multiply(w, false, false, n, n, n, 1, a, n, b, n, 0, c, n));
    }

    private static void measured(Runnable step) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        step.run();
        wall = System.nanoTime() - wall;
        cpu = system.getProcessCpuTime() - cpu;
        System.out.println(STEPPED + " " + cpu + " " + wall);
    }

    /** @param step given the number of the step; prints its own answer */
    private static void answer(LongConsumer step) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long steps = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(MEMORY)) {
                System.out.println(MEMORY + " " + PeakMemory.residentBytes());
            } else {
                step.accept(steps++);
            }
        }
    }
}
