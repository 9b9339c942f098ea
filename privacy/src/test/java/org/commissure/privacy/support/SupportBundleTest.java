package org.commissure.privacy.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupportBundleTest {
    @TempDir
    private Path folder = Path.of("");

    private static SupportBundle bundle() {
        return new SupportBundle("site", Redaction.of(List.of("canary"), Map.of()))
                .add("facts.json", "numbers", () -> Map.of("rounds", 3, "who", "canary"))
                .add("broken.txt", "what a damaged home cannot tell", () -> {
                    throw new IOException("no file canary");
                });
    }

    @Test
    void everyFileIsInTheManifestWithItsReasonAndRedacted() throws IOException {
        Path out = folder.resolve("support.zip");
        List<SupportBundle.Entry> entries = bundle().write(out, Clock.systemUTC());
        try (ZipFile zip = new ZipFile(out.toFile())) {
            assertThat(zip.stream().map(entry -> entry.getName()))
                    .containsExactly("facts.json", "broken.txt", SupportBundle.MANIFEST);
            assertThat(text(zip, "facts.json")).contains("\"rounds\" : 3").doesNotContain("canary");
            assertThat(text(zip, "broken.txt"))
                    .contains("cannot be told", "IOException")
                    .doesNotContain("canary");
            assertThat(text(zip, SupportBundle.MANIFEST)).contains("facts.json", "numbers", "broken.txt");
        }
        assertThat(entries).extracting(SupportBundle.Entry::bytes).allMatch(bytes -> bytes > 0);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
    }

    @Test
    void aPlanAsksForNothingAndAFileIsNeverReplaced() throws IOException {
        assertThat(bundle().plan()).extracting(SupportBundle.Entry::name).containsExactly("facts.json", "broken.txt");
        Path out = Files.writeString(folder.resolve("there"), "mine");
        assertThatThrownBy(() -> bundle().write(out, Clock.systemUTC()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("exists already");
        assertThat(out).hasContent("mine");
    }

    @Test
    void theLastLinesOfALogAreItsLast() throws IOException {
        Path log = folder.resolve("log");
        Files.writeString(log, "line\n".repeat(3_000) + "the end – ü\n");
        assertThat(InstallationFacts.lastLines(log)).endsWith("the end – ü\n").hasLineCount(2_000);
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
