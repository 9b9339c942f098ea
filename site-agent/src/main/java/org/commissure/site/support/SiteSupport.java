package org.commissure.site.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.support.InstallationFacts;
import org.commissure.privacy.support.Redaction;
import org.commissure.privacy.support.SupportBundle;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;
import org.commissure.site.policy.PolicyFile;
import org.commissure.site.policy.SitePolicy;
import org.commissure.site.preflight.Preflight;
import org.commissure.site.status.SiteStatus;
import org.commissure.site.storage.SiteDatabase;
import org.commissure.site.storage.SumStore;

/** The support bundle of a site's home. Nothing of the cohort is in it, not even its folder's name or its size. */
public final class SiteSupport {
    private SiteSupport() {}

    /**
     * Gathers nothing yet: each part is asked when the bundle is written.
     *
     * @param logs of the process, the service manager's; their last lines
     * @param metricsPort of the process that serves
     * @param environment of this process; what is secret in it is taken out everywhere
     */
    public static SupportBundle of(SiteHome home, List<Path> logs, int metricsPort, Map<String, String> environment) {
        SupportBundle bundle = new SupportBundle("site", Redaction.of(secrets(home), environment));
        bundle.add(
                        "versions.json",
                        "which programs meet here",
                        () -> InstallationFacts.versions(Optional.ofNullable(
                                SiteSupport.class.getPackage().getImplementationVersion())))
                .add("configuration.json", "site.toml without the data folder's name", () -> settings(home))
                .add("policy.json", "the part of policy.toml that decides about rounds", () -> policy(home))
                .add(
                        "machine.json",
                        "whether disk or memory is short",
                        () -> InstallationFacts.machine(home.directory()))
                .add(
                        "home.json",
                        "files and bytes of each part of the home, no names below it",
                        () -> InstallationFacts.sizes(home.directory()))
                .add("status.json", "certificates' ends, spent epsilon, phases of the last sums", () -> status(home))
                .add(
                        "preflight.json",
                        "what is wrong with network, trust, clock or machine",
                        () -> Preflight.of(home).run(Clock.systemUTC()))
                .add(
                        "metrics.txt",
                        "what the serving process exports at --metrics-port",
                        () -> InstallationFacts.metrics(metricsPort))
                .add(
                        "threads.txt",
                        "where the serving process stands still: stacks, no values",
                        () -> InstallationFacts.threads(home.directory()));
        for (int i = 0; i < logs.size(); i++) {
            Path log = logs.get(i);
            bundle.add(
                    "log-" + (i + 1) + ".txt",
                    "the last lines of a log that --log named",
                    () -> InstallationFacts.lastLines(log));
        }
        return bundle;
    }

    private static Map<String, Object> settings(SiteHome home) {
        SiteSettings settings = home.readSettings();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("federation", settings.federation());
        facts.put("site", settings.site());
        facts.put("coordinator", settings.addresses().toString());
        facts.put("data_folder_can_be_read", Files.isReadable(Path.of(settings.data())));
        return facts;
    }

    private static Map<String, Object> policy(SiteHome home) {
        SitePolicy policy = PolicyFile.read(home.policy());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("privacy", policy.privacy());
        facts.put("secure_aggregation", policy.secureAggregation());
        facts.put("cohort", policy.cohort());
        return facts;
    }

    private static SiteStatus status(SiteHome home) {
        return SiteStatus.withoutCohort(
                home,
                Clock.systemUTC(),
                Files.exists(home.database())
                        ? new SumStore(SiteDatabase.open(home.database())).newest(SiteStatus.LAST_SUMS)
                        : List.of());
    }

    /**
     * Passwords beside keys, and whatever names the cohort: its folder, the participants' ids, the folders of scans. A
     * damaged home hides less, and shows nothing of it.
     */
    private static List<String> secrets(SiteHome home) {
        List<String> secrets = new ArrayList<>();
        try {
            secrets.addAll(InstallationFacts.passwords(home.directory()));
            Path data = Path.of(home.readSettings().data());
            secrets.add(data.toString());
            Path table = data.resolve("participants.tsv");
            if (Files.exists(table)) {
                try (Stream<String> lines = Files.lines(table, StandardCharsets.ISO_8859_1)) {
                    lines.skip(1).map(line -> line.split("\t", 2)[0]).forEach(secrets::add);
                }
            }
            if (Files.isDirectory(data)) {
                try (Stream<Path> names = Files.list(data)) {
                    names.filter(Files::isDirectory)
                            .map(name -> name.getFileName().toString())
                            .filter(name -> name.startsWith("sub-"))
                            .forEach(secrets::add);
                }
            }
        } catch (IOException | RuntimeException e) {
            return secrets;
        }
        return secrets;
    }
}
