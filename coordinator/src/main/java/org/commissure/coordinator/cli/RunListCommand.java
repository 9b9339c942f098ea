package org.commissure.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints every run. */
@Command(
        name = "list",
        description = {
            "Prints every run, newest first: how it stands, its rounds, when it began and ended, its newest model.",
            "Runs that wait for their turn are those of 'run queue list'."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator run list --home /srv/commissure --json | jq '.runs[0].modelSha256'")
final class RunListCommand implements Callable<Integer> {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int MODEL_DIGITS = 12;

    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(names = "--newest", paramLabel = "N", description = "So many at most (default: all).")
    private int newest;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (newest < 0) {
            throw new UserError("--newest is " + newest, "give a number of runs, or leave the option out for all");
        }
        try (OperatorClient client = connection.connect()) {
            String facts = client.runs(newest).getJson();
            System.out.println(json ? facts : lines(facts));
            return 0;
        }
    }

    private static String lines(String facts) {
        StringBuilder lines = new StringBuilder();
        try {
            for (JsonNode run : MAPPER.readTree(facts).path("runs")) {
                lines.append(lines.isEmpty() ? "" : "\n").append(line(run));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the coordinator's own JSON", e);
        }
        return lines.isEmpty() ? "no run has begun yet" : lines.toString();
    }

    private static String line(JsonNode run) {
        String reason = run.path("reason").asText();
        return String.format(
                Locale.ROOT,
                "%s  '%s'  %s  round %d of %d  %s to %s  model %s%s",
                run.path("runId").asText(),
                run.path("study").asText(),
                run.path("state").asText(),
                run.path("round").asInt(),
                run.path("rounds").asInt(),
                run.path("started").asText(),
                run.path("ended").asText("now"),
                run.path("modelSha256").asText().substring(0, MODEL_DIGITS),
                reason.isEmpty() ? "" : "\n    " + reason);
    }
}
