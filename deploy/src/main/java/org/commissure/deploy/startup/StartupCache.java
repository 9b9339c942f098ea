package org.commissure.deploy.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.commissure.deploy.benchmark.LocalFederation;
import org.commissure.deploy.benchmark.SizedStudy;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.ServerProcess;
import org.commissure.deploy.federation.ToolMain;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import picocli.CommandLine.Command;

/**
 * Rehearses one round of a small federation and keeps what the coordinator's and a site's virtual machine learnt: loaded
 * and linked classes, and which methods are hot (JEP 483, 514 and 515). The launcher hands it to every later start.
 */
@Command(
        name = "commissure startup-cache",
        mixinStandardHelpOptions = true,
        description = {
            "Makes every later command start in about half the time: runs one round of a small made-up federation and"
                    + " keeps what the virtual machines learnt in it, in deploy/target/startup.",
            "The build calls this by itself. A cache that no longer fits the jars or the JDK is left aside."
        },
        footer = {"", "Exit status: 0 made; 2 usage; 3 could not run."})
public final class StartupCache implements Callable<Integer> {
    private static final List<String> SITES = List.of("A", "B", "C");
    private static final String RECORDED = SITES.getFirst();
    private static final Duration CONNECT = Duration.ofMinutes(2);
    private static final Duration ROUND = Duration.ofMinutes(3);

    /** The virtual machine writes the cache when it ends, by a process of its own. */
    private static final Duration WRITING = Duration.ofMinutes(3);

    private StartupCache() {}

    public static void main(String[] arguments) {
        ToolMain.run(new StartupCache(), arguments);
    }

    @Override
    public Integer call() throws IOException {
        Launcher launcher = Launcher.find();
        Path caches = Files.createDirectories(launcher.root().resolve("deploy/target/startup"));
        Path coordinator = caches.resolve("coordinator.aot");
        Path site = caches.resolve("site-agent.aot");
        // The launcher would use the old ones in the rehearsal.
        Files.deleteIfExists(coordinator);
        Files.deleteIfExists(site);
        Path folder = Files.createTempDirectory("commissure-startup-cache");
        rehearse(launcher, folder, unfinished(coordinator), unfinished(site));
        keep(coordinator, folder);
        keep(site, folder);
        LocalFederation.delete(folder);
        return 0;
    }

    private static void rehearse(Launcher launcher, Path folder, Path coordinatorCache, Path siteCache)
            throws IOException {
        try (ProcessFederation processes = new ProcessFederation(launcher, folder)) {
            processes.generateCohorts("all", 16, 8);
            Path cohort = processes.cohorts().resolve("site-all");
            List<String> policy =
                    List.of("--policy", LocalFederation.writePolicy(folder).toString());
            processes.initialise("rehearsal", LoopbackPorts.free());
            ServerProcess coordinator =
                    processes.startCoordinator(recordingTo(coordinatorCache), List.of("--console-port", "0"));
            for (String site : SITES) {
                processes.joinAndServe(
                        site,
                        processes.invite(site),
                        cohort,
                        policy,
                        site.equals(RECORDED) ? recordingTo(siteCache) : Map.of());
            }
            SITES.forEach(site -> processes.site(site).await("connected to the coordinator", CONNECT));
            processes.startRun("rehearsal", SizedStudy.writeTrained(processes, 1));
            coordinator.await("run rehearsal ended", ROUND);
            processes.site(RECORDED).stop(WRITING);
            coordinator.stop(WRITING);
        }
    }

    private static Map<String, String> recordingTo(Path cache) {
        return Map.of("COMMISSURE_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + cache);
    }

    private static Path unfinished(Path cache) {
        return cache.resolveSibling(cache.getFileName() + ".unfinished");
    }

    private static void keep(Path cache, Path rehearsal) throws IOException {
        if (!Files.isRegularFile(unfinished(cache))) {
            throw new UserError(
                    "the virtual machine wrote no " + cache.getFileName(),
                    "see the logs in " + rehearsal.resolve("logs"));
        }
        Files.move(unfinished(cache), cache, StandardCopyOption.ATOMIC_MOVE);
    }
}
