package org.commissure.privacy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Reference numbers beside the repository; tests that need them are skipped where they are absent. */
final class ReferenceFolder {
    private ReferenceFolder() {}

    static JsonNode json(String name) throws IOException {
        Path file = shared().resolve("reference").resolve("tlog").resolve(name);
        Assumptions.assumeTrue(Files.exists(file), () -> "skipped: no reference data at " + file);
        return new ObjectMapper().readTree(file.toFile());
    }

    private static Path shared() {
        String named = System.getenv("COMMISSURE_SHARED");
        if (named != null) {
            return Path.of(named);
        }
        Path folder = Path.of("").toAbsolutePath();
        while (folder.getParent() != null && !Files.exists(folder.resolve("privacy/pom.xml"))) {
            folder = folder.getParent();
        }
        return folder.resolveSibling("shared");
    }
}
