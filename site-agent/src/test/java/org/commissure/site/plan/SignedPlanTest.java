package org.commissure.site.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.commissure.protocol.v1.Signed;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedPlanTest {
    private static final int MUTANTS = 100_000;

    @TempDir
    private Path folder;

    private ExamplePlan example;

    @BeforeEach
    void makeACoordinator() {
        example = new ExamplePlan(folder);
    }

    @Test
    void aPlanIsNamedByItsHashAndSaysWhatTheStudySays() throws PlanRefusedException {
        SignedPlan plan = example.open(example.sign());
        assertThat(plan.hex()).startsWith(plan.id()).hasSize(64);
        assertThat(plan.purpose()).isEqualTo("research");
        assertThat(plan.legalBasis()).isEqualTo("broad consent");
    }

    @Test
    void aPlanOfSomebodyElseOrForAnotherFederationIsRefused() throws Exception {
        Signed good = example.sign();
        ExamplePlan other = new ExamplePlan(folder.resolve("other"));
        assertThatThrownBy(() -> other.open(good)).isInstanceOf(PlanRefusedException.class);
        assertThatThrownBy(() -> SignedPlan.open(good, example.coordinator().certificate(), "elsewhere"))
                .hasMessageContaining("another federation");
        Signed backwards = example.coordinator()
                .sign(ExamplePlan.of(new ExampleStudy().file())
                        .setExpiresUnixMs(1)
                        .build());
        assertThatThrownBy(() -> example.open(backwards)).hasMessageContaining("expiry");
        Signed unusable = example.coordinator()
                .sign(ExamplePlan.of(new ExampleStudy().file())
                        .setStudyText("[study]\nname = 3\n")
                        .build());
        assertThatThrownBy(() -> example.open(unusable)).hasMessageContaining("study cannot be used");
    }

    /** Bits flipped, bytes changed, removed, doubled and cut: none is a plan, none ends in anything but a refusal. */
    @Test
    void noneOfAHundredThousandMutantsIsAccepted() {
        byte[] good = example.sign().toByteArray();
        long seed = 20261121;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutate(good, random);
            if (Arrays.equals(mutant, good)) {
                continue;
            }
            try {
                SignedPlan.open(mutant, example.coordinator().certificate(), ExamplePlan.FEDERATION);
                throw new AssertionError("mutant " + i + " of seed " + seed + " was accepted");
            } catch (PlanRefusedException e) {
                assertThat(e).hasMessageNotContaining("\n");
            } catch (RuntimeException e) {
                throw new AssertionError("mutant " + i + " of seed " + seed + " broke the parser", e);
            }
        }
    }

    /** The study inside is signed by nobody but the coordinator; its own parser must stand anything all the same. */
    @Test
    void aSignedPlanWithAMutatedStudyIsReadOrRefusedAndNeverCrashes() throws InvalidProtocolBufferException {
        String good = new ExampleStudy().file().text();
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            ByteString text =
                    ByteString.copyFrom(mutate(good.getBytes(java.nio.charset.StandardCharsets.UTF_8), random));
            Signed signed = example.coordinator()
                    .sign(ExamplePlan.of(new ExampleStudy().file())
                            .setStudyText(text.toStringUtf8())
                            .build());
            try {
                example.open(signed);
            } catch (PlanRefusedException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    private static byte[] mutate(byte[] good, SplittableRandom random) {
        byte[] mutant = good.clone();
        for (int change = random.nextInt(1, 4); change > 0 && mutant.length > 2; change--) {
            int at = random.nextInt(mutant.length - 1);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutant[at] = (byte) random.nextInt(256);
                case 2 -> mutant = Arrays.copyOf(mutant, at + 1);
                case 3 -> {
                    byte[] shorter = Arrays.copyOf(mutant, mutant.length - 1);
                    System.arraycopy(mutant, at + 1, shorter, at, mutant.length - 1 - at);
                    mutant = shorter;
                }
                default -> {
                    byte[] longer = Arrays.copyOf(mutant, mutant.length + 1);
                    System.arraycopy(mutant, at, longer, at + 1, mutant.length - at);
                    mutant = longer;
                }
            }
        }
        return mutant;
    }
}
