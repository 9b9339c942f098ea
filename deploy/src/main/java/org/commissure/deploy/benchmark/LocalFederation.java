package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.TlsIdentity;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.Enrolment;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A coordinator in a process of its own, as the launcher starts it, and the real agents of its sites as threads of
 * this one: many sites fit a small machine, and the coordinator's memory is its alone. The sites share one made-up
 * cohort.
 */
final class LocalFederation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFederation.class);
    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final int INVITATION_HOURS = 1;

    private final Path folder;
    private final ProcessFederation processes;
    private final List<String> sites;
    private final List<SiteAgent> agents = new ArrayList<>();

    /** @param folder empty; receives everything */
    LocalFederation(Launcher launcher, Path folder, int sites) throws IOException {
        this.folder = folder;
        this.processes = new ProcessFederation(launcher, folder);
        this.sites =
                IntStream.rangeClosed(1, sites).mapToObj("site-%03d"::formatted).toList();
        processes.generateCohorts("all", 16, 8);
        try (InputStream policy =
                Objects.requireNonNull(LocalFederation.class.getResourceAsStream("policy.toml"), "policy.toml")) {
            Files.copy(policy, policy());
        }
    }

    private Path cohorts() {
        return processes.cohorts();
    }

    private Path policy() {
        return folder.resolve("policy.toml");
    }

    Path atlas() {
        return cohorts().resolve("atlas.tsv");
    }

    /** Where the transparency log of the coordinator lies. */
    Path log() {
        return processes.log();
    }

    /** What the coordinator printed. */
    Path logs() {
        return processes.logs();
    }

    /** Starts the coordinator, enrols every site and waits until all are connected. */
    void open() {
        processes.initialise("benchmark", ProcessFederation.freePort());
        processes.startCoordinator();
        CoordinatorHome home = new CoordinatorHome(processes.coordinatorHome());
        for (String site : sites) {
            Path invitation = folder.resolve(site + ".json");
            home.invite(site, INVITATION_HOURS, Clock.systemUTC()).write(invitation);
            var unused = new Enrolment(Clock.systemUTC())
                    .enrol(invitation, processes.siteHome(site), cohorts().resolve("site-all"), Optional.of(policy()));
            serve(site);
        }
        for (String site : sites) {
            processes.coordinator().await("site " + site + " connected", CONNECT);
        }
    }

    private void serve(String site) {
        SiteAgent agent = SiteAgent.open(new SiteHome(processes.siteHome(site)), Clock.systemUTC());
        agents.add(agent);
        Thread.ofPlatform().daemon().name(site).start(() -> {
            try {
                agent.run();
            } catch (InterruptedException | UserError e) {
                LOG.error("{} stopped: {}", site, e.getMessage());
            }
        });
    }

    /** Runs a study to its end. */
    void train(Path study, String runId, Duration limit) {
        processes.start(runId, study);
        processes.coordinator().await("run " + runId + " ended", limit);
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
    long coordinatorPid() {
        return processes.coordinator().pid();
    }

    @Override
    public void close() {
        agents.forEach(SiteAgent::close);
        processes.close();
    }
}
