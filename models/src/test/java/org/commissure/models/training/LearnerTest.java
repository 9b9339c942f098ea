package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.junit.jupiter.api.Test;

/** A model that trains in place and the same model seen only through its gradients must learn the same. */
class LearnerTest {
    private static final List<SyntheticScan> COHORT = SyntheticScan.cohort(7, 40, 0.9, 0.8, 1);
    private static final float[] START = Initialisation.parameters(SyntheticScan.SMALL, 1);

    @Test
    void clippingDecayAndSchedule() throws Exception {
        agree(plan(0, OptionalDouble.empty(), 0));
    }

    @Test
    void fedProxAndPatientClipping() throws Exception {
        agree(plan(0.5, OptionalDouble.of(0.2), 0));
    }

    @Test
    void paddedScans() throws Exception {
        agree(plan(0, OptionalDouble.empty(), 17));
    }

    private static void agree(TrainingPlan plan) throws Exception {
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL, 2)) {
            float[] inPlace = train(plan, model);
            float[] flat = train(plan, new GradientsOnly(model));
            double moved = 0;
            for (int i = 0; i < flat.length; i++) {
                assertThat(flat[i]).isCloseTo(inPlace[i], within(2e-5f));
                moved = Math.max(moved, Math.abs(inPlace[i] - START[i]));
            }
            assertThat(moved).isGreaterThan(1e-3);
        }
    }

    private static float[] train(TrainingPlan plan, MaskedAutoencoder model) throws Exception {
        List<SyntheticScan> scans =
                plan.minimumFrames() == 0 ? COHORT : SyntheticScan.cohort(7, plan.minimumFrames(), 0.9, 0.8, 1);
        return new TrainingRun(model, scans, plan, Optional.empty(), Optional.empty(), event -> {})
                .start(START)
                .parameters();
    }

    private static TrainingPlan plan(double proximal, OptionalDouble patientClip, int minimumFrames) {
        return new TrainingPlan(
                6,
                3,
                0.001,
                Schedule.COSINE,
                0.05,
                // A large epsilon: gradients that are 0 but for rounding, such as the keys' biases', must not decide.
                new AdamSettings(0.9, 0.999, 1e-4, 0.05),
                0.5,
                proximal,
                patientClip,
                new Masking.Random(0.5),
                minimumFrames,
                7,
                Duration.ofHours(1),
                5);
    }

    /** The engine behind the small interface. */
    private record GradientsOnly(BrainLm model) implements MaskedAutoencoder {
        @Override
        public ModelConfiguration configuration() {
            return model.configuration();
        }

        @Override
        public int parameterCount() {
            return model.parameterCount();
        }

        @Override
        public void loadParameters(float[] flat) {
            model.loadParameters(flat);
        }

        @Override
        public double gradient(float[] window, Mask mask, float[] gradientOut) {
            return model.gradient(window, mask, gradientOut);
        }

        @Override
        public double reconstruct(float[] window, Mask mask, float[] predictionOut) {
            return model.reconstruct(window, mask, predictionOut);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
