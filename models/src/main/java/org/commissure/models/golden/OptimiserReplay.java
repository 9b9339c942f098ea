package org.commissure.models.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commissure.models.brainlm.AdamSettings;
import org.commissure.models.brainlm.StepResult;
import org.commissure.models.brainlm.StepSettings;
import org.commissure.models.brainlm.TrainableModel;

/** Three steps of Adam, or of AdamW with decay and clipping, on the same batch. */
final class OptimiserReplay {
    private static final Pattern CLIP = Pattern.compile("max_grad_norm=([0-9.eE+-]+)");
    private static final String LOSSES = "losses_before_step_0_1_2_and_after_3";
    private static final int STEPS = 3;

    private OptimiserReplay() {}

    /** @param group {@code adam3} or {@code adamw3}; nothing happens if the manifest does not have it */
    static void run(
            GoldenFolder folder,
            String group,
            GoldenCase inputs,
            TrainableModel model,
            float[] start,
            Judgement judgement)
            throws IOException {
        if (folder.find(group).isMissingNode()) {
            return;
        }
        double learningRate = folder.number(group, "lr");
        StepSettings settings =
                new StepSettings(learningRate, clip(folder.find(group, "clip")), 0, OptionalDouble.empty(), 0);
        model.loadParameters(start);
        model.beginTraining(adam(folder, group));
        JsonNode losses = folder.find(group, LOSSES);
        JsonNode norms = folder.find(group, "grad_norms_before_clip");
        for (int step = 0; step < STEPS; step++) {
            StepResult result = model.step(inputs.examples(), settings);
            if (losses.path(step).isNumber()) {
                String name = group + "/loss before step " + step;
                if (step == 0) {
                    judgement.loss(name, result.loss(), losses.path(step).doubleValue());
                } else {
                    judgement.trained(name, result.loss(), losses.path(step).doubleValue());
                }
            }
            if (norms.path(step).isNumber()) {
                judgement.trained(
                        group + "/grad_norm before step " + step,
                        result.gradientNorm(),
                        norms.path(step).doubleValue());
            }
        }
        if (losses.path(STEPS).isNumber()) {
            judgement.trained(
                    group + "/loss after step " + (STEPS - 1),
                    GradientReplay.loss(model, inputs),
                    losses.path(STEPS).doubleValue());
        }
        float[] flat = new float[model.parameterCount()];
        model.readParameters(flat);
        double walks = 2 * STEPS * learningRate; // one for each side
        judgement.parameters(folder, group, model.configuration().layout(), flat, walks);
    }

    private static AdamSettings adam(GoldenFolder folder, String group) throws MalformedGoldenException {
        JsonNode betas = folder.find(group, "betas");
        if (!betas.path(0).isNumber() || !betas.path(1).isNumber()) {
            throw new MalformedGoldenException(folder.folder() + " has no betas of " + group + " in its manifest.json");
        }
        return new AdamSettings(
                betas.path(0).doubleValue(),
                betas.path(1).doubleValue(),
                folder.number(group, "eps"),
                folder.number(group, "weight_decay"));
    }

    private static double clip(JsonNode clip) throws MalformedGoldenException {
        if (clip.isMissingNode() || clip.isNull()) {
            return Double.POSITIVE_INFINITY;
        }
        if (clip.isNumber()) {
            return clip.doubleValue();
        }
        Matcher matcher = CLIP.matcher(clip.asText());
        if (!matcher.find()) {
            throw new MalformedGoldenException(
                    "manifest.json has a clip that is not understood: max_grad_norm=<number>");
        }
        return Double.parseDouble(matcher.group(1));
    }
}
