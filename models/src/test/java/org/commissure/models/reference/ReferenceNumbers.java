package org.commissure.models.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.models.npy.NpyFile;
import org.junit.jupiter.api.Assumptions;

/** Numbers that this project did not compute; tests that need them are skipped where they are absent. */
public final class ReferenceNumbers {
    private ReferenceNumbers() {}

    /** The folder that holds them: {@code COMMISSURE_SHARED}, else {@code shared} beside the repository. */
    public static Path shared() {
        String named = System.getenv("COMMISSURE_SHARED");
        if (named != null) {
            return Path.of(named);
        }
        Path folder = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        for (Path at = folder; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("models")) && Files.isRegularFile(at.resolve("pom.xml"))) {
                return at.resolveSibling("shared");
            }
        }
        return folder.resolve("shared");
    }

    /** A folder of {@link #shared}; ends the test as skipped, and says so, if it is not there. */
    public static Path folder(String name) {
        Path folder = shared().resolve(name);
        boolean there = Files.isDirectory(folder);
        if (!there) {
            System.out.println("skipped: no reference numbers at " + folder);
        }
        Assumptions.assumeTrue(there);
        return folder;
    }

    public static float[] floats(Path npy) throws IOException {
        try (NpyFile file = NpyFile.open(npy)) {
            return file.floats();
        }
    }
}
