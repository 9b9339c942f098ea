package org.commissure.coordinator.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.QueueTerms;
import org.commissure.protocol.v1.StartRunResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a run. */
@Command(
        name = "start",
        description = {
            "Starts a run of a study from an initial model (none for kinds regional and phenotype) and returns at once.",
            "A study of kind finetune, and a phenotype's that predicts from embeddings, name a released model: give it"
                    + " after --model.",
            "With --queue or --at it waits for its turn instead of being refused while another run is under way.",
            "Refused, with the reason: fewer sites than the quorum, an encoding that could overflow, a bad model file."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure site model init --study study.toml --out initial.safetensors",
            "  commissure coordinator run start --home /srv/commissure --study study.toml --model initial.safetensors",
            "  commissure coordinator run start --home /srv/commissure --study regional.toml",
            "  commissure coordinator run start --home /srv/commissure --study regional.toml --at 2026-11-23T20:00Z"
        })
final class RunStartCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Mixin
    private StudyOption study = new StudyOption();

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description =
                    "The initial model, safetensors, or the released one that is fine-tuned or that embeddings come from."
                            + " Other studies of kinds regional and phenotype have none.")
    private @Nullable Path model;

    @Option(names = "--run-id", defaultValue = "", paramLabel = "ID", description = "A new name for the run.")
    private String runId = "";

    @Option(
            names = "--queue",
            description = "Let it wait for its turn: it begins when no run is under way. See 'run queue list'.")
    private boolean queue;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Queue it, and let it begin not before this time, such as 2026-11-23T20:00Z.")
    private @Nullable OffsetDateTime at;

    @Option(
            names = "--approvals",
            paramLabel = "SITES",
            description = "Of a queued run: how many sites must have approved the study's plan before it begins"
                    + " (default: quorum.minimum_sites; 0 where the sites' policies ask for none).")
    private @Nullable Integer approvals;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String text = study.text();
        if (model != null && !Files.isReadable(model)) {
            throw new UserError("the model " + model + " cannot be read", "check the path");
        }
        try (OperatorClient client = connection.connect()) {
            StartRunResponse response = client.start(text, Optional.ofNullable(model), runId, terms());
            String started = response.getRunId();
            Map<String, Object> facts = new TreeMap<>(Map.of("runId", started));
            if (response.getPosition() > 0) {
                facts.put("position", response.getPosition());
            }
            Optional<String> runFolder =
                    connection.home().map(home -> home.runs().resolve(started).toString());
            runFolder.ifPresent(folder -> facts.put("folder", folder));
            if (json) {
                Json.print(facts);
            } else {
                System.out.println("run " + started
                        + (response.getPosition() > 0 ? " is queued at place " + response.getPosition() : " started")
                        + runFolder.map(folder -> "; its folder is " + folder).orElse(""));
            }
            return 0;
        }
    }

    private Optional<QueueTerms> terms() {
        if (!queue && at == null) {
            if (approvals != null) {
                throw new UserError("--approvals is of a queued run", "add --queue, or leave --approvals out");
            }
            return Optional.empty();
        }
        QueueTerms.Builder terms = QueueTerms.newBuilder();
        if (at != null) {
            terms.setNotBeforeUnixMs(at.toInstant().toEpochMilli());
        }
        if (approvals != null) {
            terms.setApprovals(Math.max(0, approvals));
        }
        return Optional.of(terms.build());
    }
}
