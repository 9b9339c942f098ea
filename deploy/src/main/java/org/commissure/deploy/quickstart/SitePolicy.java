package org.commissure.deploy.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.commissure.privacy.dp.RdpAccountant;
import org.commissure.protocol.study.Study;

/** The policy that the quickstart's sites enrol with: a budget that just covers the study. */
final class SitePolicy {
    private SitePolicy() {}

    /** ε that one site spends when all rounds count, rounded up to a whole number. */
    static int epsilonBudget(Study study) {
        Study.Privacy privacy = study.privacy();
        return (int) Math.ceil(
                RdpAccountant.epsilon(privacy.samplingRate(), privacy.noiseMultiplier(), study.steps(), privacy.delta())
                        .epsilon());
    }

    static void write(Path file, int epsilonBudget) {
        try (InputStream resource =
                Objects.requireNonNull(SitePolicy.class.getResourceAsStream("policy.toml"), "policy.toml")) {
            String template = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(file, template.replace("${epsilon_budget}", epsilonBudget + ".0"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
