package org.commissure.deploy.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.deploy.benchmark.LocalFederation;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ToolMain;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code commissure simulate}; the launcher starts it with both sides on the class path. */
@Command(
        name = "commissure simulate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Try a federation's size on this machine before the hospitals do: a real coordinator in a process of its own,"
                    + " and as many sites as you say in this one. Connections, keys, signatures, shares, masks, model"
                    + " downloads and uploads are the real ones over mutual TLS on loopback; only training is virtual, a"
                    + " pause of the length you say and an update that costs nothing.",
            "Prints how long a round takes and why, the processor time and memory of the coordinator, and whether the"
                    + " released model is exactly what the surviving sites' updates add up to. All sites share this machine's"
                    + " cores; in hospitals each has its own."
        },
        footer = {
            "",
            "Examples:",
            "  commissure simulate --sites 50 --parameters 1000000",
            "  commissure simulate --sites 200 --parameters 13000000 --folder /scratch --json",
            "  commissure simulate --sites 30 --training-seconds 20 --spread 0.5 --drop 0.1",
            "",
            "Exit status: 0 simulated; 1 simulated, but the released model is not the sum; 2 usage; 3 could not run."
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final int WRONG = 1;

    @Option(names = "--sites", paramLabel = "N", description = "how many, 3 to 255")
    private int sites = 20;

    @Option(names = "--parameters", paramLabel = "N", description = "of the model, about")
    private int parameters = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "how many")
    private int rounds = 1;

    @Option(names = "--training-seconds", paramLabel = "S", description = "median time that a site seems to train")
    private double trainingSeconds;

    @Option(
            names = "--spread",
            paramLabel = "X",
            description = "how much sites differ in it: standard deviation of its logarithm")
    private double spread;

    @Option(
            names = "--drop",
            paramLabel = "SHARE",
            description = "of the sites vanishes for good in round 1, after they shared their keys")
    private double drop;

    @Option(names = "--seed", paramLabel = "N", description = "of training times and of who vanishes")
    private long seed = 1;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "where to write while it runs, 12 bytes a parameter and site; default: the temporary folder")
    private @Nullable Path folder;

    @Option(names = "--json", description = "print the facts as JSON")
    private boolean json;

    private final PrintStream out = System.out;

    private SimulateCommand() {}

    public static void main(String[] arguments) {
        ToolMain.run(new SimulateCommand(), arguments);
    }

    @Override
    public Integer call() throws IOException {
        Scenario scenario = new Scenario(sites, parameters, rounds, trainingSeconds, spread, drop, seed);
        Path work = folder == null
                ? Files.createTempDirectory("commissure-simulate")
                : Files.createTempDirectory(Files.createDirectories(folder), "commissure-simulate");
        try {
            Simulation.Result result = new Simulation(Launcher.find(), scenario, System.err).run(work);
            if (json) {
                out.println(ToolMain.json(facts(result)));
            } else {
                print(result);
            }
            return result.exact() ? 0 : WRONG;
        } finally {
            LocalFederation.delete(work);
        }
    }

    private void print(Simulation.Result result) {
        out.printf(
                Locale.ROOT,
                "%d sites, %,d parameters (%.1f MiB); load %.1f%n",
                result.scenario().sites(),
                result.parameters(),
                result.modelMebibytes(),
                result.load());
        out.printf(Locale.ROOT, "  enrolled and connected in %.1f s%n", result.openSeconds());
        List<Simulation.Round> all = result.rounds();
        for (int i = 0; i < all.size(); i++) {
            Simulation.Round round = all.get(i);
            out.printf(
                    Locale.ROOT,
                    "  round %d        %.2f s: invite %.2f, keys, training and vectors %.2f, open %.2f; %d survivors%n",
                    i + 1,
                    round.seconds(),
                    round.inviteSeconds(),
                    round.collectSeconds(),
                    round.openSeconds(),
                    round.survivors());
        }
        out.printf(
                Locale.ROOT,
                "  coordinator    %.2f CPU-s a round; at most %.0f MiB of its own, %.0f MiB with the files that it maps%n",
                result.coordinatorCpuSeconds(),
                result.ownMebibytes(),
                result.residentMebibytes());
        out.printf(Locale.ROOT, "  a site         %.2f CPU-s a round%n", result.siteCpuSeconds());
        out.println(
                result.exact()
                        ? "  the released model is the survivors' sum"
                        : "  THE RELEASED MODEL IS NOT THE SURVIVORS' SUM");
    }

    private static Map<String, Object> facts(Simulation.Result result) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("sites", result.scenario().sites());
        facts.put("parameters", result.parameters());
        facts.put("training_seconds", result.scenario().trainingSeconds());
        facts.put("spread", result.scenario().spread());
        facts.put("drop", result.scenario().drop());
        facts.put("open_seconds", result.openSeconds());
        facts.put(
                "rounds",
                result.rounds().stream()
                        .map(round -> Map.of(
                                "seconds", round.seconds(),
                                "invite_seconds", round.inviteSeconds(),
                                "collect_seconds", round.collectSeconds(),
                                "open_seconds", round.openSeconds(),
                                "survivors", round.survivors()))
                        .toList());
        facts.put("coordinator_cpu_seconds_per_round", result.coordinatorCpuSeconds());
        facts.put("site_cpu_seconds_per_round", result.siteCpuSeconds());
        facts.put("coordinator_own_mebibytes", result.ownMebibytes());
        facts.put("coordinator_resident_mebibytes", result.residentMebibytes());
        facts.put("exact", result.exact());
        facts.put("load_average", result.load());
        return facts;
    }
}
