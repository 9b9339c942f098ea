package org.commissure.coordinator.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ClonePlanRequest;
import org.commissure.protocol.v1.ClonePlanResponse;
import org.commissure.protocol.v1.PlansResponse;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Publishes a study that differs from another one in some keys. */
@Command(
        name = "clone",
        description = {
            "Takes the study of a run or plan, changes some of its keys, and publishes it as a new plan, which the sites'"
                    + " stewards approve like any other. Every byte that is not changed stays, comments too.",
            "The changed study is checked as 'plan publish' checks it. --out writes it to a file, for 'run start'."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  commissure coordinator plan clone --home /srv/commissure --of RUN-ID --name 'Longer' --set rounds.count=40"
                    + " --out longer.toml",
            "  commissure coordinator plan clone --home /srv/commissure --of 3f2a9c --set training.schedule= --dry-run"
        })
final class PlanCloneCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Option(
            names = "--of",
            required = true,
            paramLabel = "ID",
            description = "A run's id, or the first digits of a plan's hash.")
    private String of = "";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "A dotted key and its new value as TOML; what is no TOML is a string; KEY= leaves the key out."
                            + " May be repeated.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--name", defaultValue = "", description = "The new study's name; short for --set study.name=….")
    private String name = "";

    @Option(
            names = "--legal-basis",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "As of 'plan publish' (default: that of the plan that is cloned).")
    private String legalBasis = "";

    @Option(
            names = "--valid-days",
            defaultValue = "365",
            paramLabel = "DAYS",
            description = "After that no run of it (default: ${DEFAULT-VALUE}).")
    private int validDays;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the changed study there; must be new.")
    private @Nullable Path out;

    @Option(names = "--dry-run", description = "Check the changed study and write it, but publish nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (out != null && Files.exists(out)) {
            throw new UserError(out + " exists already", "name a new file");
        }
        Map<String, String> changes = new TreeMap<>(set);
        if (!name.isEmpty()) {
            changes.put("study.name", name);
        }
        try (OperatorClient client = connection.connect()) {
            ClonePlanResponse response = client.clonePlan(ClonePlanRequest.newBuilder()
                    .setOf(of)
                    .putAllSet(changes)
                    .setLegalBasis(legalBasis)
                    .setValidSeconds(Duration.ofDays(validDays).toSeconds())
                    .setDryRun(dryRun)
                    .build());
            if (out != null) {
                DurableFile.write(out, response.getStudyText().getBytes(StandardCharsets.UTF_8));
            }
            print(response, changes);
            return 0;
        } catch (IOException e) {
            throw new UserError(out + " cannot be written: " + e.getMessage(), "check the folder and free space", e);
        }
    }

    private void print(ClonePlanResponse response, Map<String, String> changes) {
        if (json) {
            Map<String, Object> facts = new TreeMap<>();
            facts.put("changes", changes);
            facts.put("published", !dryRun);
            facts.put(
                    "study_sha256",
                    HexFormat.of()
                            .formatHex(SignedMessages.sha256(ByteString.copyFromUtf8(response.getStudyText()))
                                    .toByteArray()));
            if (out != null) {
                facts.put("file", out.toString());
            }
            Json.print(facts);
        } else if (dryRun) {
            System.out.print(response.getStudyText());
        } else {
            PlanLines.print(
                    PlansResponse.newBuilder().setJson(response.getPlansJson()).build(), false, 1);
        }
    }
}
