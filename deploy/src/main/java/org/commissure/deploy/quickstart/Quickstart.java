package org.commissure.deploy.quickstart;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.deploy.federation.ToolMain;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a whole federation on this machine; one site dies on the way and comes back. */
@Command(
        name = "quickstart.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a coordinator and one agent per hospital as separate processes, enrols every site with a one-time"
                    + " token, has every site's steward approve the signed plan, trains a small BrainLM in federated rounds with secure aggregation and differential"
                    + " privacy, kills one site in the middle of a round and brings it back, evaluates every released"
                    + " model on sealed external cohorts, and verifies the log.",
            "Everything is left in one run folder."
        },
        footer = {
            "",
            "Examples:",
            "  deploy/quickstart.sh",
            "  deploy/quickstart.sh --data ../shared/data/abide1 --sites NYU,UM1,PITT,YALE --rounds 8",
            "  deploy/quickstart.sh --keep   # look around in the console afterwards",
            "",
            "Exit status: 0 trained, the killed site came back and the log verifies; 1 not so; 2 usage; 3 could not run."
        })
public final class Quickstart implements Callable<Integer> {
    private static final int KILL_ROUND = 2;
    /** A killed site misses a round, or two on a busy machine, before it is back. */
    private static final int FEWEST_ROUNDS = KILL_ROUND + 3;

    private static final Duration JOIN = Duration.ofSeconds(60);
    private static final Duration RUN = Duration.ofMinutes(60);
    private static final String RUN_ID = "quickstart";
    private static final String CONSOLE_USER = "quickstart";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    @Mixin
    private Options options = new Options();

    private final PrintStream out = System.out;

    private Quickstart() {}

    public static void main(String[] args) {
        ToolMain.run(new Quickstart(), args);
    }

    @Override
    public Integer call() {
        if (options.rounds < FEWEST_ROUNDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rounds must be " + FEWEST_ROUNDS + " or more: a site dies in round " + KILL_ROUND
                            + " and takes part again later");
        }
        if (!options.sites.isEmpty() && options.sites.size() < 4) {
            throw new ParameterException(
                    spec.commandLine(), "--sites needs four or more: with three, no site could fall out of a round");
        }
        Launcher launcher = Launcher.find();
        RunFolder folder = RunFolder.create(options.out, LocalDateTime.now());
        out.println("Run folder: " + folder.path());
        Cohorts cohorts = Cohorts.find(options.data, options.sites, folder.path(), launcher, out);
        if (!cohorts.synthetic()) {
            out.println("Cohorts: " + cohorts.folder());
        }
        ProcessFederation federation = new ProcessFederation(launcher, folder.path());
        // Also after Ctrl-C no process may stay behind.
        Thread cleanUp = new Thread(federation::close, "clean-up");
        Runtime.getRuntime().addShutdownHook(cleanUp);
        try (federation) {
            int exit = train(federation, cohorts, folder);
            if (options.keep) {
                out.println("The console stays at " + federation.consoleAddress() + " until Ctrl-C");
                federation.coordinator().awaitEnd();
            }
            return exit;
        }
    }

    private int train(ProcessFederation federation, Cohorts cohorts, RunFolder folder) {
        StudyFile study = study(cohorts, federation.launcher());
        write(folder, study);
        setUp(federation, cohorts, policy(folder, study));
        approve(federation, cohorts, folder.study());
        federation.startRun(RUN_ID, folder.study());

        String victim = cohorts.sites().getLast();
        SiteKill kill = new SiteKill(federation, victim, KILL_ROUND);
        RunSummary end = follow(federation, kill);

        Finished verified =
                federation.launcher().run("audit", "verify", federation.log().toString());
        folder.link(federation.run(RUN_ID), federation.log());
        out.println();
        out.println(federation
                .launcher()
                .run(
                        "coordinator",
                        "run",
                        "report",
                        "--home",
                        federation.coordinatorHome().toString(),
                        "--run-id",
                        RUN_ID)
                .orThrow()
                .output());
        out.println(verified.everything().strip());
        out.println("Everything is in " + folder.path()
                + ": model.safetensors, config.json, model-card.md, report.html, report.json, log");
        return verdict(end, kill.failure(end), verified);
    }

    private int verdict(RunSummary end, Optional<String> killFailure, Finished verified) {
        boolean good = true;
        if (end.state() != RunOutcome.FINISHED) {
            out.println("FAILED: the run ended as " + end.state() + ": " + end.reason());
            good = false;
        }
        if (killFailure.isPresent()) {
            out.println("FAILED: " + killFailure.get());
            good = false;
        }
        if (verified.exit() != 0) {
            out.println("FAILED: the log does not verify");
            good = false;
        }
        return good ? 0 : 1;
    }

    private StudyFile study(Cohorts cohorts, Launcher launcher) {
        try {
            StudyTemplate template = options.study == null
                    ? StudyTemplate.resource(Quickstart.class, "study.toml")
                    : new StudyTemplate(Files.readString(options.study));
            return template.fill(options.rounds, cohorts.atlas(), launcher);
        } catch (IOException e) {
            throw new UserError("the study " + options.study + " cannot be read", "check the name", e);
        }
    }

    private static void write(RunFolder folder, StudyFile study) {
        try {
            Files.writeString(folder.study(), study.text());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.study(), e);
        }
    }

    /** Studies with --study FILE and mode "none" meet the sites' own refusal, as they should. */
    private Path policy(RunFolder folder, StudyFile study) {
        int budget = SitePolicy.epsilonBudget(study.study());
        Path policy = folder.path().resolve("policy.toml");
        SitePolicy.write(policy, budget);
        out.println(
                study.study().privacy().mode() == Study.PrivacyMode.NONE
                        ? "The study has no differential privacy; every site's policy forbids that (" + policy + ")"
                        : "Every site's policy grants this study ε = " + budget + " (" + policy + ")");
        return policy;
    }

    private void setUp(ProcessFederation federation, Cohorts cohorts, Path policy) {
        federation.initialise("quickstart", LoopbackPorts.free());
        federation.startCoordinatorWithConsole();
        letIn(federation);
        for (String site : cohorts.sites()) {
            federation.join(site, cohorts.of(site), List.of("--policy", policy.toString()));
            out.println("enrolled site " + site + " with a one-time token");
        }
        cohorts.sites().forEach(federation::startSite);
        for (String site : cohorts.sites()) {
            federation.site(site).await("connected", JOIN);
        }
    }

    /** The password is shown once; the coordinator keeps its hash. */
    private void letIn(ProcessFederation federation) {
        String password = Passwords.random();
        try {
            Path file = Files.createTempFile("commissure-console", ".password"); // readable by its owner only
            try {
                Files.writeString(file, password);
                federation.addConsoleUser(CONSOLE_USER, "coordinator", file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the console's password cannot be handed over", e);
        }
        out.println("Console: " + federation.consoleAddress() + " (name " + CONSOLE_USER + ", password " + password
                + "; the browser does not know the federation's certificate and asks)");
    }

    /** What each hospital's data steward does before anything is trained; here with the same commands, by us. */
    private void approve(ProcessFederation federation, Cohorts cohorts, Path study) {
        String plan = federation.publishPlan(study, "quickstart on one machine; no patient's consent is needed");
        out.println("published the study as signed plan " + plan + "; sites train nothing before they approve it");
        for (String site : cohorts.sites()) {
            federation.steward(site, plan, "approve", List.of()).orThrow();
            out.println("site " + site + " approved it: commissure site plans approve " + plan + " --home "
                    + federation.siteHome(site));
        }
    }

    private RunSummary follow(ProcessFederation federation, SiteKill kill) {
        ProgressView view = new ProgressView(
                out, System.console() != null && System.console().isTerminal());
        boolean ended = federation
                .watch()
                .until(
                        run -> {
                            view.show(run);
                            kill.step(run).ifPresent(view::note);
                            return run.state().terminal();
                        },
                        RUN);
        if (!ended) {
            throw new UserError("the run did not end within " + RUN, "see " + federation.logs());
        }
        return federation.watch().newest().orElseThrow();
    }
}
