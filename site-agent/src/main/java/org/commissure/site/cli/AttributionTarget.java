package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.commissure.models.attribution.AttributionStudy;
import org.commissure.models.attribution.Reconstruction;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.InputGradients;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Sight;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.evaluation.TokenGrid;
import org.commissure.models.finetune.FineTunedModel;
import org.commissure.models.finetune.Task;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.training.Masking;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * What is explained: a fine-tuned head's answer, or how well masked values are predicted.
 *
 * @param text for people
 * @param release frees the head
 */
record AttributionTarget(String text, AttributionStudy.Question question, Runnable release) implements AutoCloseable {
    private static final String HEAD = "head.safetensors";

    /** @param folder of a model; one with a head is asked for its answer */
    static AttributionTarget of(
            Path folder, ModelFolder.Contents contents, TrainableModel engine, @Nullable String className) {
        if (Files.isRegularFile(folder.resolve(HEAD))) {
            return head(folder, contents, engine, className);
        }
        if (className != null) {
            throw new UserError(
                    folder + " has no head, so no --class", "name a folder that 'site model finetune' wrote");
        }
        if (!(engine instanceof InputGradients model)) {
            throw new UserError(
                    "the engine " + engine.device() + " gives no gradients of its input", "run with --device cpu");
        }
        return reconstruction(contents.configuration(), model, new TrainingRecord(folder, contents).maskRatio());
    }

    private static AttributionTarget reconstruction(ModelConfiguration c, InputGradients model, double maskRatio) {
        Masking masking = Masking.of(c, maskRatio);
        return new AttributionTarget(
                "how well masked values are predicted (minus their mean squared error)",
                (window, repetitionTime, random) -> {
                    Mask mask = masking.draw(c, c.windowFrames(), random);
                    Sight[] sight = TokenGrid.sight(c, mask);
                    boolean[] masked = new boolean[sight.length];
                    for (int i = 0; i < masked.length; i++) {
                        masked[i] = sight[i] == Sight.MASKED;
                    }
                    return new Reconstruction(model, new Example(window, mask, repetitionTime), masked);
                },
                () -> {});
    }

    private static AttributionTarget head(
            Path folder, ModelFolder.Contents contents, TrainableModel engine, @Nullable String className) {
        FineTunedModel tuned;
        try {
            tuned = FineTunedModel.load(folder, configuration -> engine);
        } catch (IOException e) {
            throw new UserError(
                    "the head of " + folder + " cannot be read: " + e.getMessage(), "fine-tune the model again", e);
        }
        String target = contents.metadata().getOrDefault("target", "target");
        if (tuned.settings().task() == Task.REGRESSION) {
            if (className != null) {
                throw new UserError("the head of " + folder + " is a regression", "leave --class away");
            }
            return new AttributionTarget(
                    "the head's " + target + ", in standard deviations of its training patients",
                    (window, repetitionTime, random) -> (x, slope) -> tuned.slope(x, repetitionTime, 0, slope),
                    tuned::close);
        }
        List<String> classes =
                Arrays.asList(contents.metadata().getOrDefault("classes", "").split("\t", -1));
        int output = className == null ? classes.size() - 1 : classes.indexOf(className);
        if (output < 0) {
            throw new UserError("--class is '" + className + "'", "choose one of " + String.join(", ", classes));
        }
        return new AttributionTarget(
                "the head's log odds that " + target + " is " + classes.get(output),
                (window, repetitionTime, random) -> (x, slope) -> tuned.slope(x, repetitionTime, output, slope),
                tuned::close);
    }

    @Override
    public void close() {
        release.run();
    }
}
