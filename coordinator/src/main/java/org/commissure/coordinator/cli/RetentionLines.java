package org.commissure.coordinator.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.coordinator.retention.KeptRun;

/** What is kept and what goes, for people and programs. */
final class RetentionLines {
    private RetentionLines() {}

    static void print(List<KeptRun> runs, boolean json, boolean deleted) {
        long bytes = runs.stream().mapToLong(KeptRun::goesBytes).sum();
        if (json) {
            Json.print(new TreeMap<>(Map.of("deleted", deleted, "goesBytes", bytes, "runs", runs)));
            return;
        }
        for (KeptRun run : runs) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "run %s, %s: %d models, %d sums, %d evaluation sums, %.1f MB",
                    run.runId(),
                    run.ended() == null ? "under way" : "ended " + run.ended(),
                    run.models(),
                    run.sums(),
                    run.evaluationSums(),
                    run.bytes() / 1e6));
            if (!run.goes().isEmpty()) {
                System.out.println(String.format(
                        Locale.ROOT,
                        "  %s: %d files, %.1f MB",
                        deleted ? "deleted" : "the rule would delete",
                        run.goes().size(),
                        run.goesBytes() / 1e6));
                run.loses().forEach(loss -> System.out.println("  with them " + loss));
            }
        }
        System.out.println(
                String.format(Locale.ROOT, "%s %.1f MB", deleted ? "deleted" : "the rule would free", bytes / 1e6));
    }
}
