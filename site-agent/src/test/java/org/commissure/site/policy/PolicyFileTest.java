package org.commissure.site.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
    @TempDir
    private Path folder;

    @Test
    void theDefaultIsCautiousAndAllowsTheExampleStudy() throws IOException {
        SitePolicy policy = read(PolicyFile.DEFAULT);
        assertThat(policy.privacy().allowNoNoise()).isFalse();
        assertThat(policy.refusal(new ExampleStudy().file().study(), SumKind.TRAIN))
                .isEmpty();
    }

    @Test
    void anUnknownKeyIsAnErrorThatNamesTheNearestKnownOne() {
        assertThatThrownBy(() -> read(PolicyFile.DEFAULT.replace("epsilon_budget", "epsilon_budgett")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("epsilon_budgett")
                .hasMessageContaining("did you mean 'epsilon_budget'");
    }

    @Test
    void aSumOfTwoIsNeverAllowed() {
        assertThatThrownBy(() -> read(PolicyFile.DEFAULT.replace("minimum_sites = 3", "minimum_sites = 2")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("minimum_sites");
    }

    @Test
    void aMissingPolicyAllowsNothing() {
        assertThatThrownBy(() -> PolicyFile.read(folder.resolve("none.toml"))).isInstanceOf(UserError.class);
    }

    @Test
    void aStudyWithoutNoiseIsRefusedUnlessThePolicyAllowsIt() throws IOException {
        Study study =
                new ExampleStudy().with("privacy", "mode", "\"none\"").file().study();
        assertThat(read(PolicyFile.DEFAULT).refusal(study, SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.remedy()).contains("privacy.allow_no_noise"));
        assertThat(read(PolicyFile.DEFAULT).refusal(study, SumKind.EVALUATE)).isEmpty();
        assertThat(read(PolicyFile.DEFAULT.replace("allow_no_noise = false", "allow_no_noise = true"))
                        .refusal(study, SumKind.TRAIN))
                .isEmpty();
    }

    @Test
    void purposeTaskDeltaQuorumAndColludersAreEachChecked() throws IOException {
        Study study = new ExampleStudy().file().study();
        assertThat(read(PolicyFile.DEFAULT.replace("[\"*\"]", "[\"audit\"]")).refusal(study, SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("purpose 'research'"));
        assertThat(read(PolicyFile.DEFAULT.replace("[\"train\", \"evaluate\"]", "[\"evaluate\"]"))
                        .refusal(study, SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("'train'"));
        assertThat(read(PolicyFile.DEFAULT.replace("maximum_delta = 1e-5", "maximum_delta = 1e-6"))
                        .refusal(study, SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("1.0e-05"));
        assertThat(read(PolicyFile.DEFAULT.replace("minimum_sites = 3", "minimum_sites = 5"))
                        .refusal(study, SumKind.EVALUATE))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("3 sites"));
        assertThat(read(PolicyFile.DEFAULT.replace("minimum_colluders = 1", "minimum_colluders = 2"))
                        .refusal(study, SumKind.EVALUATE))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("colluding"));
    }

    private SitePolicy read(String text) throws IOException {
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, text);
        return PolicyFile.read(file);
    }
}
