package org.commissure.coordinator.cli;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs a study and sends it to every site for approval. */
@Command(
        name = "publish",
        description = {
            "Signs a study as a plan, logs it, and sends it to every site; those that are away get it when they connect.",
            "A run of exactly this study may follow once enough stewards have approved. A changed study is a new plan."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  commissure coordinator plan publish --home /srv/commissure --study study.toml"
                + " --legal-basis 'broad consent, ethics vote 2026-114'")
final class PlanPublishCommand implements Callable<Integer> {
    @Mixin
    private HomeOption home = new HomeOption();

    @Mixin
    private StudyOption study = new StudyOption();

    @Option(
            names = "--legal-basis",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "On which the hospitals are asked to process; stewards read it, and the log keeps it.")
    private String legalBasis = "";

    @Option(
            names = "--code",
            defaultValue = "",
            paramLabel = "SHA256",
            description =
                    "The only code that may do it, as 'site plans code' prints it (default: what each site approves).")
    private String code = "";

    @Option(
            names = "--valid-days",
            defaultValue = "365",
            paramLabel = "DAYS",
            description = "After that no run of it (default: ${DEFAULT-VALUE}).")
    private int validDays;

    @Option(names = "--json", description = "Print the plans as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String text = study.text();
        try (OperatorClient client = new OperatorClient(home.home())) {
            PlanLines.print(client.publish(text, legalBasis, hash(), Duration.ofDays(validDays)), json, 1);
            return 0;
        }
    }

    private ByteString hash() {
        try {
            return ByteString.copyFrom(HexFormat.of().parseHex(code));
        } catch (IllegalArgumentException e) {
            throw new UserError("--code is '" + code + "'", "give the 64 hex digits that 'site plans code' prints", e);
        }
    }
}
