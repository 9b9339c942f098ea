package org.commissure.deploy.regional;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.federation.GenerousPolicy;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.protocol.UserError;
import org.commissure.protocol.loopback.LoopbackPorts;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.cohort.CohortFolder;
import org.commissure.site.cohort.CohortRules;
import org.commissure.site.cohort.CohortSplit;
import org.commissure.site.regional.RegionalCohort;
import org.commissure.site.storage.SealStore;
import org.commissure.site.storage.SiteDatabase;

/**
 * Four sites with synthetic patients of ten regions, each its own process. Sites A, B, E and F scan with
 * the study's repetition time, C does not.
 */
final class RegionalFederation implements AutoCloseable {
    static final List<String> SITES = List.of("A", "B", "C", "E");
    static final List<String> FITTING_SITES = List.of("A", "B", "E");
    /** Four of one repetition time. */
    static final List<String> MANY_FITTING_SITES = List.of("A", "B", "E", "F");

    static final List<String> SITES_WITH_CONNECTOMES = List.of("A", "B");
    static final int REGIONS = 10;

    private static final Duration CONNECT = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private final Path folder;
    private final ProcessFederation processes;

    RegionalFederation(Path folder) throws IOException {
        this(folder, SITES);
    }

    RegionalFederation(Path folder, List<String> sites) throws IOException {
        this.folder = folder;
        processes = new ProcessFederation(Launcher.find(), folder);
        // Six sites are generated, because the fifth and the sixth scan like the first two.
        processes.generateCohorts("A,B,C,D,E,F", 20, REGIONS);
        for (String site : SITES_WITH_CONNECTOMES) {
            Connectomes.write(cohort(site));
        }
        List<String> policy = GenerousPolicy.write(folder, true);
        processes.initialise("regional", LoopbackPorts.free());
        processes.startCoordinator();
        for (String site : sites) {
            processes.join(site, cohort(site), policy);
            processes.startSite(site);
        }
        sites.forEach(site -> processes.site(site).await("connected to the coordinator", CONNECT));
    }

    ProcessFederation processes() {
        return processes;
    }

    Path cohort(String site) {
        return processes.cohorts().resolve("site-" + site);
    }

    static StudyTemplate template() {
        return StudyTemplate.resource(RegionalFederation.class, "tiny-regional.toml");
    }

    /** The same study with the sites' connectomes instead of its own. */
    static StudyTemplate withSitesConnectomes(StudyTemplate template) {
        return new StudyTemplate(template.text() + """
            [regional.structure]
            source = "sites"
            clip_norm = %s
            consensus = 0.5
            minimum_patients = 5
            """.formatted(Connectomes.CLIP));
    }

    /** Runs a study to its end. */
    RunSummary run(String runId, StudyTemplate template) throws IOException {
        start(runId, template);
        return ended();
    }

    void start(String runId, StudyTemplate template) throws IOException {
        Path study = folder.resolve(runId + ".toml");
        Files.writeString(study, withAtlas(template));
        processes.startRun(runId, study);
    }

    /** How the run that was started last has ended. */
    RunSummary ended() {
        if (!processes.watch().until(summary -> summary.state().terminal(), LIMIT)) {
            throw new UserError("the run did not end: " + processes.watch().newest(), "see " + processes.logs());
        }
        return processes.watch().newest().orElseThrow();
    }

    static String withAtlas(StudyTemplate template) {
        String names = IntStream.range(0, REGIONS)
                .mapToObj(region -> "\"region " + region + "\"")
                .collect(Collectors.joining(", "));
        String rows = IntStream.range(0, REGIONS)
                .mapToObj(row -> IntStream.range(0, REGIONS)
                        .mapToObj(column -> String.format(
                                Locale.ROOT, "%.4f", row == column ? 0 : 1.0 / (1 + Math.abs(row - column))))
                        .collect(Collectors.joining(", ", "[", "]")))
                .collect(Collectors.joining(", "));
        return template.text() + "[regional.atlas]\nnames = [" + names + "]\nsource_parcels = " + REGIONS
                + "\nstructural_connectivity = [" + rows + "]\n";
    }

    /** The patients of the sites that take part, as one pool; no party ever holds it. */
    RegionalCohort pool(String runId) throws IOException {
        Study study = StudyFile.parse(Files.readString(folder.resolve(runId + ".toml")))
                .study();
        RegionalCohort pool = new RegionalCohort(List.of(), List.of(), List.of());
        for (String site : FITTING_SITES) {
            byte[] salt = new SealStore(
                            SiteDatabase.open(processes.siteHome(site).resolve("site.db")))
                    .salt(new SecureRandom());
            RegionalCohort own = RegionalCohort.of(
                    CohortSplit.seal(
                            CohortFolder.read(cohort(site), CohortRules.of(study)), study.externalFraction(), salt),
                    study.regional().orElseThrow());
            pool = new RegionalCohort(
                    join(pool.training(), own.training()),
                    join(pool.validation(), own.validation()),
                    join(pool.external(), own.external()));
        }
        return pool;
    }

    private static <T> List<T> join(List<T> one, List<T> other) {
        List<T> both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    /** The vector that the run published last. */
    float[] published(String runId) throws IOException {
        byte[] file = Files.readAllBytes(processes.run(runId).resolve("model.safetensors"));
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(bytes.getLong(0));
        float[] values = new float[(file.length - 8 - header) / Float.BYTES];
        bytes.position(8 + header)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    @Override
    public void close() {
        processes.close();
    }
}
