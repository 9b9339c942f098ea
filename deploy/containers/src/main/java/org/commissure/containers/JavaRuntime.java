package org.commissure.containers;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.spi.ToolProvider;
import org.commissure.protocol.UserError;

/** The Java runtime of both images: the modules that our class paths use, made by {@code jlink} of the running JDK. */
final class JavaRuntime {
    /**
     * {@code jdeps --print-module-deps} of both class paths, and what is found by name only: elliptic curves, tokens,
     * HTTP, archives as file systems, sockets' options, the site's vectors, PostgreSQL's Kerberos.
     */
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.compiler",
            "java.desktop",
            "java.instrument",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.prefs",
            "java.security.jgss",
            "java.security.sasl",
            "java.sql",
            "java.xml",
            "jdk.crypto.cryptoki",
            "jdk.crypto.ec",
            "jdk.httpserver",
            "jdk.incubator.vector",
            "jdk.jfr",
            "jdk.management",
            "jdk.naming.dns",
            "jdk.net",
            "jdk.security.auth",
            "jdk.unsupported",
            "jdk.zipfs");

    private JavaRuntime() {}

    /**
     * The runtime, of this JDK's version; made anew only where {@code work} does not hold it.
     *
     * @param work a folder for what is kept between builds
     * @throws UserError if this Java has no {@code jlink}, or it fails
     */
    static Path make(Path work) throws IOException {
        String content = Runtime.version() + "\n" + String.join("\n", MODULES) + "\n";
        Path runtime = work.resolve("java");
        Path stamp = work.resolve("java.made-of");
        if (Files.exists(stamp) && Files.readString(stamp).equals(content)) {
            return runtime;
        }
        Files.deleteIfExists(stamp);
        TemporaryFolder.delete(runtime);
        Files.createDirectories(work);
        link(runtime);
        Path unfinished = Files.writeString(work.resolve("java.made-of.new"), content);
        Files.move(unfinished, stamp, StandardCopyOption.ATOMIC_MOVE);
        return runtime;
    }

    private static void link(Path runtime) {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new UserError(
                        "the Java in " + System.getProperty("java.home") + " has no jlink",
                        "set JAVA_HOME to a JDK that has its jmods, or that can link from its own runtime image"));
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status = jlink.run(
                writer,
                writer,
                "--add-modules",
                String.join(",", MODULES),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime.toString());
        if (status != 0) {
            throw new UserError(
                    "jlink failed: " + said.toString().strip(), "install a whole JDK; some packages leave modules out");
        }
    }
}
