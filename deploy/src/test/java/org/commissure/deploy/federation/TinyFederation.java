package org.commissure.deploy.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.identity.Invitation;
import org.commissure.protocol.loopback.LoopbackPorts;

/** Four sites with sixteen synthetic patients each, and a model of a few hundred parameters. */
public final class TinyFederation implements AutoCloseable {
    public static final List<String> SITES = List.of("A", "B", "C", "D");

    private static final Duration CONNECT = Duration.ofMinutes(3);

    private final Path folder;
    private final ProcessFederation processes;
    private final List<String> policy;

    /** Writes the cohorts; nothing runs yet. */
    public TinyFederation(Path folder) {
        this.folder = folder;
        processes = new ProcessFederation(Launcher.find(), folder);
        processes.generateCohorts(String.join(",", SITES), 16, 12);
        policy = GenerousPolicy.write(folder, false);
    }

    /** The same, with a coordinator and its console running and every site enrolled; sites do not serve yet. */
    public static TinyFederation enrolled(Path folder) {
        TinyFederation tiny = new TinyFederation(folder);
        tiny.processes.initialise("tiny", LoopbackPorts.free());
        tiny.processes.startCoordinatorWithConsole();
        SITES.parallelStream().forEach(site -> tiny.processes.join(site, tiny.cohort(site), tiny.policy()));
        return tiny;
    }

    /** Waits until every site has reached the coordinator. */
    public void awaitConnected() {
        SITES.forEach(site -> processes.site(site).await("connected to the coordinator", CONNECT));
    }

    public ProcessFederation processes() {
        return processes;
    }

    Path cohorts() {
        return processes.cohorts();
    }

    public Path cohort(String site) {
        return cohorts().resolve("site-" + site);
    }

    /** A patient of a site. @param row of {@code participants.tsv}, from 1 */
    public String patient(String site, int row) {
        Path file = cohort(site).resolve("participants.tsv");
        try {
            return Files.readAllLines(file).get(row).split("\t")[0];
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** How many receipts a site has kept so far. */
    public long receipts(String site) {
        try (Stream<Path> files = Files.list(processes.siteHome(site).resolve("receipts"))) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        } catch (IOException notYet) {
            return 0;
        }
    }

    public List<String> policy() {
        return policy;
    }

    /** Writes a study and returns its file. */
    public Path study(StudyTemplate template, int rounds) {
        Path file = folder.resolve("study-" + rounds + "-" + Math.abs(template.hashCode()) + ".toml");
        write(
                file,
                template.fill(rounds, cohorts().resolve("atlas.tsv"), processes.launcher())
                        .text());
        return file;
    }

    /** Writes a study that need not be a valid one and returns its file. */
    Path unchecked(StudyTemplate template, int rounds) {
        Path file = study(template(), rounds);
        try {
            String atlas = Files.readString(file)
                    .lines()
                    .filter(line -> line.startsWith("coordinates_millimetres"))
                    .findFirst()
                    .orElseThrow();
            write(
                    file,
                    template.text()
                                    .replace("${rounds}", Integer.toString(rounds))
                                    .replace("${parcels}", "12") + atlas + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return file;
    }

    public static StudyTemplate template() {
        return StudyTemplate.resource(TinyFederation.class, "tiny-study.toml");
    }

    /** The invitation as if the coordinator listened on another port. */
    static void redirect(Path invitation, int port) {
        redirect(invitation, invitation, port);
    }

    /** The same, in a file of its own. */
    static void redirect(Path invitation, Path to, int port) {
        Invitation original = Invitation.read(invitation);
        new Invitation(
                        original.federationId(),
                        original.site(),
                        original.host(),
                        port,
                        original.authoritySha256(),
                        original.token(),
                        original.expiresUnixMs())
                .write(to);
    }

    @Override
    public void close() {
        processes.close();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
