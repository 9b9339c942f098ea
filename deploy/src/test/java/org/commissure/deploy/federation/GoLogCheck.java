package org.commissure.deploy.federation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code src/test/go/logcheck}, an independent implementation of the log's formats on the code of
 * Go's checksum database. {@code deploy/test.sh} installs Debian's packages of it; where they are
 * absent the test is skipped and says so.
 */
final class GoLogCheck {
    private static final Path GOPATH = Path.of("/usr/share/gocode");

    private GoLogCheck() {}

    record Verdict(int exit, String output) {}

    static Verdict of(Path log, Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Files.isDirectory(GOPATH.resolve("src/golang.org/x/mod/sumdb/tlog")) && isInstalled(),
                "skipped: Debian's packages golang-go and golang-golang-x-mod-dev are not installed");
        Path binary = folder.resolve("logcheck");
        if (!Files.exists(binary)) {
            Path source = Launcher.find().root().resolve("deploy/src/test/go/logcheck/main.go");
            Verdict built = run(folder, "go", "build", "-o", binary.toString(), source.toString());
            if (built.exit() != 0) {
                throw new IllegalStateException("the Go program does not build: " + built.output());
            }
        }
        return run(folder, binary.toString(), log.toString());
    }

    private static boolean isInstalled() throws IOException, InterruptedException {
        try {
            return run(Path.of("/"), "go", "version").exit() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Verdict run(Path folder, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOPATH", GOPATH.toString());
        builder.environment().put("GOCACHE", folder.resolve("go-cache").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("it did not end: " + String.join(" ", command));
        }
        return new Verdict(process.exitValue(), output);
    }
}
