package org.commissure.privacy.support;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.commissure.protocol.ProtocolVersion;

/** Facts that both sides tell in the same way: versions, the machine, the home's size, the process that serves it. */
public final class InstallationFacts {
    private static final int LOG_LINES = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private InstallationFacts() {}

    /** @param program of our own jar; "unknown" where classes lie in a folder */
    public static Map<String, Object> versions(Optional<String> program) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("commissure", program.orElse("unknown"));
        facts.put("protocol", List.of(ProtocolVersion.MINIMUM, ProtocolVersion.MAXIMUM));
        facts.put("java", System.getProperty("java.vendor") + " " + Runtime.version());
        facts.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        return facts;
    }

    /** Processors, memory, and the disk that the home is on, in bytes. */
    public static Map<String, Object> machine(Path home) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            facts.put("load", system.getSystemLoadAverage());
            facts.put("memory_bytes", system.getTotalMemorySize());
            facts.put("free_memory_bytes", system.getFreeMemorySize());
        }
        FileStore disk = Files.getFileStore(home);
        facts.put("file_system", disk.type());
        facts.put("disk_bytes", disk.getTotalSpace());
        facts.put("free_disk_bytes", disk.getUsableSpace());
        return facts;
    }

    /** For each name directly in the home: how many files, how large together, when the newest was written. */
    public static Map<String, Object> sizes(Path home) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        try (Stream<Path> names = Files.list(home)) {
            for (Path one : names.sorted().toList()) {
                long files = 0;
                long bytes = 0;
                String newest = "";
                List<Path> below;
                try (Stream<Path> all = Files.walk(one)) {
                    below = all.filter(Files::isRegularFile).toList();
                }
                for (Path file : below) {
                    files++;
                    bytes += Files.size(file);
                    String written = Files.getLastModifiedTime(file).toString();
                    newest = written.compareTo(newest) > 0 ? written : newest;
                }
                facts.put(one.getFileName().toString(), Map.of("files", files, "bytes", bytes, "newest", newest));
            }
        }
        return facts;
    }

    /** What the process that serves exports at this port of loopback. */
    public static String metrics(int port) throws IOException {
        URLConnection connection =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The threads of the processes of this user that serve {@code home}: stacks, no values. */
    public static String threads(Path home) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        if (!Files.isExecutable(jcmd)) {
            return "this Java has no jcmd\n";
        }
        List<ProcessHandle> serving = ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .filter(words ->
                                words.contains("serve") && words.stream().anyMatch(word -> names(word, home)))
                        .isPresent())
                .toList();
        StringBuilder said = new StringBuilder(serving.isEmpty() ? "no process of this user serves this home\n" : "");
        for (ProcessHandle process : serving) {
            Process dump = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            said.append(new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            if (!dump.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                dump.destroyForcibly();
            }
        }
        return said.toString();
    }

    private static boolean names(String word, Path home) {
        return word.endsWith(String.valueOf(home.getFileName()))
                && Path.of(word)
                        .toAbsolutePath()
                        .normalize()
                        .equals(home.toAbsolutePath().normalize());
    }

    /** The last lines of a log. */
    public static String lastLines(Path log) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        try (Stream<String> all = Files.lines(log, StandardCharsets.ISO_8859_1)) { // which every byte is in
            all.forEach(line -> {
                lines.addLast(new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
                if (lines.size() > LOG_LINES) {
                    lines.removeFirst();
                }
            });
        }
        return String.join("\n", new ArrayList<>(lines)) + "\n";
    }

    /** The passwords that lie beside keys, below any of {@code folders}: to be taken out of a text. */
    public static List<String> passwords(Path... folders) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                List<Path> files;
                try (Stream<Path> all = Files.walk(folder)) {
                    files = all.filter(file -> file.getFileName().toString().equals("password"))
                            .toList();
                }
                for (Path file : files) {
                    found.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return found;
    }
}
