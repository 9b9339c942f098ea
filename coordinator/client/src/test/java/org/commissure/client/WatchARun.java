package org.commissure.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The example of docs/console.md, word for word. */
final class WatchARun {
    private WatchARun() {}

    // example
    static void watchAndFetch(URI console, Path root, char[] password, Path out)
            throws IOException, InterruptedException {
        try (ConsoleClient client = ConsoleClient.signIn(console, root, "anna", password)) {
            client.watch(live -> {
                Run run = live.run();
                if (run != null) {
                    System.out.println(
                            run.runId() + ": round " + run.round() + " of " + run.rounds() + ", " + run.phase());
                }
                return run == null || !run.isOver();
            });
            String runId = client.runs(0, 1).items().getFirst().runId();
            for (Round round : client.rounds(runId, 0, 100).items()) {
                System.out.println(round.round() + " " + round.outcome() + " " + round.survivors());
            }
            client.download(client.models(runId, 0, 1).items().getFirst(), out);
        }
    }
    // end of the example
}
