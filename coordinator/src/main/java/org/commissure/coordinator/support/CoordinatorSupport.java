package org.commissure.coordinator.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.commissure.coordinator.federation.CoordinatorConfig;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.storage.Database;
import org.commissure.coordinator.storage.DatabaseFacts;
import org.commissure.coordinator.transparency.LogCopy;
import org.commissure.privacy.support.InstallationFacts;
import org.commissure.privacy.support.Redaction;
import org.commissure.privacy.support.SupportBundle;

/** The support bundle of a coordinator's home. */
public final class CoordinatorSupport {
    private CoordinatorSupport() {}

    /**
     * Gathers nothing yet: each part is asked when the bundle is written.
     *
     * @param logs of the process, the service manager's; their last lines
     * @param metricsPort of the process that serves
     * @param environment of this process; what is secret in it is taken out everywhere
     */
    public static SupportBundle of(
            CoordinatorHome home, List<Path> logs, int metricsPort, Map<String, String> environment) {
        SupportBundle bundle = new SupportBundle("coordinator", Redaction.of(secrets(home), environment));
        bundle.add(
                        "versions.json",
                        "which programs meet here",
                        () -> InstallationFacts.versions(Optional.ofNullable(
                                CoordinatorSupport.class.getPackage().getImplementationVersion())))
                .add(
                        "configuration.json",
                        "coordinator.toml, key by key; of the database its kind",
                        () -> configuration(home.config()))
                .add("machine.json", "whether disk or memory is short", () -> InstallationFacts.machine(home.folder()))
                .add(
                        "home.json",
                        "files and bytes of each part of the home, no names below it",
                        () -> InstallationFacts.sizes(home.folder()))
                .add(
                        "database.json",
                        "version of the tables, rows of each, nothing in them",
                        () -> ask(home, DatabaseFacts::tables))
                .add(
                        "runs.json",
                        "the newest runs and the kinds of their last events, without contents",
                        () -> ask(home, DatabaseFacts::runs))
                .add("log.json", "size of the transparency log, which every member knows", () -> log(home))
                .add(
                        "metrics.txt",
                        "what the serving process exports at --metrics-port",
                        () -> InstallationFacts.metrics(metricsPort))
                .add(
                        "threads.txt",
                        "where the serving process stands still: stacks, no values",
                        () -> InstallationFacts.threads(home.folder()));
        for (int i = 0; i < logs.size(); i++) {
            Path log = logs.get(i);
            bundle.add(
                    "log-" + (i + 1) + ".txt",
                    "the last lines of a log that --log named",
                    () -> InstallationFacts.lastLines(log));
        }
        return bundle;
    }

    private static <T> T ask(CoordinatorHome home, Function<Database, T> question) {
        try (Database database = home.openDatabase()) {
            return question.apply(database);
        }
    }

    private static Map<String, Object> configuration(CoordinatorConfig config) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("federation", config.federation());
        facts.put("host", config.host());
        facts.put("port", config.port());
        facts.put("log_port", number(config.logPort()));
        facts.put("console_port", number(config.consolePort()));
        facts.put("tls_certificate_seconds", number(config.tlsCertificateSeconds()));
        facts.put("run_start_approvals", number(config.runStartApprovals()));
        facts.put("database", config.database().isPresent() ? "postgresql" : "file");
        facts.put(
                "database_password_file",
                config.database().flatMap(database -> database.passwordFile()).isPresent());
        return facts;
    }

    private static Object number(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : "default";
    }

    /** Name, size: the first two lines of a checkpoint. */
    private static Map<String, Object> log(CoordinatorHome home) {
        List<String> lines = new String(LogCopy.checkpoint(home.log()), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return Map.of("origin", lines.get(0), "entries", lines.get(1));
    }

    /** What lies beside keys and in the database's password file; a damaged home hides less, and shows nothing of it. */
    private static List<String> secrets(CoordinatorHome home) {
        List<String> secrets = new ArrayList<>();
        try {
            secrets.addAll(InstallationFacts.passwords(home.folder()));
            Optional<String> file = home.config().database().flatMap(database -> database.passwordFile());
            if (file.isPresent()) {
                secrets.add(Files.readString(Path.of(file.get())));
            }
        } catch (IOException | RuntimeException e) {
            return secrets;
        }
        return secrets;
    }
}
