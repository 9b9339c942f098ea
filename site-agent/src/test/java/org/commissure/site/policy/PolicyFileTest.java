package org.commissure.site.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
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
        assertThat(refusal(policy, new ExampleStudy().file().study(), SumKind.TRAIN))
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
        assertThat(refusal(read(PolicyFile.DEFAULT), study, SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.remedy()).contains("privacy.allow_no_noise"));
        assertThat(refusal(read(PolicyFile.DEFAULT), study, SumKind.EVALUATE)).isEmpty();
        assertThat(refusal(
                        read(PolicyFile.DEFAULT.replace("allow_no_noise = false", "allow_no_noise = true")),
                        study,
                        SumKind.TRAIN))
                .isEmpty();
    }

    @Test
    void purposeTaskDeltaQuorumAndColludersAreEachChecked() throws IOException {
        Study study = new ExampleStudy().file().study();
        assertThat(refusal(
                        read(PolicyFile.DEFAULT.replace("purposes = [\"*\"]", "purposes = [\"audit\"]")),
                        study,
                        SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("purpose 'research'"));
        assertThat(refusal(
                        read(PolicyFile.DEFAULT.replace("[\"train\", \"evaluate\"]", "[\"evaluate\"]")),
                        study,
                        SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("'train'"));
        assertThat(refusal(
                        read(PolicyFile.DEFAULT.replace("maximum_delta = 1e-5", "maximum_delta = 1e-6")),
                        study,
                        SumKind.TRAIN))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("1.0e-05"));
        assertThat(refusal(
                        read(PolicyFile.DEFAULT.replace("minimum_sites = 3", "minimum_sites = 5")),
                        study,
                        SumKind.EVALUATE))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("3 sites"));
        assertThat(refusal(
                        read(PolicyFile.DEFAULT.replace("minimum_colluders = 1", "minimum_colluders = 2")),
                        study,
                        SumKind.EVALUATE))
                .hasValueSatisfying(refusal -> assertThat(refusal.reason()).contains("colluding"));
    }

    @Test
    void everyMistakeIsToldWithFileLineKeyAndRemedy() {
        assertMistake(
                PolicyFile.DEFAULT.replace("[leaving]", "[leaving]\nin_cleer = []"), "leaving.in_cleer", "in_clear");
        assertMistake(PolicyFile.DEFAULT.replace("required = true", "required = \"yes\""), "approval.required", "");
        assertMistake(
                PolicyFile.DEFAULT.replace("minimum_patients = 10", "minimum_patients = 1"), "cohort.minimum", "2");
        assertMistake(
                PolicyFile.DEFAULT + "[hours]\nzone = \"UTC\"\nopen = [\"mon 25:00-26:00\"]\n", "hours.open", "24:00");
        assertMistake(PolicyFile.DEFAULT.replace("\"agent_version\"]", "\"names\"]"), "leaving.in_clear", "progress");
        assertMistake(PolicyFile.DEFAULT.replace("code = [\"*\"]", "code = [\"abc\"]"), "allowed.code", "64");
        assertMistake(PolicyFile.DEFAULT.replace("stewards = 1", "stewards = 2"), "approval.keys", "site stewards new");
        assertMistake(
                PolicyFile.DEFAULT.replace("# until = ", "until = ").replace("2027-06-30", "June"),
                "allowed.until",
                "day");
        assertMistake(PolicyFile.DEFAULT.replace("stewards = 1", "stewards = = 1"), "not valid TOML", "policy init");
    }

    private void assertMistake(String text, String what, String remedy) {
        UserError error = catchThrowableOfType(UserError.class, () -> read(text));
        assertThat(error).as(what).isNotNull().hasMessageContaining(what);
        assertThat(error.getMessage()).matches("(?s).*policy\\.toml:\\d+: .*");
        assertThat(error.getMessage() + error.remedy()).contains(remedy);
    }

    @Test
    void hoursAndTheLastDayAreChecked() throws IOException {
        Study study = new ExampleStudy().file().study();
        PolicyReview nights = new PolicyReview(
                read(PolicyFile.DEFAULT + "[hours]\nzone = \"UTC\"\nopen = [\"daily 22:00-06:00\"]\n"));
        assertThat(nights.refusal(study, SumKind.TRAIN, Instant.parse("2026-11-21T23:00:00Z")))
                .isEmpty();
        assertThat(nights.refusal(study, SumKind.EVALUATE, Instant.parse("2026-11-21T12:00:00Z")))
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.rule()).isEqualTo("hours.open");
                    assertThat(refusal.remedy()).contains("2026-11-21T22:00");
                });
        PolicyReview old = new PolicyReview(read(PolicyFile.DEFAULT.replace("# until = ", "until = ")));
        assertThat(old.time(Instant.parse("2027-06-30T23:59:00Z"))).isEmpty();
        assertThat(old.time(Instant.parse("2027-07-01T00:00:00Z")))
                .hasValueSatisfying(refusal -> assertThat(refusal.rule()).isEqualTo("allowed.until"));
    }

    @Test
    void codeAndDataMayBeNamedByHash() throws IOException {
        String hash = "ab".repeat(32);
        PolicyReview review = new PolicyReview(read(PolicyFile.DEFAULT
                .replace("code = [\"*\"]", "code = [\"" + hash + "\"]")
                .replace("data = [\"*\"]", "data = []")));
        assertThat(review.code(hash)).isEmpty();
        assertThat(review.code("cd".repeat(32)))
                .hasValueSatisfying(refusal -> assertThat(refusal.rule()).isEqualTo("allowed.code"));
        assertThat(review.data(hash))
                .hasValueSatisfying(refusal -> assertThat(refusal.rule()).isEqualTo("allowed.data"));
    }

    @Test
    void aPolicyFromBeforeAnyOfTheNewTablesAsksForApproval() throws IOException {
        String old = PolicyFile.DEFAULT
                .substring(0, PolicyFile.DEFAULT.indexOf("[leaving]"))
                .replace("code = [\"*\"]\n", "")
                .replace("data = [\"*\"]\n", "");
        assertThat(read(old).approvalRule().required()).isTrue();
        assertThat(read(old).mayLeave(ClearField.EPSILON)).isTrue();
    }

    private static Optional<SitePolicy.Refusal> refusal(SitePolicy policy, Study study, SumKind kind) {
        return new PolicyReview(policy).study(study, kind);
    }

    private SitePolicy read(String text) throws IOException {
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, text);
        return PolicyFile.read(file);
    }
}
