package org.commissure.models.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.TrainableModel;
import org.commissure.models.weights.WeightImport;

/**
 * Replays a golden folder: {@code manifest.json}, {@code config.json} (or {@code config} in the manifest), {@code
 * inputs/}, {@code weights.safetensors} (or {@code weights/*.npy}), {@code outputs/}, {@code grads/}, {@code adam3/},
 * {@code adamw3/} (large tensors of these three may be sampled, in {@code <name>_sampled/}), {@code variants/}. Masks,
 * loss, predictions, gradients and parameters after three optimiser steps are compared tensor by tensor.
 */
public final class GoldenReplay {
    private static final String NO_HIDDEN =
            "outputs/encoder_*, outputs/decoder_* and variants/*/cls_latent: not compared; engines show embeddings and"
                    + " attention of fully visible windows only";

    private GoldenReplay() {}

    /**
     * @param opener makes the engine; called once for the case and once for each variant
     * @throws MalformedGoldenException naming the file, if the folder is incomplete or contradicts itself
     * @throws IOException if weights or configuration are refused
     */
    public static GoldenReport run(Path folder, ModelOpener opener, Tolerances tolerances) throws IOException {
        GoldenFolder golden = GoldenFolder.open(folder);
        if (VitMaeReplay.fits(golden)) {
            return VitMaeReplay.run(golden, opener, new Judgement(tolerances));
        }
        GoldenCase inputs = GoldenCase.main(golden);
        ModelConfiguration configuration = inputs.configuration();
        float[] parameters =
                WeightImport.read(golden.weights(), configuration.layout()).parameters();
        var judgement = new Judgement(tolerances);
        List<String> notes = new ArrayList<>(List.of(NO_HIDDEN));
        String device;
        try (TrainableModel model = opener.open(configuration)) {
            device = model.device();
            model.loadParameters(parameters);
            if (present(golden, "outputs/ids_keep", notes) && present(golden, "outputs/ids_restore", notes)) {
                masks(golden, inputs, judgement);
            }
            if (present(golden, "outputs/logits", notes)) {
                logits(golden, "outputs/logits", inputs, model, judgement);
            }
            GradientReplay.run(golden, inputs, model, judgement);
            for (String group : List.of("adam3", "adamw3")) {
                OptimiserReplay.run(golden, group, inputs, model, parameters, judgement);
            }
        }
        List<String> variants = new ArrayList<>();
        golden.find("variants").fieldNames().forEachRemaining(variants::add);
        for (String variant : variants) {
            if (present(golden, "variants/" + checked(golden, variant) + "/logits", notes)) {
                variant(golden, variant, opener, parameters, judgement);
            }
        }
        return new GoldenReport(configuration.preset(), device, parameters.length, judgement.comparisons(), notes);
    }

    /** A large case may leave a part out; then the report says so. */
    private static boolean present(GoldenFolder golden, String name, List<String> notes) {
        if (!golden.has(name)) {
            notes.add(name + ": not in the folder");
        }
        return golden.has(name);
    }

    private static String checked(GoldenFolder golden, String name) throws MalformedGoldenException {
        if (!name.matches("[A-Za-z0-9_.]+") || name.contains("..")) {
            throw new MalformedGoldenException(golden.folder() + " has a variant whose name is no folder's");
        }
        return name;
    }

    private static void variant(
            GoldenFolder golden, String name, ModelOpener opener, float[] parameters, Judgement judgement)
            throws IOException {
        GoldenCase all = GoldenCase.variant(golden, name);
        String logits = "variants/" + name + "/logits";
        int samples = golden.floats(logits, 4).shape().getFirst();
        if (samples < 1 || samples > all.examples().size()) {
            throw new MalformedGoldenException(golden.folder() + " has " + logits + " of " + samples + " samples for a"
                    + " batch of " + all.examples().size());
        }
        GoldenCase inputs = new GoldenCase(all.configuration(), all.examples().subList(0, samples));
        try (TrainableModel model = opener.open(inputs.configuration())) {
            model.loadParameters(parameters);
            logits(golden, logits, inputs, model, judgement);
            judgement.loss(
                    String.format(Locale.ROOT, "variants/%s/loss", name),
                    GradientReplay.loss(model, inputs),
                    golden.number("variants", name, "loss"));
        }
    }

    /** The order of visible tokens, and where each token went. */
    private static void masks(GoldenFolder golden, GoldenCase inputs, Judgement judgement) throws IOException {
        int batch = inputs.examples().size();
        int tokens = inputs.configuration().tokens();
        int visible = inputs.examples().getFirst().mask().visibleCount();
        int[] keep = golden.ints("outputs/ids_keep", batch * visible);
        int[] restore = golden.ints("outputs/ids_restore", batch * tokens);
        int[] ownKeep = new int[keep.length];
        int[] ownRank = new int[restore.length];
        int[] rank = new int[restore.length];
        for (int sample = 0; sample < batch; sample++) {
            Mask mask = inputs.examples().get(sample).mask();
            Arrays.fill(ownRank, sample * tokens, (sample + 1) * tokens, visible);
            for (int i = 0; i < visible; i++) {
                ownKeep[sample * visible + i] = mask.visible(i);
                ownRank[sample * tokens + mask.visible(i)] = i;
            }
        }
        for (int i = 0; i < rank.length; i++) {
            rank[i] = Math.min(restore[i], visible); // how masked tokens are ordered among themselves has no effect
        }
        judgement.exact("outputs/ids_keep", ownKeep, keep);
        judgement.exact("outputs/ids_restore", ownRank, rank);
    }

    private static void logits(
            GoldenFolder golden, String name, GoldenCase inputs, TrainableModel model, Judgement judgement)
            throws IOException {
        GoldenFolder.Floats logits = golden.floats(name, 4);
        int window = inputs.configuration().windowLength();
        if (logits.values().length != inputs.examples().size() * window) {
            throw new MalformedGoldenException(golden.folder() + " has " + name + " of shape " + logits.shape()
                    + " for " + inputs.examples().size() + " windows of " + window + " values");
        }
        var differences = new Differences(logits.values().length);
        float[] predicted = new float[window];
        for (int sample = 0; sample < inputs.examples().size(); sample++) {
            Example example = inputs.examples().get(sample);
            model.logits(example.window(), example.mask(), predicted);
            for (int i = 0; i < window; i++) {
                differences.add(predicted[i], logits.values()[sample * window + i]);
            }
        }
        judgement.output(name, differences);
    }
}
