package org.commissure.site.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.round.SiteAgent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Take part in the federation's rounds until stopped (Ctrl-C or SIGTERM).",
            "Opens one outbound TCP connection; nothing listens here. HTTPS_PROXY and NO_PROXY are honoured."
                    + " May be killed at any moment: the next start goes on where this one stopped."
        },
        footer = {"", "Example:", "  commissure site serve --home /srv/commissure"})
final class ServeCommand implements Callable<Integer> {
    private static final int STOP_SECONDS = 15;

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "an enrolled site's folder")
    private Path home = Path.of("");

    @Override
    public Integer call() {
        return serve(new SiteHome(home));
    }

    /** Serves until the process is told to stop. */
    static int serve(SiteHome home) {
        CountDownLatch closed = new CountDownLatch(1);
        try (SiteAgent agent = SiteAgent.open(home, Clock.systemUTC())) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                main.interrupt();
                                awaitQuietly(closed);
                            },
                            "stop"));
            agent.run();
        } catch (InterruptedException e) {
            // Asked to stop: the agent is closed by now, and that is a success.
        } finally {
            // Before the process exits for another reason: the hook must not wait for this very thread.
            closed.countDown();
        }
        return 0;
    }

    private static void awaitQuietly(CountDownLatch closed) {
        try {
            if (!closed.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("the site did not stop in time; the next start takes up what is unfinished");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
