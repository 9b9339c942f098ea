package org.commissure.containers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;

/**
 * What {@code deploy/bin/commissure} starts, in its own words: it is run with a Java that writes down how it was
 * started. So an image has the options, variables, class path and main class of the launcher, and none of its own.
 *
 * @param options of the virtual machine
 * @param classPath files, and folders' files where the launcher names {@code folder/*}, in its order
 * @param environment what the launcher sets
 */
record LaunchPlan(List<String> options, List<Entry> classPath, String mainClass, Map<String, String> environment) {
    private static final int LIMIT_SECONDS = 30;
    private static final String JAR_OF_A_FOLDER = "/*";

    private static final String STARTUP_CACHE = "COMMISSURE_STARTUP_CACHE";
    /** What this test of it sets, and its shell. */
    private static final Set<String> SHELL =
            Set.of("PATH", "HOME", "JAVA_HOME", "RECORD", "PWD", "OLDPWD", "SHLVL", "_", STARTUP_CACHE);

    /** One element of the class path; {@code text} as the virtual machine reads it, {@code jars} what that is. */
    record Entry(String text, List<Path> jars) {}

    /**
     * @param group {@code coordinator} or {@code site}
     * @throws UserError if the launcher refuses, for example because nothing is built
     */
    static LaunchPlan ask(Path root, String group) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("commissure-launch");
        try {
            recordingJava(folder);
            Process launcher = start(root, group, folder);
            launcher.getOutputStream().close();
            String said = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!launcher.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || launcher.exitValue() != 0) {
                launcher.destroyForcibly();
                throw new UserError(
                        "the launcher does not say how it starts '" + group + "': " + said.strip(),
                        "build first: deploy/setup.sh");
            }
            return read(root, group, folder);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private static void recordingJava(Path folder) throws IOException {
        Files.writeString(
                folder.resolve("release"), "JAVA_VERSION=\"" + Runtime.version().feature() + "\"\n");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String name : List.of("java", "javac")) {
            Files.writeString(bin.resolve(name), """
                    #!/bin/sh
                    printf '%s\\0' "$@" > "$RECORD/arguments"
                    env -0 > "$RECORD/environment"
                    """);
            Files.setPosixFilePermissions(bin.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Process start(Path root, String group, Path folder) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(root.resolve("deploy/bin/commissure").toString(), group).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        environment.clear();
        environment.putAll(Map.of(
                "PATH", path, "HOME", folder.toString(), "JAVA_HOME", folder.toString(), "RECORD", folder.toString()));
        // It is of this checkout's paths and this JDK; the image has others.
        environment.put(STARTUP_CACHE, "off");
        return builder.start();
    }

    private static LaunchPlan read(Path root, String group, Path folder) throws IOException {
        List<String> arguments = words(folder.resolve("arguments"));
        int classPath = arguments.indexOf("-cp");
        if (classPath < 0 || classPath + 2 >= arguments.size()) {
            throw new UserError("the launcher starts '" + group + "' in an unknown way: " + arguments, "report this");
        }
        Map<String, String> environment = new TreeMap<>();
        for (String variable : words(folder.resolve("environment"))) {
            String name = variable.substring(0, variable.indexOf('='));
            if (!SHELL.contains(name)) {
                environment.put(name, variable.substring(name.length() + 1));
            }
        }
        List<Entry> entries = new ArrayList<>();
        for (String text : arguments.get(classPath + 1).split(":")) {
            entries.add(new Entry(text, jars(text)));
        }
        return new LaunchPlan(
                List.copyOf(arguments.subList(0, classPath)),
                List.copyOf(entries),
                arguments.get(classPath + 2),
                environment);
    }

    private static List<Path> jars(String text) throws IOException {
        if (!text.endsWith(JAR_OF_A_FOLDER)) {
            return List.of(Path.of(text));
        }
        try (Stream<Path> files = Files.list(Path.of(text.substring(0, text.length() - JAR_OF_A_FOLDER.length())))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Arrays.stream(Files.readString(file).split("\0"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
