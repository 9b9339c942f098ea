package org.commissure.site.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.benchmark.RegionalBenchmark;
import org.commissure.models.meanfield.benchmark.RegionalSpeed;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Simulations of the regional model on this machine's processor. */
@Command(
        name = "regional",
        mixinStandardHelpOptions = true,
        description = {
            "Measure simulations of the regional mean-field model on this machine's processor: 68 regions, the published"
                    + " clock of 99,401 steps, scored as in a fit; drawing the noise counts.",
            "Without dynamics only functional connectivity is computed; with them, also the connectivity dynamics at"
                    + " stride 4, as in a search, and at stride 1, as published. Simulations per core are by processor time,"
                    + " which other programs disturb less than the clock on the wall; the best of three rounds counts.",
            "The scalar engine in double precision, one candidate at a time, is measured between the others on a"
                    + " simulation of 6,000 steps and scaled to the published length; its statistics are left out."
        },
        footer = {"", "Example:", "  commissure bench regional --threads 2 --json"})
final class BenchRegional implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "threads (default: all processors)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Mixin
    private FactsOption output = new FactsOption();

    @Override
    public Integer call() {
        if (threads < 1) {
            throw new UserError("--threads is " + threads, "give at least one");
        }
        RegionalBenchmark.Result result;
        try {
            result = new RegionalBenchmark(threads).run(this::progress);
        } catch (InterruptedException e) {
            throw new UserError("the measurement was stopped", "start it again", e);
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        output.print(facts(result, load), print -> print(result, load, print));
        return 0;
    }

    private void progress(int done, int all) {
        PrintWriter err = Objects.requireNonNull(spec, "picocli injects the specification")
                .commandLine()
                .getErr();
        err.println("measurement " + done + " of " + all);
        err.flush();
    }

    private static Map<String, Object> facts(RegionalBenchmark.Result result, double load) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("engine", result.engine());
        facts.put("threads", result.threads());
        facts.put("candidates_at_once", result.batch());
        facts.put("regions", RegionalBenchmark.REGIONS);
        facts.put("steps", Timing.KONG_2021.totalSteps());
        facts.put("load_average", load);
        facts.put("without_dynamics", facts(result.withoutDynamics()));
        facts.put("dynamics_stride_4", facts(result.searchDynamics()));
        facts.put("dynamics_stride_1", facts(result.publishedDynamics()));
        Map<String, Object> reference = facts(result.reference());
        reference.put("measured_steps", RegionalBenchmark.REFERENCE_STEPS);
        facts.put("scalar_double", reference);
        facts.put("ratio_to_scalar_double", result.ratioToReference());
        return facts;
    }

    private static Map<String, Object> facts(RegionalSpeed speed) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("simulations_per_second_and_core", speed.perCoreSecond());
        facts.put("simulations_per_second", speed.perSecond());
        facts.put("measured", speed.simulations());
        return facts;
    }

    private static void print(RegionalBenchmark.Result result, double load, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s, %d threads, %d candidates at once; load average %.1f%n",
                result.engine(),
                result.threads(),
                result.batch(),
                load);
        out.printf("  %-28s %18s %18s%n", "simulations a second", "of a core", "of all threads");
        line(out, "without dynamics", result.withoutDynamics());
        line(out, "with dynamics, stride 4", result.searchDynamics());
        line(out, "with dynamics, stride 1", result.publishedDynamics());
        line(out, "scalar, double", result.reference());
        out.printf(Locale.ROOT, "  ratio to scalar, double: %.1f%n", result.ratioToReference());
    }

    private static void line(PrintWriter out, String what, RegionalSpeed speed) {
        out.printf(Locale.ROOT, "  %-28s %18.2f %18.2f%n", what, speed.perCoreSecond(), speed.perSecond());
    }
}
