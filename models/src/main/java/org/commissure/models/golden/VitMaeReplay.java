package org.commissure.models.golden;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.WeightImport;

/** A case of the ViT-MAE: one image, already sorted and divided; loss, logits of the hidden values, gradient norms. */
final class VitMaeReplay {
    private static final String IMAGE = "inputs/image_424x200";
    private static final String LOGITS = "outputs/logits_424x200";
    private static final List<String> NOTES = List.of(
            "gradients: the folder has their norms only",
            "outputs/encoder_*: not compared; engines show embeddings and attention of fully visible windows only");

    private VitMaeReplay() {}

    static boolean fits(GoldenFolder golden) {
        return golden.has(IMAGE);
    }

    static GoldenReport run(GoldenFolder golden, ModelOpener opener, Judgement judgement) throws IOException {
        GoldenFolder.Floats image = golden.floats(IMAGE, 2);
        VitMaeConfiguration configuration = configuration(golden, image.shape());
        ParameterLayout layout = configuration.layout();
        float[] parameters = WeightImport.read(golden.weights(), layout).parameters();
        Mask mask = configuration.mode() == VitMaeConfiguration.Mode.AUTO_ENCODE
                ? Mask.ofNoise(golden.floats("inputs/noise", 2).values(), configuration.maskRatio())
                : configuration.lastFramesMask();
        if (golden.find("tokens_masked").isInt()) {
            judgement.exact("tokens_masked", new int[] {mask.maskedCount()}, new int[] {
                golden.find("tokens_masked").intValue()
            });
        }
        try (TrainableModel model = opener.open(configuration)) {
            model.loadParameters(parameters);
            float[] gradient = new float[parameters.length];
            judgement.loss("loss", model.gradient(image.values(), mask, gradient), golden.number("loss"));
            logits(golden, image.values(), mask, model, judgement);
            norms(golden, layout, gradient, judgement);
            return new GoldenReport(
                    configuration.preset(), model.device(), parameters.length, judgement.comparisons(), NOTES);
        }
    }

    private static VitMaeConfiguration configuration(GoldenFolder golden, List<Integer> shape) throws IOException {
        ObjectNode config = golden.config().deepCopy();
        ObjectNode own = config.putObject("commissure");
        own.put("windowFrames", shape.getLast());
        own.put("divisor", 1);
        ArrayNode order = own.putArray("parcelOrder");
        for (int parcel = 0; parcel < shape.getFirst(); parcel++) {
            order.add(parcel);
        }
        if (ConfigurationFile.parse(config.toString()).configuration() instanceof VitMaeConfiguration vitMae) {
            return vitMae;
        }
        throw new MalformedGoldenException(golden.folder() + " has an image, but no configuration of a ViT-MAE");
    }

    private static void logits(GoldenFolder golden, float[] image, Mask mask, TrainableModel model, Judgement judgement)
            throws IOException {
        float[] expected = golden.floats(LOGITS, 3).values();
        if (expected.length != image.length) {
            throw new MalformedGoldenException(golden.folder() + " has logits of another shape than its image");
        }
        float[] predicted = new float[image.length];
        model.logits(image, mask, predicted);
        var differences = Differences.of(image.length, i -> predicted[i], i -> expected[i]);
        judgement.output(LOGITS, differences);
    }

    private static void norms(GoldenFolder golden, ParameterLayout layout, float[] gradient, Judgement judgement)
            throws MalformedGoldenException {
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (!Judgement.isNoise(tensor)) {
                double squares = 0;
                for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                    squares += (double) gradient[i] * gradient[i];
                }
                String name = "grad_l2/" + tensor.name();
                judgement.gradientNorm(name, Math.sqrt(squares), golden.number("grad_l2", tensor.name()));
            }
        }
    }
}
