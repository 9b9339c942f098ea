package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.RunWatch;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.site.enrolment.Enrolment;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator in a process of its own, as the launcher starts it, and its sites as threads of this one: many sites fit
 * a small machine, and the coordinator's memory is its alone. The sites share one made-up cohort.
 */
public final class LocalFederation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFederation.class);
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final int INVITATION_HOURS = 1;

    private final Path folder;
    private final ProcessFederation processes;
    private final List<String> sites;
    private final SiteStart start;
    private final Path policy;
    private final List<AutoCloseable> running = new ArrayList<>();

    /** What takes a site's part once it has enrolled. */
    @FunctionalInterface
    public interface SiteStart {
        /** @return ends it */
        AutoCloseable serve(String site, SiteHome home);
    }

    /** @param folder empty; receives everything */
    public LocalFederation(Launcher launcher, Path folder, int sites, SiteStart start) throws IOException {
        this.folder = folder;
        this.start = start;
        this.processes = new ProcessFederation(launcher, folder);
        this.sites =
                IntStream.rangeClosed(1, sites).mapToObj("site-%03d"::formatted).toList();
        processes.generateCohorts("all", 16, 8);
        this.policy = writePolicy(folder);
    }

    /** Writes a policy that no made-up study runs into. @return its file */
    public static Path writePolicy(Path folder) throws IOException {
        Path file = folder.resolve("policy.toml");
        try (InputStream policy =
                Objects.requireNonNull(LocalFederation.class.getResourceAsStream("policy.toml"), "policy.toml")) {
            Files.copy(policy, file);
        }
        return file;
    }

    private Path cohorts() {
        return processes.cohorts();
    }

    public Path atlas() {
        return cohorts().resolve("atlas.tsv");
    }

    /** Where the transparency log of the coordinator lies. */
    public Path log() {
        return processes.log();
    }

    /** What the coordinator printed. */
    public Path logs() {
        return processes.logs();
    }

    /** Starts the coordinator, enrols every site and waits until all are connected. */
    public void open() {
        processes.initialise("benchmark", LoopbackPorts.free());
        processes.startCoordinator();
        CoordinatorHome home = new CoordinatorHome(processes.coordinatorHome());
        for (String site : sites) {
            Path invitation = folder.resolve(site + ".json");
            home.invite(site, INVITATION_HOURS, Clock.systemUTC()).write(invitation);
            var unused = new Enrolment(Clock.systemUTC())
                    .enrol(invitation, processes.siteHome(site), cohorts().resolve("site-all"), Optional.of(policy));
            running.add(start.serve(site, new SiteHome(processes.siteHome(site))));
        }
        for (String site : sites) {
            processes.coordinator().await("site " + site + " connected", CONNECT);
        }
    }

    /** The real agent. */
    static AutoCloseable agent(String site, SiteHome home) {
        SiteAgent agent = SiteAgent.open(home, Clock.systemUTC());
        Thread.ofPlatform().daemon().name(site).start(() -> {
            try {
                agent.run();
            } catch (InterruptedException | UserError e) {
                LOG.error("{} stopped: {}", site, e.getMessage());
            }
        });
        return agent;
    }

    /** Runs a study to its end. */
    void train(Path study, String runId, Duration limit) {
        processes.start(runId, study);
        awaitEnd(runId, limit);
    }

    /** Starts a run. @return what follows it */
    public RunWatch start(Path study, String runId) {
        processes.startRun(runId, study);
        return processes.watch();
    }

    TlsIdentity coordinatorTls() {
        return new IdentityStore(new CoordinatorHome(processes.coordinatorHome()).identity()).loadTls();
    }

    List<TlsIdentity> siteTls() {
        return sites.stream()
                .map(site -> new IdentityStore(new SiteHome(processes.siteHome(site)).identity()).loadTls())
                .toList();
    }

    /** The coordinator's process. */
    public long coordinatorPid() {
        return processes.coordinator().pid();
    }

    /** Processor time of the coordinator's process so far. */
    public Duration coordinatorCpu() {
        return ProcessHandle.of(coordinatorPid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** The folder that holds a run's models and report. */
    public Path run(String runId) {
        return processes.run(runId);
    }

    /** Waits until a run's folder is complete. */
    public void awaitEnd(String runId, Duration limit) {
        processes.coordinator().await("run " + runId + " ended", limit);
    }

    @Override
    public void close() {
        for (AutoCloseable site : running) {
            try {
                site.close();
            } catch (Exception e) {
                LOG.warn("a site did not end well: {}", e.getMessage());
            }
        }
        processes.close();
    }

    /** Removes what a federation that has ended leaves. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
