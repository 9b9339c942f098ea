package org.commissure.deploy.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.deploy.federation.Finished;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.Waiting;

/** What must be true whoever was killed when. Each check returns what is wrong. For one thread. */
final class Invariants {
    private static final int FEWEST_SURVIVORS = 3;
    private static final Duration TIDY = Duration.ofMinutes(1);

    private final ProcessFederation federation;
    private final List<String> sites;
    private final Path keptCheckpoint;

    /** @param folder where the log's last checkpoint is kept, which later ones must extend */
    Invariants(ProcessFederation federation, List<String> sites, Path folder) {
        this.federation = federation;
        this.sites = sites;
        this.keptCheckpoint = folder.resolve("kept-checkpoint");
    }

    /** Of a run that has ended: a released round has its survivors and a new model, any other keeps the model. */
    List<String> ofRun(String name, RunSummary run) {
        List<String> wrong = new ArrayList<>();
        String model = run.history().isEmpty() ? "" : run.history().getFirst().modelSha256();
        for (RoundSummary round : run.history()) {
            boolean released = round.outcome() == RoundOutcome.RELEASED;
            if (released && round.survivors().size() < FEWEST_SURVIVORS) {
                wrong.add(name + ", round " + round.round() + ": released by " + round.survivors());
            }
            if (round.round() > 0 && released == round.modelSha256().equals(model)) {
                wrong.add(name + ", round " + round.round() + ": " + round.outcome() + ", but the model "
                        + (released ? "is the old one" : "changed"));
            }
            model = round.modelSha256();
        }
        return wrong;
    }

    /** Nothing of an ended sum lies around; sites may hear of the end a moment later than this. */
    List<String> tidy() {
        List<String> wrong = new ArrayList<>();
        List<Path> folders = new ArrayList<>(sites.stream()
                .map(site -> federation.siteHome(site).resolve("outgoing"))
                .toList());
        folders.add(federation.coordinatorHome().resolve("spool"));
        for (Path folder : folders) {
            if (!Waiting.until(() -> holdsNoFile(folder), TIDY)) {
                wrong.add(folder + " holds files, though no sum is open");
            }
        }
        return wrong;
    }

    /** The log verifies and extends its earlier state; spent privacy, recomputed from it, is what the sites stated. */
    List<String> ofLog() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> verify =
                new ArrayList<>(List.of("audit", "verify", federation.log().toString()));
        if (Files.exists(keptCheckpoint)) {
            verify.addAll(List.of("--checkpoint", keptCheckpoint.toString()));
        }
        // Copied first: what is verified then is at least as long.
        Path newer = keptCheckpoint.resolveSibling("newer-checkpoint");
        Files.copy(federation.log().resolve("checkpoint"), newer, StandardCopyOption.REPLACE_EXISTING);
        expectYes(verify, wrong);
        Files.move(newer, keptCheckpoint, StandardCopyOption.REPLACE_EXISTING);
        expectYes(List.of("audit", "recompute-epsilon", federation.log().toString()), wrong);
        return wrong;
    }

    /** No process has printed a stack trace. */
    List<String> ofOutput() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> logs = Files.list(federation.logs())) {
            for (Path log : logs.toList()) {
                try (Stream<String> lines = Files.lines(log)) {
                    lines.filter(line -> line.startsWith("\tat ") || line.startsWith("Exception in thread"))
                            .findFirst()
                            .ifPresent(line -> wrong.add(log + " holds a stack trace: " + line.strip()));
                }
            }
        }
        return wrong;
    }

    private void expectYes(List<String> command, List<String> wrong) {
        Finished finished = federation.launcher().run(command);
        if (finished.exit() != 0) {
            String[] lines = finished.everything().strip().split("\n");
            wrong.add(String.join(" ", command.subList(0, 2)) + ": "
                    + String.join(" ", Arrays.asList(lines).subList(Math.max(0, lines.length - 3), lines.length)));
        }
    }

    private static boolean holdsNoFile(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.noneMatch(Files::isRegularFile);
        } catch (IOException | UncheckedIOException changing) {
            return false;
        }
    }
}
