package org.commissure.site.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.commissure.models.benchmark.Benchmark;
import org.commissure.models.benchmark.BenchmarkSize;
import org.commissure.models.benchmark.Contender;
import org.commissure.models.benchmark.Measurement;
import org.commissure.models.benchmark.SizeResult;
import org.commissure.models.torch.TorchModel;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Training steps of BrainLM on this machine's processor. */
@Command(
        name = "brainlm",
        mixinStandardHelpOptions = true,
        description = {
            "Measure training steps of BrainLM on this machine's processor: forward, backward and Adam, on random"
                    + " windows of 424 parcels × 200 frames.",
            "Sizes: small, mid and full (256 wide, 4 + 2 layers; a tenth, a quarter and a quarter of all tokens"
                    + " visible, 15, 25 and 75 in a hundred predicted), big (768 wide, 12 + 2 layers), and brainlm-13m,"
                    + " the published model. CPU time counts all threads. The share of the peak is that of"
                    + " the engine's own 2048³ matrix product on one thread, measured between the steps, times the"
                    + " threads.",
            "Every engine runs in a process of its own; they take turns, step by step."
        },
        footer = {
            "",
            "Examples:",
            "  commissure bench brainlm --threads 2 --sizes small,mid",
            "  deploy/libtorch.sh cpu && commissure bench brainlm --threads 2 --peer libtorch --json"
        })
final class BenchBrainLm implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "threads of each engine (default: all processors)")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--peer", paramLabel = "ENGINE", description = "libtorch: measure it, too, and print the ratios")
    private @Nullable String peer;

    @Option(
            names = "--dp",
            description = "measure also a step that clips each patient's gradient, and its ratio to a plain one")
    private boolean clipped;

    @Option(names = "--sizes", split = ",", paramLabel = "SIZE", description = "which sizes (default: all five)")
    private List<String> sizes = BenchmarkSize.NAMES;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "5",
            description = "steps that count, after three that do not (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        Set<Contender> contenders = contenders();
        for (String size : sizes) {
            if (!BenchmarkSize.NAMES.contains(size)) {
                throw new UserError(
                        "--sizes names '" + size + "'", "sizes are " + String.join(", ", BenchmarkSize.NAMES));
            }
        }
        if (threads < 1 || steps < 1) {
            throw new UserError("--threads is " + threads + " and --steps is " + steps, "give at least 1 of each");
        }
        var benchmark = new Benchmark(threads, steps, contenders);
        List<SizeResult> results = new ArrayList<>();
        for (String size : sizes) {
            try {
                SizeResult result = benchmark.run(size, this::progress);
                results.add(result);
                if (!json) {
                    print(result, Output.of(spec));
                }
            } catch (IOException e) {
                throw new UserError(
                        "measuring size " + size + " failed: " + e.getMessage(),
                        "close other programs if memory ran out, or leave the size out with --sizes");
            }
        }
        if (json) {
            Output.json(
                    Output.of(spec),
                    Map.of("sizes", results.stream().map(BenchBrainLm::facts).toList()));
        }
        return 0;
    }

    private Set<Contender> contenders() {
        Set<Contender> contenders = EnumSet.of(Contender.COMMISSURE);
        if (clipped) {
            contenders.add(Contender.COMMISSURE_CLIPPED);
        }
        if (peer != null) {
            if (!peer.equals("libtorch")) {
                throw new UserError("--peer is '" + peer + "'", "the one peer is libtorch");
            }
            if (!TorchModel.librariesArePresent()) {
                throw new UserError(
                        "libtorch's native libraries are not installed; Commissure ships none",
                        "fetch them with deploy/libtorch.sh cpu (90 MB), or leave --peer out");
            }
            contenders.add(Contender.LIBTORCH);
        }
        return contenders;
    }

    private void progress(String size, int done, int all, Duration left) {
        PrintWriter err = Objects.requireNonNull(spec, "picocli injects the specification")
                .commandLine()
                .getErr();
        err.printf("%s: step %d of %d, about %d s left%n", size, done, all, left.toSeconds());
        err.flush();
    }

    private static void print(SizeResult result, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s: %.1f GFLOP a step, %d threads, matrix product %.0f GFLOP/s%n",
                result.size(),
                result.gigaflops(),
                result.threads(),
                result.peakGigaflopsPerSecond());
        out.printf(
                Locale.ROOT,
                "  %-20s %21s %21s %9s %8s %8s%n",
                "",
                "CPU ms best / median",
                "wall ms best / median",
                "GFLOP/s",
                "of peak",
                "peak MB");
        for (Measurement m : result.measurements()) {
            out.printf(
                    Locale.ROOT,
                    "  %-20s %10.0f %10.0f %10.0f %10.0f %9.1f %7.0f%% %8d%n",
                    m.contender().label(),
                    m.cpuMillisBest(),
                    m.cpuMillisMedian(),
                    m.wallMillisBest(),
                    m.wallMillisMedian(),
                    m.gigaflopsPerSecond(),
                    100 * m.shareOfPeak(),
                    m.peakMemoryBytes() / 1_000_000);
        }
        ratios(result).forEach((name, ratio) -> out.printf(Locale.ROOT, "  %s %.2f%n", name.replace('_', ' '), ratio));
        out.flush();
    }

    /** Of medians. */
    private static Map<String, Double> ratios(SizeResult result) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        Measurement ours = result.of(Contender.COMMISSURE).orElseThrow();
        result.of(Contender.LIBTORCH).ifPresent(theirs -> {
            ratios.put("wall_time_to_libtorch", ours.wallMillisMedian() / theirs.wallMillisMedian());
            ratios.put("cpu_time_to_libtorch", ours.cpuMillisMedian() / theirs.cpuMillisMedian());
            ratios.put("memory_to_libtorch", (double) ours.peakMemoryBytes() / theirs.peakMemoryBytes());
        });
        result.of(Contender.COMMISSURE_CLIPPED).ifPresent(each -> {
            ratios.put("clipped_wall_time_to_plain", each.wallMillisMedian() / ours.wallMillisMedian());
            ratios.put("clipped_cpu_time_to_plain", each.cpuMillisMedian() / ours.cpuMillisMedian());
        });
        return ratios;
    }

    private static Map<String, Object> facts(SizeResult result) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("size", result.size());
        facts.put("threads", result.threads());
        facts.put("gflop_per_step", result.gigaflops());
        facts.put("gemm_peak_gflop_per_second", result.peakGigaflopsPerSecond());
        List<Map<String, Object>> engines = new ArrayList<>();
        for (Measurement m : result.measurements()) {
            Map<String, Object> engine = new LinkedHashMap<>();
            engine.put("engine", m.contender().name().toLowerCase(Locale.ROOT));
            engine.put("cpu_ms_best", m.cpuMillisBest());
            engine.put("cpu_ms_median", m.cpuMillisMedian());
            engine.put("wall_ms_best", m.wallMillisBest());
            engine.put("wall_ms_median", m.wallMillisMedian());
            engine.put("gflop_per_second", m.gigaflopsPerSecond());
            engine.put("share_of_gemm_peak", m.shareOfPeak());
            engine.put("peak_memory_bytes", m.peakMemoryBytes());
            engines.add(engine);
        }
        facts.put("engines", engines);
        facts.put("ratios", ratios(result));
        return facts;
    }
}
