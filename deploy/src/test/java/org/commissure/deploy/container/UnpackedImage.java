package org.commissure.deploy.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** An image's tar as the folders that an engine would make of it, and its entry point, run there by {@code chroot}. */
final class UnpackedImage {
    private static final int LIMIT_SECONDS = 60;

    private final Path folder;
    private final Path root;
    private final JsonNode config;
    private final Path script;

    UnpackedImage(Path tar, Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.root = Files.createDirectories(folder.resolve("root"));
        Path archive = Files.createDirectories(folder.resolve("archive"));
        finished(new ProcessBuilder("tar", "xf", tar.toString(), "-C", archive.toString()));
        ObjectMapper json = new ObjectMapper();
        JsonNode manifest = json.readTree(Files.readAllBytes(archive.resolve("manifest.json")))
                .get(0);
        for (JsonNode layer : manifest.get("Layers")) {
            finished(new ProcessBuilder(
                    "tar",
                    "xzf",
                    archive.resolve(layer.asText()).toString(),
                    "--warning=no-unknown-keyword",
                    "-C",
                    root.toString()));
        }
        this.config = json.readTree(Files.readAllBytes(archive.resolve("config.json")))
                .get("config");
        this.script = folder.resolve("run.sh");
        try (var text = UnpackedImage.class.getResourceAsStream("run.sh")) {
            Files.write(script, Objects.requireNonNull(text).readAllBytes());
        }
    }

    /** Whether this machine and this user may do what an engine does; what is missing is printed. */
    static boolean canRun() throws IOException, InterruptedException {
        try {
            Process tried = new ProcessBuilder("unshare", "--mount", "--pid", "--fork", "chroot", "/", "/bin/true")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(tried.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean can = tried.waitFor() == 0 && Files.isExecutable(Path.of("/usr/bin/mount"));
            if (!can) {
                System.out.println("skipped: images cannot be run by unshare and chroot here: " + said.strip());
            }
            return can;
        } catch (IOException e) {
            System.out.println("skipped: there is no unshare here: " + e.getMessage());
            return false;
        }
    }

    /** The part of the image's configuration that an engine obeys. */
    JsonNode config() {
        return config;
    }

    Path root() {
        return root;
    }

    /** Starts the entry point with {@code arguments}; what it says goes to the file {@code said}. */
    Process start(Path volume, Path said, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                script.toString(),
                root.toString(),
                volume.toString(),
                config.get("User").asText()));
        config.get("Entrypoint").forEach(word -> command.add(word.asText()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.clear();
        environment.put("PATH", path);
        config.get("Env").forEach(variable -> {
            String[] words = variable.asText().split("=", 2);
            environment.put(words[0], words[1]);
        });
        return builder.start();
    }

    /** Runs the entry point to its end; fails where it does not end well. @return what it said */
    String run(Path volume, String... arguments) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process process = start(volume, said, List.of(arguments));
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(said);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", arguments) + " in the image: " + text);
        }
        return text;
    }

    static void finished(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(builder.command() + ": " + said);
        }
    }
}
