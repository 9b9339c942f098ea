package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ToolMain;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code commissure bench round}; the launcher starts it with both sides on the class path. */
@Command(
        name = "commissure bench round",
        mixinStandardHelpOptions = true,
        description = {
            "Measure a whole federated round on this machine, without training: a coordinator in a process of its own and"
                    + " real site agents, over mutual TLS on loopback, everything durable and logged.",
            "A round runs from its first invitation to the released model. Beside it, in the same run: a plain transfer"
                    + " of the same bytes over the same mutual TLS. Also prints the CPU time of all"
                    + " parties and the most memory that the coordinator held."
        },
        footer = {
            "",
            "Examples:",
            "  commissure bench round",
            "  commissure bench round --sites 4 --parameters 13000000 --json",
            "",
            "Exit status: 0 measured; 2 usage; 3 could not run."
        })
public final class RoundCommand implements Callable<Integer> {
    private static final int FEWEST_SITES = 3;
    private static final int MOST_SITES = 64;

    @Option(names = "--sites", paramLabel = "N", description = "how many, 3 or more (default: ${DEFAULT-VALUE})")
    private int sites = FEWEST_SITES;

    @Option(names = "--parameters", paramLabel = "N", description = "of the model, about (default: ${DEFAULT-VALUE})")
    private int parameters = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "rounds to measure (default: ${DEFAULT-VALUE})")
    private int rounds = 8;

    @Option(names = "--sum-check", description = "have the sites check every released sum too")
    private boolean sumCheck;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    private final PrintStream out = System.out;

    private RoundCommand() {}

    public static void main(String[] arguments) {
        ToolMain.run(new RoundCommand(), arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (sites < FEWEST_SITES || sites > MOST_SITES || rounds < 1) {
            throw new UserError(
                    "--sites is " + sites + ", --rounds is " + rounds,
                    "give " + FEWEST_SITES + " to " + MOST_SITES + " sites and at least one round");
        }
        Path folder = Files.createTempDirectory("commissure-bench-round");
        RoundBenchmark.Result result =
                new RoundBenchmark(Launcher.find(), sites, parameters, rounds, sumCheck).run(folder);
        LocalFederation.delete(folder);
        if (json) {
            out.println(ToolMain.json(facts(result)));
        } else {
            print(result);
        }
        return 0;
    }

    private void print(RoundBenchmark.Result result) {
        out.printf(
                Locale.ROOT,
                "%d sites, %,d parameters (%.1f MiB), %d rounds; load %.1f%n",
                result.sites(),
                result.parameters(),
                result.modelMebibytes(),
                result.roundSeconds().size(),
                result.load());
        out.printf(Locale.ROOT, "  round            best %.3f s, median %.3f s%n", result.best(), result.median());
        out.printf(Locale.ROOT, "  plain transfer   best %.3f s%n", result.transferSeconds());
        out.printf(
                Locale.ROOT,
                "  the best round takes %.3f s more, %.1f times the transfer%n",
                result.best() - result.transferSeconds(),
                result.best() / result.transferSeconds());
        out.printf(
                Locale.ROOT,
                "  processors       %.2f CPU-s a round and its evaluation, all parties together%n",
                result.cpuSeconds());
        out.printf(
                Locale.ROOT,
                "  coordinator      at most %.0f MiB of its own, %.0f MiB with the files that it maps%n",
                result.ownMebibytes(),
                result.residentMebibytes());
    }

    private static Map<String, Object> facts(RoundBenchmark.Result result) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("sites", result.sites());
        facts.put("parameters", result.parameters());
        facts.put("round_seconds", result.roundSeconds());
        facts.put("round_seconds_best", result.best());
        facts.put("round_seconds_median", result.median());
        facts.put("plain_transfer_seconds_best", result.transferSeconds());
        facts.put("seconds_beyond_transfer", result.best() - result.transferSeconds());
        facts.put("round_to_transfer", result.best() / result.transferSeconds());
        facts.put("cpu_seconds_per_round", result.cpuSeconds());
        facts.put("coordinator_own_mebibytes", result.ownMebibytes());
        facts.put("coordinator_resident_mebibytes", result.residentMebibytes());
        facts.put("load_average", result.load());
        return facts;
    }
}
