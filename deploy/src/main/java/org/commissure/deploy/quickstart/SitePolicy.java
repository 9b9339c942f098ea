package org.commissure.deploy.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.LedgerContents;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.site.compute.ModelShape;

/** The policy that the quickstart's sites enrol with: a budget that just covers the study. */
final class SitePolicy {
    /** As the policy's template has it. */
    private static final double COUNT_EPSILON = 0.25;

    private SitePolicy() {}

    /**
     * ε that one site spends when all rounds count, with the number of its patients, rounded up to a whole number; 1 for
     * a study that spends nothing else.
     *
     * @throws UserError if the study's noise does not fit its ring
     */
    static int epsilonBudget(Study study) {
        try {
            return StudyCost.ofRun(study, "quickstart", ModelShape.layout(study).parameterCount(), Instant.EPOCH)
                    .map(run -> (int) Math.ceil(LedgerContents.compose(
                                    List.of(run, Charge.ofCount("cohort", COUNT_EPSILON, run.delta(), Instant.EPOCH)),
                                    run.delta())
                            .epsilon()))
                    .orElse(1);
        } catch (IllegalArgumentException e) {
            throw new UserError("the study's noise cannot be added: " + e.getMessage(), "correct the study", e);
        }
    }

    static void write(Path file, int epsilonBudget) {
        try (InputStream resource =
                Objects.requireNonNull(SitePolicy.class.getResourceAsStream("policy.toml"), "policy.toml")) {
            String template = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    file,
                    template.replace("${epsilon_budget}", epsilonBudget + ".0")
                            .replace("${count_epsilon}", Double.toString(COUNT_EPSILON)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
