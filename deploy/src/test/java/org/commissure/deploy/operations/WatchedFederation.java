package org.commissure.deploy.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.ServerProcess;
import org.commissure.deploy.federation.TinyFederation;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;

/** Four sites and a coordinator that log as JSON and export metrics, after one round. */
final class WatchedFederation implements AutoCloseable {
    static final String RUN_ID = "watched";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> OPTIONS = List.of("--metrics-port", "0", "--log-format", "json");
    private static final Pattern COORDINATOR_PORT =
            Pattern.compile("its metrics are at http[^\"]*127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern SITE_PORT = Pattern.compile("metrics are at port (\\d+)");

    private final TinyFederation tiny;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Returns once the run has ended and its folder is complete. */
    WatchedFederation(Path folder) {
        tiny = new TinyFederation(folder);
        ProcessFederation processes = tiny.processes();
        processes.initialise("tiny", LoopbackPorts.free());
        processes.startCoordinator(Map.of(), OPTIONS);
        TinyFederation.SITES.parallelStream().forEach(site -> processes.join(site, tiny.cohort(site), tiny.policy()));
        TinyFederation.SITES.forEach(site -> processes.startSite(site, Map.of(), OPTIONS));
        TinyFederation.SITES.forEach(site -> processes.site(site).await("connected to the coordinator", LIMIT));
        processes.startRun(RUN_ID, patient(tiny.study(TinyFederation.template(), 1)));
        if (!processes.watch().until(summary -> summary.state().terminal(), LIMIT)) {
            throw new UserError("the run did not end: " + processes.watch().newest(), "see " + processes.logs());
        }
        processes.coordinator().await("run " + RUN_ID + " ended", LIMIT);
    }

    /** What is looked at here must not depend on how fast the machine is. */
    private static Path patient(Path study) {
        try {
            return Files.writeString(study, Files.readString(study).replaceAll("(?m)^(\\w+_seconds) = .*", "$1 = 150"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + study, e);
        }
    }

    TinyFederation tiny() {
        return tiny;
    }

    ProcessFederation processes() {
        return tiny.processes();
    }

    /** What the coordinator exports now. */
    String coordinatorMetrics() throws IOException, InterruptedException {
        return metrics(processes().coordinator(), COORDINATOR_PORT);
    }

    /** What a site's agent exports now. */
    String siteMetrics(String site) throws IOException, InterruptedException {
        return metrics(processes().site(site), SITE_PORT);
    }

    private String metrics(ServerProcess process, Pattern port) throws IOException, InterruptedException {
        Matcher said = port.matcher(process.said().replace("\\/", "/"));
        if (!said.find()) {
            throw new UserError(
                    "no port of metrics was told", "see " + processes().logs());
        }
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + said.group(1) + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        http.close();
        tiny.close();
    }
}
