package org.commissure.site.cohort;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Public data that lies beside the repository on some machines; tests that need it are skipped elsewhere. */
public final class SharedData {
    private SharedData() {}

    /** @param relative such as {@code data/abide1} */
    public static Path require(String relative) {
        Path found = root().resolve(relative);
        boolean present = Files.exists(found);
        if (!present) {
            System.out.println("skipped: no " + found + " (set COMMISSURE_SHARED to the shared folder)");
        }
        assumeTrue(present, "no " + found);
        return found;
    }

    private static Path root() {
        String named = System.getenv("COMMISSURE_SHARED");
        if (named != null) {
            return Path.of(named);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("site-agent")) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder.resolveSibling("shared");
    }
}
