package org.commissure.deploy.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.protocol.UserError;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.study.StudyFile;
import org.jspecify.annotations.Nullable;

/**
 * One coordinator and its sites, each its own process with its own folder, keys and database, on
 * loopback. Everything lies in one folder. Close it, and every process is gone. For one thread.
 */
public final class ProcessFederation implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String CONSOLE = "its console is at ";

    private static final int SHORT_FRAMES = 60;

    private final Launcher launcher;
    private final Path folder;
    private final Map<String, ServerProcess> sites = new TreeMap<>();
    private @Nullable ServerProcess coordinator;
    private @Nullable RunWatch watch;

    /** @param folder exists; receives {@code coordinator}, {@code sites/<name>} and {@code logs} */
    public ProcessFederation(Launcher launcher, Path folder) {
        this.launcher = launcher;
        this.folder = folder;
        try {
            Files.createDirectories(logs());
            Files.createDirectories(folder.resolve("sites"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create folders in " + folder, e);
        }
    }

    public Launcher launcher() {
        return launcher;
    }

    public Path coordinatorHome() {
        return folder.resolve("coordinator");
    }

    public Path siteHome(String site) {
        return folder.resolve("sites").resolve(site);
    }

    /** The transparency log. */
    public Path log() {
        return coordinatorHome().resolve("log");
    }

    /** What the processes print. */
    public Path logs() {
        return folder.resolve("logs");
    }

    /** The folder that holds a run's model and report. */
    public Path run(String runId) {
        return coordinatorHome().resolve("runs").resolve(runId);
    }

    /** Where {@link #generateCohorts} writes. */
    public Path cohorts() {
        return folder.resolve("cohorts");
    }

    /**
     * Writes synthetic cohorts of short series, each in {@code site-<name>}, and their atlas.
     *
     * @param sites with commas between
     * @param patients of each site
     */
    public void generateCohorts(String sites, int patients, int parcels) {
        generateCohorts(sites, patients, parcels, SHORT_FRAMES);
    }

    /** The same, of series as long as {@code frames}. */
    public void generateCohorts(String sites, int patients, int parcels, int frames) {
        launcher.run(
                        "cohort",
                        "generate",
                        "--out",
                        cohorts().toString(),
                        "--sites",
                        sites,
                        "--patients",
                        Integer.toString(patients),
                        "--parcels",
                        Integer.toString(parcels),
                        "--frames",
                        Integer.toString(frames))
                .orThrow();
    }

    /** Creates the federation; the coordinator will listen on {@code port} of loopback. */
    public void initialise(String federation, int port) {
        initialise(federation, "127.0.0.1", port);
    }

    /** As {@link #initialise(String, int)}, at an address that sites reach. */
    public void initialise(String federation, String host, int port) {
        initialise(federation, host, port, List.of());
    }

    /** The same, with further options of {@code coordinator init}. */
    public void initialise(String federation, String host, int port, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "coordinator",
                "init",
                "--home",
                coordinatorHome().toString(),
                "--federation",
                federation,
                "--host",
                host,
                "--port",
                Integer.toString(port),
                "--log-port",
                "0"));
        arguments.addAll(more);
        launcher.run(arguments).orThrow();
    }

    /** An invitation file with a one-time token for {@code site}. */
    public Path invite(String site) {
        Path invitation = folder.resolve("invitation-" + site + ".json");
        launcher.run(
                        "coordinator",
                        "invite",
                        "--home",
                        coordinatorHome().toString(),
                        "--site",
                        site,
                        "--out",
                        invitation.toString())
                .orThrow();
        return invitation;
    }

    /** Redeems an invitation; the outcome is the caller's to judge. */
    public Finished enrol(Path invitation, Path home, Path data, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "site",
                "enrol",
                "--invitation",
                invitation.toString(),
                "--home",
                home.toString(),
                "--data",
                data.toString()));
        arguments.addAll(more);
        return launcher.run(arguments);
    }

    /** Invites {@code site} and enrols it; the coordinator must be running. */
    public void join(String site, Path data, List<String> more) {
        enrol(invite(site), siteHome(site), data, more).orThrow();
    }

    /** Enrols {@code site} and serves it, in the one process of {@code site join}; returns at once. */
    public ServerProcess joinAndServe(
            String site, Path invitation, Path data, List<String> more, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(List.of(
                "site", "join", invitation.toString(), "--home", siteHome(site).toString(), "--data", data.toString()));
        arguments.addAll(more);
        ServerProcess started = launcher.start(logs().resolve("site-" + site + ".log"), environment, arguments);
        sites.put(site, started);
        return started;
    }

    public ServerProcess startCoordinator() {
        return startCoordinator(Map.of());
    }

    /** Starts the coordinator and waits until it listens. */
    public ServerProcess startCoordinator(Map<String, String> environment) {
        return startCoordinator(environment, List.of());
    }

    /** As {@link #startCoordinator(Map)}, with a console at a free port. */
    public ServerProcess startCoordinatorWithConsole() {
        ServerProcess started = startCoordinator(Map.of(), List.of("--console-port", "0"));
        started.await(CONSOLE, START);
        return started;
    }

    /** The same, with further options of {@code coordinator serve}. */
    public ServerProcess startCoordinator(Map<String, String> environment, List<String> more) {
        ServerProcess started = serveCoordinator("coordinator.log", environment, more);
        coordinator = started;
        started.await("is ready on port", START);
        return started;
    }

    /** Starts a second coordinator on the same home; returns at once. It is the caller's to stop. */
    public ServerProcess startReplica() {
        return serveCoordinator("replica.log", Map.of(), List.of());
    }

    private ServerProcess serveCoordinator(String log, Map<String, String> environment, List<String> more) {
        List<String> arguments = new ArrayList<>(
                List.of("coordinator", "serve", "--home", coordinatorHome().toString()));
        arguments.addAll(more);
        return launcher.start(logs().resolve(log), environment, arguments);
    }

    /** Where the running coordinator shows its log, {@code https://HOST:PORT}. */
    public String logAddress() {
        return address("its log is at ");
    }

    /** Where the running coordinator shows its console, {@code https://HOST:PORT/}. */
    public String consoleAddress() {
        return address(CONSOLE);
    }

    /** Lets somebody sign in to the console. @param role viewer, officer or coordinator */
    public void addConsoleUser(String name, String role, Path passwordFile) {
        launcher.run(
                        "coordinator",
                        "console",
                        "users",
                        "add",
                        name,
                        "--role",
                        role,
                        "--password-file",
                        passwordFile.toString(),
                        "--home",
                        coordinatorHome().toString())
                .orThrow();
    }

    private String address(String before) {
        return coordinator()
                .said()
                .lines()
                .filter(line -> line.startsWith(before))
                .map(line -> line.substring(before.length()))
                .findFirst()
                .orElseThrow();
    }

    public ServerProcess startSite(String site) {
        return startSite(site, Map.of());
    }

    /** Starts a site's agent; returns at once. */
    public ServerProcess startSite(String site, Map<String, String> environment) {
        return startSite(site, environment, List.of());
    }

    /** The same, with further options of {@code site serve}. */
    public ServerProcess startSite(String site, Map<String, String> environment, List<String> more) {
        return startSite(launcher, site, environment, more);
    }

    /** Starts a site's agent by another launcher. */
    ServerProcess startSite(Launcher by, String site) {
        return startSite(by, site, Map.of(), List.of());
    }

    private ServerProcess startSite(Launcher by, String site, Map<String, String> environment, List<String> more) {
        List<String> arguments = new ArrayList<>(
                List.of("site", "serve", "--home", siteHome(site).toString()));
        arguments.addAll(more);
        ServerProcess started = by.start(logs().resolve("site-" + site + ".log"), environment, arguments);
        sites.put(site, started);
        return started;
    }

    public ServerProcess coordinator() {
        if (coordinator == null) {
            throw new IllegalStateException("the coordinator was not started");
        }
        return coordinator;
    }

    public ServerProcess site(String name) {
        ServerProcess site = sites.get(name);
        if (site == null) {
            throw new IllegalStateException("site " + name + " was not started");
        }
        return site;
    }

    /** As {@link #start}; follow it with {@link #watch}. */
    public void startRun(String runId, Path study) {
        start(runId, study);
        watch(runId);
    }

    /** As {@link #startRun(String, Path)}, from a model that is there already. */
    public void startRun(String runId, Path study, Path model) {
        start(runId, study, Optional.of(model));
        watch(runId);
    }

    private void watch(String runId) {
        if (watch != null) {
            watch.close();
        }
        watch = new RunWatch(launcher, coordinatorHome(), logs().resolve("watch.log"), runId);
    }

    /** Starts a run. Where the study trains a network, its first model is created before. */
    public void start(String runId, Path study) {
        Optional<Path> model = startsFromModel(study)
                ? Optional.of(initialModel(study, study.resolveSibling("initial-" + runId + ".safetensors")))
                : Optional.empty();
        start(runId, study, model);
    }

    /** Writes the first model of a study that trains a network to {@code model}. */
    public Path initialModel(Path study, Path model) {
        launcher.run("site", "model", "init", "--study", study.toString(), "--out", model.toString())
                .orThrow();
        return model;
    }

    private void start(String runId, Path study, Optional<Path> model) {
        List<String> start = new ArrayList<>(List.of(
                "coordinator",
                "run",
                "start",
                "--home",
                coordinatorHome().toString(),
                "--study",
                study.toString(),
                "--run-id",
                runId));
        model.ifPresent(file -> start.addAll(List.of("--model", file.toString())));
        launcher.run(start).orThrow();
    }

    private static boolean startsFromModel(Path study) {
        try {
            return StrictToml.text(Files.readString(study), "study", "kind")
                    .filter(kind -> !kind.equals(StudyFile.BRAINLM))
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + study, e);
        }
    }

    /** Publishes a study as a signed plan. @return the first digits of its hash, by which stewards name it */
    public String publishPlan(Path study, String legalBasis) {
        Finished published = launcher.run(
                        "coordinator",
                        "plan",
                        "publish",
                        "--home",
                        coordinatorHome().toString(),
                        "--study",
                        study.toString(),
                        "--legal-basis",
                        legalBasis)
                .orThrow();
        Matcher plan = Pattern.compile("plan ([0-9a-f]{12})").matcher(published.output());
        if (!plan.find()) {
            throw new UserError("publishing named no plan: " + published.output(), "see " + logs());
        }
        return plan.group(1);
    }

    /** What the operator reads of the plans, by {@code coordinator plan list}. */
    public String plans() {
        return launcher.run(
                        "coordinator",
                        "plan",
                        "list",
                        "--home",
                        coordinatorHome().toString())
                .orThrow()
                .output();
    }

    /** What the steward of {@code site} does, once the plan has come: {@code site plans approve} and its like. */
    public Finished steward(String site, String plan, String decision, List<String> more) {
        site(site).await("a plan came, " + plan, START);
        List<String> arguments = new ArrayList<>(List.of(
                "site", "plans", decision, plan, "--home", siteHome(site).toString()));
        arguments.addAll(more);
        return launcher.run(arguments);
    }

    /** Follows the run that was started last. */
    public RunWatch watch() {
        if (watch == null) {
            throw new UserError("no run was started", "start one");
        }
        return watch;
    }

    /** Ends every process; safe to call twice. */
    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        sites.values().forEach(ServerProcess::stop);
        if (coordinator != null) {
            coordinator.stop();
        }
    }
}
