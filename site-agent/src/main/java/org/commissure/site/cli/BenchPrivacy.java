package org.commissure.site.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.dp.DiscreteGaussianNoise;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PoissonGaussian;
import org.commissure.privacy.dp.Relation;
import org.commissure.privacy.dp.pld.PldAccountant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Noise samples and accounting on one thread of this machine. */
@Command(
        name = "privacy",
        mixinStandardHelpOptions = true,
        description = {
            "Measure noise and accounting on one thread: CPU time, the best of several repetitions.",
            "Discrete Gaussian noise of sigma 2^20 and floating-point Gaussian noise, a sample; and epsilon of 100,000"
                    + " steps by privacy loss distributions, usual ones and ones of rare samples, whose grid is fine; the"
                    + " longer of these two as a share of the two seconds that an approval may wait for it."
        },
        footer = {"", "Example:", "  commissure bench privacy --json"})
final class BenchPrivacy implements Callable<Integer> {
    private static final double ACCOUNTING_LIMIT_MS = 2_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--samples", paramLabel = "N", description = "in one repetition (default: ${DEFAULT-VALUE})")
    private int samples = 1_000_000;

    @Option(names = "--repetitions", paramLabel = "N", description = "(default: ${DEFAULT-VALUE})")
    private int repetitions = 8;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        int[] ring = new int[Math.max(1, samples)];
        float[] floats = new float[ring.length];
        DiscreteGaussianNoise discrete = new DiscreteGaussianNoise(new SecureRandom(), 20);
        GaussianNoise continuous = new GaussianNoise(new SecureRandom());
        Map<String, Double> facts = new LinkedHashMap<>();
        facts.put("discrete_gaussian_ns", best(() -> discrete.addTo(ring)) / ring.length);
        facts.put("gaussian_ns", best(() -> continuous.addTo(floats, 1)) / ring.length);
        double usualMs = accountingMs(new PoissonGaussian(0.01, 4), 1e-7);
        double rareMs = accountingMs(new PoissonGaussian(1e-5, 0.8), 1e-6);
        facts.put("pld_100000_steps_ms", usualMs);
        facts.put("pld_100000_rare_ms", rareMs);
        facts.put("pld_of_limit", Math.max(usualMs, rareMs) / ACCOUNTING_LIMIT_MS);
        PrintWriter out = Output.of(spec);
        if (json) {
            Output.json(out, facts);
        } else {
            facts.forEach((name, value) -> out.println(String.format(Locale.ROOT, "%-22s %.2f", name, value)));
            out.flush();
        }
        return 0;
    }

    private double accountingMs(PoissonGaussian step, double delta) {
        return best(() ->
                        PldAccountant.of(Relation.ADD_REMOVE).add(step, 100_000).epsilon(delta))
                / 1e6;
    }

    private double best(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.max(1, repetitions); i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            work.run();
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
        }
        return best;
    }
}
