package org.commissure.site.plan;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The code that this process runs, by one hash: our own jars by their bytes, which are the same wherever the same
 * source is built, and everybody else's by name, which holds the version, and length. Native libraries are in jars too.
 */
public final class AgentCode {
    private static final List<String> OWN = List.of("site-agent-", "models-", "privacy-", "protocol-");

    private static final class Held {
        static final String SHA256 = compute();
    }

    private AgentCode() {}

    /** Hex; computed once in a process. */
    public static String sha256() {
        return Held.SHA256;
    }

    private static String compute() {
        try {
            List<String> lines = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
                if (!entry.isEmpty()) {
                    add(Path.of(entry), lines);
                }
            }
            Collections.sort(lines);
            return HexFormat.of()
                    .formatHex(sha().digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("the agent's own code cannot be read", e);
        }
    }

    private static void add(Path entry, List<String> lines) throws IOException {
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.walk(entry)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    lines.add(entry.relativize(file) + " " + digest(file));
                }
            }
        } else if (Files.isRegularFile(entry)) {
            String name = entry.getFileName().toString();
            boolean own = OWN.stream().anyMatch(name::startsWith);
            lines.add(name + " " + (own ? digest(entry) : Long.toString(Files.size(entry))));
        }
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = sha();
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
