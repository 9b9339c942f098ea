package org.commissure.site.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.privacy.secagg.MaskBenchmark;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Masking and unmasking of vectors on this machine's processor. */
@Command(
        name = "secagg",
        mixinStandardHelpOptions = true,
        description = {
            "Measure how fast this machine masks and unmasks a vector of 32-bit integers, on one thread.",
            "A site adds its own mask and one for each peer; the coordinator takes as many away. Beside it, in"
                    + " the same run: the AES-256 keystream for as many masks, which is the limit, and as many"
                    + " passes of a plain addition of one array to another. Times are CPU seconds."
        },
        footer = {"", "Example:", "  commissure bench secagg --parameters 10000000 --peers 5,32 --json"})
final class BenchSecagg implements Callable<Integer> {
    private static final int MOST_PEERS = 254;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--parameters",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "elements of the vector (default: ${DEFAULT-VALUE})")
    private int parameters;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "N",
            defaultValue = "5,32",
            description = "numbers of peers to measure (default: ${DEFAULT-VALUE})")
    private List<Integer> peers = List.of();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "9",
            description = "repetitions that count, after three that do not (default: ${DEFAULT-VALUE})")
    private int repetitions;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    @Override
    public Integer call() {
        if (parameters < 1 || repetitions < 1 || peers.stream().anyMatch(n -> n < 1 || n > MOST_PEERS)) {
            throw new UserError(
                    "--parameters is " + parameters + ", --repetitions is " + repetitions + ", --peers is " + peers,
                    "give at least 1 of each, and at most " + MOST_PEERS + " peers");
        }
        MaskBenchmark benchmark = new MaskBenchmark(parameters, repetitions);
        List<MaskBenchmark.Result> results = new ArrayList<>();
        for (int number : peers) {
            MaskBenchmark.Result result = benchmark.run(number);
            results.add(result);
            if (!json) {
                print(result, Output.of(spec));
            }
        }
        if (json) {
            Output.json(
                    Output.of(spec),
                    Map.of("masking", results.stream().map(BenchSecagg::facts).toList()));
        }
        return 0;
    }

    private static void print(MaskBenchmark.Result result, PrintWriter out) {
        out.printf(Locale.ROOT, "%,d parameters, %d peers%n", result.parameters(), result.peers());
        print(out, "mask", result.mask());
        print(out, "unmask", result.unmask());
        print(out, "keystream alone", result.keystream());
        print(out, "plain addition", result.add());
        out.printf(
                Locale.ROOT,
                "  masking reaches %.0f%% of the keystream's speed, unmasking %.0f%%; masking takes %.2f times the"
                        + " plain addition%n",
                100 * result.maskShareOfKeystream(),
                100 * result.unmaskShareOfKeystream(),
                result.maskToAdd());
        out.flush();
    }

    private static void print(PrintWriter out, String what, MaskBenchmark.Seconds seconds) {
        out.printf(Locale.ROOT, "  %-16s best %.4f s, median %.4f s%n", what, seconds.best(), seconds.median());
    }

    private static Map<String, Object> facts(MaskBenchmark.Result result) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("parameters", result.parameters());
        facts.put("peers", result.peers());
        put(facts, "mask", result.mask());
        put(facts, "unmask", result.unmask());
        put(facts, "keystream", result.keystream());
        put(facts, "plain_addition", result.add());
        facts.put("mask_share_of_keystream", result.maskShareOfKeystream());
        facts.put("unmask_share_of_keystream", result.unmaskShareOfKeystream());
        facts.put("mask_to_plain_addition", result.maskToAdd());
        return facts;
    }

    private static void put(Map<String, Object> facts, String what, MaskBenchmark.Seconds seconds) {
        facts.put(what + "_cpu_seconds_best", seconds.best());
        facts.put(what + "_cpu_seconds_median", seconds.median());
    }
}
