package org.commissure.coordinator.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.protocol.UserError;
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
            "Refused, with the reason: fewer sites than the quorum, an encoding that could overflow, a bad model file."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure site model init --study study.toml --out initial.safetensors",
            "  commissure coordinator run start --home /srv/commissure --study study.toml --model initial.safetensors",
            "  commissure coordinator run start --home /srv/commissure --study regional.toml"
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

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String text = study.text();
        if (model != null && !Files.isReadable(model)) {
            throw new UserError("the model " + model + " cannot be read", "check the path");
        }
        try (OperatorClient client = connection.connect()) {
            String started = client.start(text, Optional.ofNullable(model), runId);
            Map<String, Object> facts = new TreeMap<>(Map.of("runId", started));
            Optional<String> runFolder =
                    connection.home().map(home -> home.runs().resolve(started).toString());
            runFolder.ifPresent(folder -> facts.put("folder", folder));
            if (json) {
                Json.print(facts);
            } else {
                System.out.println("run " + started + " started"
                        + runFolder.map(folder -> "; its folder is " + folder).orElse(""));
            }
            return 0;
        }
    }
}
