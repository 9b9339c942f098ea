package org.commissure.deploy.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.deploy.benchmark.LocalFederation;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ToolMain;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code commissure soak}; the launcher starts it with both sides on the class path. */
@Command(
        name = "commissure soak",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Run a small federation of real processes for a long time, kill one of them (SIGKILL) at random moments, start"
                    + " it again, and check after every run what must hold: the run ended, a released round has at least"
                    + " three survivors and a new model, any other keeps the model, nothing of a sum lies around; every few"
                    + " minutes and at the end, that the log verifies and extends its earlier state, and that the privacy"
                    + " spent, recomputed from it, is what the sites stated.",
            "One site is never killed, and the coordinator in the first half only: their memory must not grow."
        },
        footer = {
            "",
            "Examples:",
            "  commissure soak --minutes 60",
            "  commissure soak --minutes 10 --kill-every-seconds 15 --seed 7 --json",
            "",
            "Exit status: 0 all held and memory is flat; 1 not so; 2 usage; 3 could not run."
        })
public final class SoakCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Option(names = "--minutes", paramLabel = "N", description = "how long, once everybody is connected")
    private int minutes = 60;

    @Option(names = "--rounds", paramLabel = "N", description = "of each run")
    private int rounds = 5;

    @Option(names = "--kill-every-seconds", paramLabel = "S", description = "mean time from a restart to the next kill")
    private int killSeconds = 20;

    @Option(names = "--pause-seconds", paramLabel = "S", description = "between runs")
    private int pauseSeconds = 2;

    @Option(names = "--seed", paramLabel = "N", description = "of who is killed when")
    private long seed = 1;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "where everything lies; kept if something did not hold; default: the temporary folder")
    private @Nullable Path folder;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    private final PrintStream out = System.out;

    private SoakCommand() {}

    public static void main(String[] arguments) {
        ToolMain.run(new SoakCommand(), arguments);
    }

    @Override
    public Integer call() throws IOException {
        if (minutes < 1 || rounds < 1 || killSeconds < 1 || pauseSeconds < 0) {
            throw new UserError(
                    "--minutes, --rounds and --kill-every-seconds are at least 1, --pause-seconds at least 0",
                    "see commissure soak --help");
        }
        Path work = folder == null
                ? Files.createTempDirectory("commissure-soak")
                : Files.createTempDirectory(Files.createDirectories(folder), "commissure-soak");
        Soak.Result result = new Soak(
                        Launcher.find(),
                        new Soak.Plan(
                                Duration.ofMinutes(minutes),
                                rounds,
                                Duration.ofSeconds(killSeconds),
                                Duration.ofSeconds(pauseSeconds),
                                seed),
                        System.err)
                .run(work);
        if (json) {
            out.println(ToolMain.json(facts(result)));
        } else {
            print(result);
        }
        if (result.passed()) {
            LocalFederation.delete(work);
            return 0;
        }
        System.err.println("everything is kept in " + work);
        return FAILED;
    }

    private void print(Soak.Result result) {
        out.printf(
                Locale.ROOT,
                "%d min: %d runs, %d rounds, %d of them released; %d processes killed%n",
                result.took().toMinutes(),
                result.runs(),
                result.rounds(),
                result.released(),
                result.kills());
        for (MemoryTrend trend : result.memory()) {
            out.printf(
                    Locale.ROOT,
                    "  %-12s %.0f MiB of its own early in its life, %.0f MiB late: %s%n",
                    trend.process(),
                    trend.early(),
                    trend.late(),
                    trend.verdict());
        }
        out.println(result.wrong().isEmpty() ? "  every invariant held" : "  NOT EVERYTHING HELD:");
        result.wrong().forEach(one -> out.println("    " + one));
    }

    private static Map<String, Object> facts(Soak.Result result) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("minutes", result.took().toSeconds() / 60.0);
        facts.put("runs", result.runs());
        facts.put("rounds", result.rounds());
        facts.put("released", result.released());
        facts.put("kills", result.kills());
        facts.put(
                "memory",
                result.memory().stream()
                        .map(trend -> Map.of(
                                "process", trend.process(),
                                "early_own_mebibytes", trend.early(),
                                "late_own_mebibytes", trend.late(),
                                "verdict", trend.verdict().toString()))
                        .toList());
        facts.put("wrong", result.wrong());
        facts.put("passed", result.passed());
        return facts;
    }
}
