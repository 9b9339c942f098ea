package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.commissure.coordinator.federation.Approvals;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.ApproveRunResponse;
import org.commissure.protocol.v1.RunApproval;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs a plan as one operator. */
@Command(
        name = "approve",
        description = {
            "Signs a study and its initial model as one operator. Where coordinator.toml says run_start_approvals = 2,",
            "'run start' is refused until two different operators approved exactly these files."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:enough operators approved", "1:more must approve", "3:refused"},
        footerHeading = "%nExample:%n",
        footer = {
            "  commissure coordinator run approve --identity anna --study study.toml --model initial.safetensors",
            "  commissure coordinator run start --home /srv/commissure --study study.toml --model initial.safetensors"
        })
final class RunApproveCommand implements Callable<Integer> {
    @Mixin
    private ConnectionOption connection = new ConnectionOption();

    @Mixin
    private StudyOption study = new StudyOption();

    @Option(names = "--model", paramLabel = "FILE", description = "The initial model, where the study starts from one.")
    private @Nullable Path model;

    @Option(names = "--json", description = "Print the facts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PersonFolder person = connection.person();
        SigningIdentity signing = person.identity().loadSigning();
        RunApproval approval;
        try {
            approval = RunApproval.newBuilder()
                    .setFederationId(person.federation())
                    .setPlanSha256(
                            model == null
                                    ? Approvals.planSha256(study.text())
                                    : Approvals.planSha256(study.text(), model))
                    .setOperator(signing.name())
                    .setApprovedUnixMs(Clock.systemUTC().millis())
                    .build();
        } catch (IOException e) {
            throw new UserError("the model cannot be read: " + e.getMessage(), "check the path", e);
        }
        try (OperatorClient client = new OperatorClient(person)) {
            ApproveRunResponse response = client.approve(signing.sign(approval), signing.certificate());
            String hash = HexFormat.of().formatHex(approval.getPlanSha256().toByteArray());
            if (json) {
                Json.print(new TreeMap<>(Map.of(
                        "planSha256", hash, "approvals", response.getApprovals(), "needed", response.getNeeded())));
            } else {
                System.out.println("plan " + hash + " approved by " + signing.name() + "; " + response.getApprovals()
                        + " of " + response.getNeeded() + " approvals");
            }
            return response.getApprovals() >= response.getNeeded() ? 0 : Main.NO;
        }
    }
}
