package org.commissure.models.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.weights.ParameterLayout;

/** The batch's loss and gradient: the mean over samples, which all have as many masked values. */
final class GradientReplay {
    private GradientReplay() {}

    static double loss(MaskedAutoencoder model, GoldenCase inputs) {
        return gradient(model, inputs, new double[model.parameterCount()]);
    }

    /** @param mean is added to */
    private static double gradient(MaskedAutoencoder model, GoldenCase inputs, double[] mean) {
        float[] own = new float[model.parameterCount()];
        double loss = 0;
        int batch = inputs.examples().size();
        for (Example example : inputs.examples()) {
            loss += model.gradient(example.window(), example.mask(), own) / batch;
            for (int i = 0; i < own.length; i++) {
                mean[i] += (double) own[i] / batch;
            }
        }
        return loss;
    }

    static void run(GoldenFolder folder, GoldenCase inputs, MaskedAutoencoder model, Judgement judgement)
            throws IOException {
        double[] mean = new double[model.parameterCount()];
        double loss = gradient(model, inputs, mean);
        judgement.loss("loss", loss, folder.number("loss"));
        float[] flat = new float[mean.length];
        double squares = 0;
        for (int i = 0; i < mean.length; i++) {
            flat[i] = (float) mean[i];
            squares += mean[i] * mean[i];
        }
        if (!folder.find("grad_norm").isNumber()) {
            return;
        }
        double wholeNorm = folder.number("grad_norm");
        judgement.gradientNorm("grad_norm", Math.sqrt(squares), wholeNorm);
        for (ParameterLayout.Tensor tensor : model.configuration().layout().tensors()) {
            tensor(folder, tensor, flat, wholeNorm, judgement);
        }
    }

    private static void tensor(
            GoldenFolder folder, ParameterLayout.Tensor tensor, float[] flat, double wholeNorm, Judgement judgement)
            throws IOException {
        Optional<GoldenFolder.Reference> reference = folder.reference("grads", tensor);
        JsonNode facts = folder.find("grad", tensor.name());
        if (reference.isPresent()) {
            String group = reference.get().sampled() ? "grads_sampled" : "grads";
            judgement.gradient(group, tensor, Judgement.differences(tensor, flat, reference.get()), wholeNorm);
        } else if (facts.isNull()) { // nothing uses the tensor
            var zero = new GoldenFolder.Reference(new float[tensor.length()], false);
            judgement.gradient("grads", tensor, Judgement.differences(tensor, flat, zero), wholeNorm);
        } else if (!facts.path("l2").isNumber()) {
            throw new MalformedGoldenException(
                    folder.folder() + " has no gradient of " + tensor.name() + ", neither whole nor sampled");
        }
        boolean whole = reference.isPresent() && !reference.get().sampled();
        if (!whole && facts.path("l2").isNumber() && !Judgement.isNoise(tensor)) {
            double squares = 0;
            for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                squares += (double) flat[i] * flat[i];
            }
            judgement.gradientNorm(
                    "grad/" + tensor.name() + "/l2",
                    Math.sqrt(squares),
                    facts.path("l2").doubleValue());
        }
    }
}
