package org.commissure.models.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Measures sizes one after the other. */
public final class Benchmark {
    /** Steps before those that count: our engine's kernels are compiled during them. */
    private static final int WARM_UP_STEPS = 3;

    private static final int GEMM_WARM_UP_STEPS = 2;

    private final int threads;
    private final int steps;
    private final Set<Contender> contenders;

    /** Told after every round of steps. */
    @FunctionalInterface
    public interface Progress {
        /** @param left estimated for this size */
        void round(String size, int done, int all, Duration left);
    }

    /**
     * @param threads of each contender
     * @param steps that count, of each contender; at least 1
     * @param contenders besides the matrix product, which is always measured
     */
    public Benchmark(int threads, int steps, Set<Contender> contenders) {
        if (threads < 1 || steps < 1) {
            throw new IllegalArgumentException(threads + " threads and " + steps + " steps: at least 1 of each");
        }
        this.threads = threads;
        this.steps = steps;
        this.contenders = new TreeSet<>(contenders);
    }

    /** @throws IOException if a contender's process ends; the message has its last words */
    public SizeResult run(String name, Progress progress) throws IOException {
        BenchmarkSize size = BenchmarkSize.named(name);
        List<WorkerProcess> workers = new ArrayList<>();
        try (WorkerProcess gemm = new WorkerProcess(Contender.GEMM, name, 1)) {
            for (Contender contender : contenders) {
                workers.add(new WorkerProcess(contender, name, threads));
            }
            return run(size, gemm, workers, progress);
        } finally {
            for (WorkerProcess worker : workers) {
                worker.close();
            }
        }
    }

    private record Measured(WorkerProcess worker, List<WorkerProcess.Step> steps) {}

    private SizeResult run(BenchmarkSize size, WorkerProcess gemm, List<WorkerProcess> workers, Progress progress)
            throws IOException {
        List<Measured> measured = workers.stream()
                .map(worker -> new Measured(worker, new ArrayList<>()))
                .toList();
        for (int i = 0; i < GEMM_WARM_UP_STEPS; i++) {
            gemm.step();
        }
        long fastestGemm = Long.MAX_VALUE;
        int rounds = WARM_UP_STEPS + steps;
        long begin = System.nanoTime();
        for (int round = 0; round < rounds; round++) {
            fastestGemm = Math.min(fastestGemm, gemm.step().wallNanos());
            for (Measured one : measured) {
                WorkerProcess.Step step = one.worker().step();
                if (round >= WARM_UP_STEPS) {
                    one.steps().add(step);
                }
            }
            long perRound = (System.nanoTime() - begin) / (round + 1);
            progress.round(size.name(), round + 1, rounds, Duration.ofNanos(perRound * (rounds - round - 1)));
        }
        double peak = threads * 2 * Math.pow(Worker.GEMM_SIZE, 3) / fastestGemm;
        List<Measurement> measurements = new ArrayList<>();
        for (Measured one : measured) {
            measurements.add(measurement(one.worker(), one.steps(), size.gigaflops(), peak));
        }
        return new SizeResult(size.name(), threads, size.gigaflops(), peak, measurements);
    }

    private static Measurement measurement(
            WorkerProcess worker, List<WorkerProcess.Step> steps, double gigaflops, double peak) throws IOException {
        double[] cpu = sortedMillis(
                steps.stream().mapToLong(WorkerProcess.Step::cpuNanos).toArray());
        double[] wall = sortedMillis(
                steps.stream().mapToLong(WorkerProcess.Step::wallNanos).toArray());
        double speed = gigaflops / (wall[0] / 1e3);
        return new Measurement(
                worker.contender(),
                cpu[0],
                median(cpu),
                wall[0],
                median(wall),
                speed,
                speed / peak,
                worker.mostResidentBytes());
    }

    private static double[] sortedMillis(long[] nanos) {
        return Arrays.stream(nanos).sorted().mapToDouble(n -> n / 1e6).toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
